import { Entity, Index } from 'typeorm';
import { AmountColumn, JsonColumn, StringColumn, TextColumn } from '../../kit/db/columns';
import { LivingRow } from '../../kit/db/row';

export const INTERVALS = ['once', 'month', 'year'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Something that is sold. What was bought is written down with the payment: a change here changes no one's past. */
@Entity('plans')
@Index(['code'], { unique: true })
export class Plan extends LivingRow {
  @StringColumn(40)
  code: string;

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
}
