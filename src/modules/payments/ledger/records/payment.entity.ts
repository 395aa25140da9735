import { Column, Entity, Index } from 'typeorm';
import {
  AmountColumn,
  BelongsTo,
  IdColumn,
  IntegerColumn,
  MomentColumn,
  StringColumn,
  TurnColumn,
} from '../../../../database/columns';
import { LivingRow } from '../../../../database/row';
import type { ProviderName } from '../../providers/port/payment.provider';
import { User } from '../../../users/user.entity';

/** From the least to the most that can be known of a payment. */
export const PAYMENT_STATUSES = ['created', 'pending', 'failed', 'succeeded', 'refunded', 'disputed'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/**
 * The status only ever moves to the right, so that news may come twice and in any order; only a dispute that is won and a refund that
 * the bank sent back take it to where it stood. Money that arrives after a failure counts.
 */
export const further = (one: PaymentStatus, other: PaymentStatus): PaymentStatus =>
  PAYMENT_STATUSES[Math.max(PAYMENT_STATUSES.indexOf(one), PAYMENT_STATUSES.indexOf(other))]!;

/**
 * A line of the ledger. It outlives its organization and its buyer, and says nothing of who they were: so there is no foreign key
 * to the one, and the other is forgotten.
 */
@Entity('payments')
@Index(['provider', 'reference'], { unique: true })
@Index(['organizationId', 'id'])
@Index(['userId'])
@Index(['subscriptionId'])
@Index(['askAt'])
@Index(['status', 'id'])
export class Payment extends LivingRow {
  @IdColumn()
  organizationId: string;

  /** Who asked for it; null for a renewal. */
  @IdColumn({ nullable: true })
  userId: string | null;

  @BelongsTo(() => User, 'user_id', 'SET NULL')
  user?: unknown;

  @IdColumn()
  subscriptionId: string;

  @StringColumn(20)
  provider: ProviderName;

  /** What the provider calls the checkout, and what was paid there. */
  @StringColumn(255, { nullable: true })
  checkout: string | null;

  @StringColumn(255, { nullable: true })
  reference: string | null;

  @StringColumn(40)
  plan: string;

  @StringColumn(120)
  planName: string;

  @IntegerColumn()
  quantity: number;

  /** What is to be paid, and once it is paid, what was: with tax and without what a credit paid. Refunds are parts of it. */
  @AmountColumn()
  amount: number;

  @StringColumn(3)
  currency: string;

  /** The bill: `total = subtotal - discount + tax`. */
  @AmountColumn({ default: 0 })
  subtotal: number;

  @AmountColumn({ default: 0 })
  discount: number;

  @AmountColumn({ default: 0 })
  tax: number;

  @AmountColumn({ default: 0 })
  total: number;

  /** Of the total, what a credit over there paid. */
  @AmountColumn({ default: 0 })
  balance: number;

  /** The time that it pays for. Null for what is paid once, and until it is paid. */
  @MomentColumn({ nullable: true })
  coversFrom: Date | null;

  @MomentColumn({ nullable: true })
  coversTo: Date | null;

  /** Real money: no test key's. */
  @Column({ type: 'boolean', default: true })
  live: boolean;

  @StringColumn(20)
  status: PaymentStatus;

  @StringColumn(10, { nullable: true })
  dispute: 'open' | 'won' | 'lost' | null;

  /** When the provider is asked about it next, and how often it was; null: there is nothing to ask any more. */
  @MomentColumn({ nullable: true })
  askAt: Date | null;

  @IntegerColumn({ default: 0 })
  asked: number;

  @AmountColumn()
  refundedAmount: number;

  /** Of that, what was told as a sum and not by the refunds' names: the greatest. */
  @AmountColumn({ default: 0 })
  refundedTold: number;

  @StringColumn(255, { nullable: true })
  failureReason: string | null;

  @MomentColumn({ nullable: true })
  paidAt: Date | null;

  /** A refund came back: the person has to be paid another way. */
  @MomentColumn({ nullable: true })
  refundReturnedAt: Date | null;

  @TurnColumn()
  turn: number;

  /** The time that it pays for; null for what is paid once. */
  get covers(): { from: Date; to: Date } | null {
    return this.coversFrom && this.coversTo && { from: this.coversFrom, to: this.coversTo };
  }

  /** Whether money may still arrive for it: a declined card is no end. */
  get isOpen(): boolean {
    return further(this.status, 'failed') === 'failed';
  }

  get isPaid(): boolean {
    return this.paidAt !== null;
  }

  /** Whether all that was paid has gone back. */
  get isBack(): boolean {
    return this.isPaid && this.amount > 0 && this.refundedAmount >= this.amount;
  }
}

/** Where a payment stands again once a dispute about it is won, or its money is back here. */
export const restingStatus = ({ isPaid, isBack }: Payment): PaymentStatus =>
  isBack ? 'refunded' : isPaid ? 'succeeded' : 'pending';
