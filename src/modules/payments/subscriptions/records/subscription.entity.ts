import { Column, Entity, Index } from 'typeorm';
import { later } from '../../../../kit/clock';
import {
  AmountColumn,
  BooleanColumn,
  IdColumn,
  IntegerColumn,
  JsonColumn,
  MomentColumn,
  StringColumn,
} from '../../../../database/columns';
import { TenantRow } from '../../../../database/row';
import type { Interval, PlanKind } from '../../plans/plan.entity';
import type { ProviderName } from '../../providers/port/payment.provider';

export const SUBSCRIPTION_STATUSES = ['unpaid', 'active', 'past-due', 'paused', 'cancelled', 'ended'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** Why it ended: its time was over, the money went back, its provider said so, or a newer one took its place. */
export type EndedFor = 'time' | 'returned' | 'provider' | 'replaced';

/** What is billed, and what it gives. */
export type Terms = Pick<Subscription, 'plan' | 'planName' | 'interval' | 'quantity' | 'amount' | 'limits' | 'price'>;

/**
 * What an organization bought, as it is billed. It waits for its first payment; of those paid one is live, the newest. A pack's is
 * never live: it is bought beside a plan.
 */
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

  @StringColumn(10, { default: 'plan' })
  kind: PlanKind;

  /** What the provider calls the price that it bills; until it has said so, what we call it there, if we have a name for it. */
  @StringColumn(255, { nullable: true })
  price: string | null;

  /** The terms as they were ordered, once the provider said what it bills; and when it said so last of a price that we know. */
  @JsonColumn({ nullable: true })
  sold: any;

  @MomentColumn({ nullable: true })
  pricedAt: Date | null;

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

  /** Since when it runs again: what was not paid before is not owed. */
  @MomentColumn({ nullable: true })
  resumedAt: Date | null;

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

  /** Stays when it is restored: what ended it does not end it again. */
  @StringColumn(10, { nullable: true })
  endedFor: EndedFor | null;

  /** Its organization, while it is the one that counts. */
  @IdColumn({ nullable: true })
  liveFor: string | null;

  /** Null for what is paid once. What is paid for counts, also where the provider has yet to speak of that period. */
  get currentPeriodEnd(): Date | null {
    return later(this.periodEnd, this.paidUntil);
  }

  get status(): SubscriptionStatus {
    if (this.endedAt) return 'ended';
    if (!this.startedAt) return 'unpaid';
    if (this.pausedAt) return 'paused';
    if (this.cancelledAt) return 'cancelled';
    return this.pastDue ? 'past-due' : 'active';
  }
}

/** The terms as they were ordered. */
export const soldOf = (row: Subscription): Terms => {
  const { plan, planName, interval, quantity, amount, limits, price } = row;
  return (row.sold as Terms | null) ?? { plan, planName, interval, quantity, amount, limits: limits as object, price };
};

/** Whether the provider has yet to collect what it owes us. */
export const isDue = ({ pastDue, currentPeriodEnd }: Subscription, now: Date): boolean =>
  pastDue || (currentPeriodEnd !== null && currentPeriodEnd <= now);
