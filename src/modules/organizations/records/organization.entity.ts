import { Entity, Index, IsNull } from 'typeorm';
import {
  BooleanColumn,
  IntegerColumn,
  JsonColumn,
  MomentColumn,
  StringColumn,
  TurnColumn,
} from '../../../database/columns';
import { LivingRow } from '../../../database/row';

export const ORGANIZATION_STATUSES = ['active', 'suspended'] as const;
export type OrganizationStatus = (typeof ORGANIZATION_STATUSES)[number];

/** What is not on its way out: `deletedAt` is the mark of a deletion. */
export const THERE = { deletedAt: IsNull() };

/** The tenant. */
@Entity('organizations')
@Index(['slug'], { unique: true })
export class Organization extends LivingRow {
  @StringColumn(120)
  name: string;

  @StringColumn(63)
  slug: string;

  @StringColumn(20)
  status: OrganizationStatus;

  /** Made for one person at sign-up, who named none. */
  @BooleanColumn()
  personal: boolean;

  @JsonColumn()
  settings: any;

  /** How often an invited person may have a fresh link mailed in place of one that has expired. */
  @IntegerColumn({ default: 3 })
  inviteRenewals: number;

  /** The code of the plan it is on. Payments write it; null is none, and no plan sets no limits. */
  @StringColumn(40, { nullable: true })
  plan: string | null;

  /** What that plan allows: names and whole numbers. */
  @JsonColumn({ nullable: true })
  limits: any;

  /** From then on nobody hears of it: its rows are on their way out. */
  @MomentColumn({ nullable: true })
  deletedAt: Date | null;

  @TurnColumn()
  turn: number;
}
