import { Entity, Index } from 'typeorm';
import {
  AmountColumn,
  IdColumn,
  IntegerColumn,
  JsonColumn,
  MomentColumn,
  StringColumn,
} from '../../../database/columns';
import { LivingRow } from '../../../database/row';
import type { ProviderName } from '../providers/port/payment.provider';

export const ATTENTION_KINDS = [
  'amount-differs',
  'overpaid',
  'paid-twice',
  'paid-for-nothing',
  'price-unknown',
  'likely-paid',
  'refund-returned',
  'dispute',
  'webhook-silent',
  'other-api-version',
  'test-money',
] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];

/** In these there is money that can go back. */
const REFUNDABLE: AttentionKind[] = [
  'amount-differs',
  'overpaid',
  'paid-twice',
  'paid-for-nothing',
  'likely-paid',
  'refund-returned',
  'test-money',
];

export const RESOLUTIONS = ['accept', 'refund', 'ignore'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** Something about money that only a person can decide. Part of the ledger: it outlives its organization. */
@Entity('attention')
@Index(['openKey'], { unique: true })
@Index(['kind', 'id'])
@Index(['paymentId'])
@Index(['organizationId'])
export class Attention extends LivingRow {
  @StringColumn(24)
  kind: AttentionKind;

  /** What it is about, while it is open: told again, it is the same. */
  @StringColumn(120, { nullable: true })
  openKey: string | null;

  @StringColumn(20)
  provider: ProviderName;

  @IdColumn({ nullable: true })
  organizationId: string | null;

  @IdColumn({ nullable: true })
  paymentId: string | null;

  @AmountColumn({ nullable: true })
  amount: number | null;

  @StringColumn(3, { nullable: true })
  currency: string | null;

  /** What was found, by what the provider calls it; nothing personal. */
  @JsonColumn()
  details: any;

  /** How often it was told, and when last. */
  @IntegerColumn({ default: 1 })
  times: number;

  @MomentColumn()
  seenAt: Date;

  @MomentColumn({ nullable: true })
  resolvedAt: Date | null;

  @IdColumn({ nullable: true })
  resolvedBy: string | null;

  @StringColumn(10, { nullable: true })
  resolution: Resolution | null;

  @StringColumn(255, { nullable: true })
  reason: string | null;

  /** What the provider calls what was paid. */
  get reference(): string | null {
    return (this.details as { reference?: string | null }).reference ?? null;
  }

  /** Whether it can be given back: there is a sum, and the provider has a name for what was paid. */
  get isRefundable(): boolean {
    return REFUNDABLE.includes(this.kind) && Boolean(this.amount) && this.currency !== null && this.reference !== null;
  }
}
