import { Entity, Index } from 'typeorm';
import { BooleanColumn, StringColumn } from '../../database/columns';
import { TenantRow } from '../../database/row';

/** A named set of permissions inside one organization. What a fixed role grants is in access/permissions.ts. */
@Entity('roles')
@Index(['organizationId', 'name'], { unique: true })
@Index(['organizationId', 'id'], { unique: true })
export class Role extends TenantRow {
  @StringColumn(60)
  name: string;

  @StringColumn(255)
  description: string;

  @BooleanColumn()
  fixed: boolean;
}
