import { PickType } from '@nestjs/swagger';
import { AmountField, EnumField, IdField, TextField, TimeField } from '../../kit/http/fields';
import { pageOf } from '../../kit/http/page';
import { Subscription } from '../subscriptions/subscriptions.api';
import { type Payment as PaymentRow, PAYMENT_STATUSES, type PaymentStatus } from './payment.entity';

/** A line of the ledger. */
export class Payment extends PickType(Subscription, ['provider', 'plan', 'quantity', 'currency']) {
  @IdField()
  id: string;

  @EnumField(PAYMENT_STATUSES, {
    example: 'succeeded',
    description: 'Only moves forward. refunded: all of it; part of it leaves `succeeded`.',
  })
  status: PaymentStatus;

  @AmountField({ description: 'In minor units of the currency.' })
  amount: number;

  @AmountField({ example: 0 })
  refundedAmount: number;

  @IdField({ description: 'What it pays for; several payments pay for one that is renewed.' })
  subscriptionId: string;

  @TextField({ max: 255, nullable: true, example: 'pi_3QPayment', description: 'What the provider calls it.' })
  reference: string | null;

  @TextField({ max: 255, nullable: true, example: null })
  failureReason: string | null;

  @TimeField({ nullable: true })
  paidAt: Date | null;

  @TimeField()
  createdAt: Date;
}

export const PaymentPage = pageOf(Payment);

/** What a person bought, for their export: the organization's part of it is not about them. */
export const showHeld = ({
  id,
  provider,
  plan,
  quantity,
  amount,
  currency,
  status,
  paidAt,
  createdAt,
}: PaymentRow) => ({
  id,
  provider,
  plan,
  quantity,
  amount,
  currency,
  status,
  paidAt,
  createdAt,
});
