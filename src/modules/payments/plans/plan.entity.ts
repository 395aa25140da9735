import { Entity, Index } from 'typeorm';
import { AmountColumn, JsonColumn, StringColumn, TextColumn } from '../../../database/columns';
import { LivingRow } from '../../../database/row';
import type { ProviderName } from '../providers/port/payment.provider';

export const INTERVALS = ['once', 'month', 'year'] as const;
export type Interval = (typeof INTERVALS)[number];

export const PLAN_KINDS = ['plan', 'pack'] as const;
/** An organization is on one plan; a pack is bought beside it and changes no limits. */
export type PlanKind = (typeof PLAN_KINDS)[number];

/** Something that is sold. What was bought is written down with the payment: a change here changes no one's past. */
@Entity('plans')
@Index(['code'], { unique: true })
@Index(['defaultFor'], { unique: true })
export class Plan extends LivingRow {
  @StringColumn(40)
  code: string;

  @StringColumn(10, { default: 'plan' })
  kind: PlanKind;

  /** `all` for the plan of everyone who bought none; there is one at most. */
  @StringColumn(3, { nullable: true })
  defaultFor: 'all' | null;

  @StringColumn(120)
  name: string;

  @TextColumn()
  description: string;

  /** For one, in minor units. */
  @AmountColumn()
  amount: number;

  @StringColumn(3)
  currency: string;

  @StringColumn(10)
  interval: Interval;

  @JsonColumn()
  features: any;

  @JsonColumn()
  limits: any;

  /** What the providers call it, where it must be set up over there. */
  @JsonColumn()
  providerRefs: any;

  get isDefault(): boolean {
    return this.defaultFor !== null;
  }
}

/** What a provider calls the plan, where it has a name for it. */
export const refOf = ({ providerRefs }: Pick<Plan, 'providerRefs'>, provider: ProviderName): string | undefined =>
  (providerRefs as Partial<Record<ProviderName, string>>)[provider];

/** What so many of a plan allow together: its limits are each for one. */
export const limitsFor = (limits: Record<string, number>, quantity: number): Record<string, number> =>
  Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, limit * quantity]));

/** When a period that begins now ends, by the calendar in UTC: a month after 31 January is the last of February. Null: never. */
export function endOfPeriod(from: Date, interval: Interval): Date | null {
  if (interval === 'once') return null;
  const end = new Date(from);
  end.setUTCMonth(end.getUTCMonth() + (interval === 'year' ? 12 : 1));
  if (end.getUTCDate() !== from.getUTCDate()) end.setUTCDate(0); // there is no such day: the last one before
  return end;
}
