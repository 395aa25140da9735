import { Entity, Index } from 'typeorm';
import { AmountColumn, BelongsTo, IdColumn, StringColumn } from '../../../../database/columns';
import { LivingRow } from '../../../../database/row';
import type { ProviderName } from '../../providers/port/payment.provider';
import { Payment } from './payment.entity';

export const REFUND_STATUSES = ['pending', 'succeeded', 'failed', 'returned'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

export const REFUND_ACCESS = ['end', 'keep'] as const;
export type RefundAccess = (typeof REFUND_ACCESS)[number];

/** Money that goes back: because someone here asked for it, or as a provider that names its refunds told. Part of the ledger: it outlives its organization. */
@Entity('payment_refunds')
@Index(['paymentId', 'id'])
@Index(['organizationId'])
@Index(['provider', 'reference'], { unique: true })
export class Refund extends LivingRow {
  @IdColumn()
  organizationId: string;

  @IdColumn()
  paymentId: string;

  @BelongsTo(() => Payment, 'payment_id', 'CASCADE')
  payment?: unknown;

  @StringColumn(20, { nullable: true })
  provider: ProviderName | null;

  /** What the provider calls it, where it gives refunds names. */
  @StringColumn(255, { nullable: true })
  reference: string | null;

  @AmountColumn()
  amount: number;

  /** Of the same payment, when this one's turn came; null until then. */
  @AmountColumn({ nullable: true })
  refundedBefore: number | null;

  /** Whether what was paid for goes with the money. Null: nobody here said so, and it does. */
  @StringColumn(4, { nullable: true })
  access: RefundAccess | null;

  /** Null: it was made in the provider's dashboard, or before this was written down. */
  @StringColumn(6, { nullable: true })
  grantedBy: 'seller' | 'window' | null;

  @StringColumn(255, { nullable: true })
  reason: string | null;

  @StringColumn(20)
  status: RefundStatus;
}
