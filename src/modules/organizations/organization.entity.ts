import { Entity, Index } from 'typeorm';
import { BooleanColumn, JsonColumn, StringColumn } from '../../kit/db/columns';
import { LivingRow } from '../../kit/db/row';

export const ORGANIZATION_STATUSES = ['active', 'suspended'] as const;
export type OrganizationStatus = (typeof ORGANIZATION_STATUSES)[number];

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
}
