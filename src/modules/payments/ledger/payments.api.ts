import { PickType } from '@nestjs/swagger';
import {
  AmountField,
  BooleanField,
  EnumField,
  IdField,
  ShapeField,
  TextField,
  TimeField,
} from '../../../http/fields/fields';
import { pageOf } from '../../../http/contract/page';
import { Subscription } from '../subscriptions/subscriptions.api';
import { type Payment as PaymentRow, PAYMENT_STATUSES, type PaymentStatus } from './records/payment.entity';

/** A stretch of time. */
export class Span {
  @TimeField()
  from: Date;

  @TimeField()
  to: Date;
}

const DISPUTES = ['open', 'won', 'lost'] as const;

/** A line of the ledger. */
export class Payment extends PickType(Subscription, ['provider', 'plan', 'quantity', 'currency']) {
  @IdField()
  id: string;

  @EnumField(PAYMENT_STATUSES, {
    example: 'succeeded',
    description:
      'Only moves forward, but for a dispute that is won or a refund that the bank sent back. refunded: all of it; part of it leaves `succeeded`.',
  })
  status: PaymentStatus;

  @AmountField({
    description: 'What is to be paid, and once it is, what was: with tax. In minor units of the currency.',
  })
  amount: number;

  @AmountField({ description: 'The price. total = subtotal − discount + tax.' })
  subtotal: number;

  @AmountField({ example: 0 })
  discount: number;

  @AmountField({ example: 0, description: 'What was added on top.' })
  tax: number;

  @AmountField({ description: 'What was billed; a credit with the provider may have paid part of it.' })
  total: number;

  @ShapeField(() => Span, { nullable: true, description: 'The time that it pays for. Null for what is paid once.' })
  covers: Span | null;

  @AmountField({ example: 0 })
  refundedAmount: number;

  @IdField({ description: 'What it pays for; several payments pay for one that is renewed.' })
  subscriptionId: string;

  @TextField({ max: 255, nullable: true, example: 'pi_3QPayment', description: 'What the provider calls it.' })
  reference: string | null;

  @TextField({ max: 255, nullable: true, example: null })
  failureReason: string | null;

  @EnumField(DISPUTES, { nullable: true, description: 'What became of it, where the buyer’s bank disputed it.' })
  dispute: (typeof DISPUTES)[number] | null;

  @BooleanField({ description: 'Real money: false for a test key’s.' })
  live: boolean;

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
