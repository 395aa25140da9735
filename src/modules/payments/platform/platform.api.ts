import { EnumField, IdField, TextField } from '../../../http/fields/fields';
import { PageQuery, pageOf } from '../../../http/contract/page';
import { PAYMENT_STATUSES, type PaymentStatus } from '../ledger/records/payment.entity';
import { Payment } from '../ledger/payments.api';
import { type ProviderName, PROVIDERS } from '../providers/port/payment.provider';

/** A payment, and whose it is. */
export class PlatformPayment extends Payment {
  @IdField()
  organizationId: string;
}

export const PlatformPaymentPage = pageOf(PlatformPayment);

export class PlatformPaymentQuery extends PageQuery {
  @EnumField(PROVIDERS, { optional: true })
  provider?: ProviderName;

  @EnumField(PAYMENT_STATUSES, { optional: true, example: 'succeeded' })
  status?: PaymentStatus;

  @IdField({ optional: true })
  organization?: string;

  @TextField({ optional: true, min: 1, max: 255, example: 'pi_3QPayment', description: 'What the provider calls it.' })
  reference?: string;
}
