import { Column, Entity, Index } from 'typeorm';
import {
  AmountColumn,
  BooleanColumn,
  IdColumn,
  IntegerColumn,
  JsonColumn,
  MomentColumn,
  StringColumn,
} from '../../kit/db/columns';
import { TenantRow } from '../../kit/db/row';
import type { Interval } from '../plans/plan.entity';
import type { ProviderName } from '../providers/payment.provider';

export const SUBSCRIPTION_STATUSES = ['unpaid', 'active', 'past-due', 'cancelled', 'ended'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** What an organization bought, as it was sold. It waits for its first payment; of those paid one is live, the newest. */
@Entity('subscriptions')
@Index(['paymentId'], { unique: true })
@Index(['provider', 'reference'], { unique: true })
@Index(['liveFor'], { unique: true })
@Index(['organizationId'])
@Index(['periodEnd'])
@Index(['paidUntil'])
@Index(['askedAt'])
export class Subscription extends TenantRow {
  /** The payment that began it. */
  @IdColumn()
  paymentId: string;

  @StringColumn(20)
  provider: ProviderName;

  /** What the provider calls it; null for what is paid once, and until the provider has said so. */
  @StringColumn(255, { nullable: true })
  reference: string | null;

  /** What the provider calls the price that it bills; null until it has said so. */
  @StringColumn(255, { nullable: true })
  price: string | null;

  @StringColumn(40)
  plan: string;

  @StringColumn(120)
  planName: string;

  @StringColumn(10)
  interval: Interval;

  @IntegerColumn()
  quantity: number;

  /** For each period, all of the quantity together. */
  @AmountColumn()
  amount: number;

  @StringColumn(3)
  currency: string;

  @JsonColumn()
  limits: any;

  @MomentColumn({ nullable: true })
  startedAt: Date | null;

  /** As far as the payments that we know of reach. */
  @MomentColumn({ nullable: true })
  paidUntil: Date | null;

  /** What the provider says of the period, and when it said so. */
  @MomentColumn({ nullable: true })
  periodEnd: Date | null;

  @MomentColumn({ nullable: true })
  statedAt: Date | null;

  @BooleanColumn()
  pastDue: boolean;

  /** Since when nothing is collected, by the seller's will: it stands still until that ends. */
  @MomentColumn({ nullable: true })
  pausedAt: Date | null;

  /** Real money: no test key's. */
  @Column({ type: 'boolean', default: true })
  live: boolean;

  /** When its provider was last asked about it, and when it last had an answer. */
  @MomentColumn({ nullable: true })
  askedAt: Date | null;

  @MomentColumn({ nullable: true })
  answeredAt: Date | null;

  /** When it ends by itself, where the provider names a day of its own. */
  @MomentColumn({ nullable: true })
  cancelAt: Date | null;

  /** It is not renewed any more. */
  @MomentColumn({ nullable: true })
  cancelledAt: Date | null;

  @MomentColumn({ nullable: true })
  endedAt: Date | null;

  /** Its organization, while it is the one that counts. */
  @IdColumn({ nullable: true })
  liveFor: string | null;

  /** Null for what is paid once. */
  get currentPeriodEnd(): Date | null {
    return this.periodEnd ?? this.paidUntil;
  }

  get status(): SubscriptionStatus {
    if (this.endedAt) return 'ended';
    if (!this.startedAt) return 'unpaid';
    if (this.cancelledAt) return 'cancelled';
    return this.pastDue ? 'past-due' : 'active';
  }
}
