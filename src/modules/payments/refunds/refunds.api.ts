import { AmountField, EnumField, IdField, NameField, TimeField } from '../../../http/fields/fields';
import { pageOf } from '../../../http/contract/page';
import { REFUND_ACCESS, REFUND_STATUSES, type RefundAccess, type RefundStatus } from '../ledger/records/refund.entity';

export class Refund {
  @IdField()
  id: string;

  @IdField()
  paymentId: string;

  @AmountField({ min: 1, example: 500, description: 'In minor units of the payment’s currency.' })
  amount: number;

  @NameField({ max: 255, nullable: true, example: 'Bought by mistake' })
  reason: string | null;

  @EnumField(REFUND_STATUSES, {
    description:
      'pending: on its way. failed: the provider would not. returned: the bank sent it back; it can be tried again.',
  })
  status: RefundStatus;

  @TimeField()
  createdAt: Date;
}

export const RefundPage = pageOf(Refund);

export class NewRefund {
  @AmountField({ min: 1, optional: true, example: 500, description: 'All that is left unless said.' })
  amount?: number;

  @NameField({ max: 255, optional: true, example: 'Bought by mistake' })
  reason?: string;

  @EnumField(REFUND_ACCESS, {
    optional: true,
    description:
      'For platform staff: `keep` leaves what was paid for, also when all of it goes back. `end` unless said.',
  })
  access?: RefundAccess;
}
