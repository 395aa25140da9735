import { Entity, Index } from 'typeorm';
import type { Permission } from '../../access/permissions';
import { BelongsTo, IdColumn, StringColumn } from '../../database/columns';
import { Row } from '../../database/row';
import { Role } from './role.entity';

/** One permission that a custom role grants. */
@Entity('role_permissions')
@Index(['roleId', 'permission'], { unique: true })
export class RolePermission extends Row {
  @IdColumn()
  roleId: string;

  @BelongsTo(() => Role, 'role_id', 'CASCADE')
  role?: unknown;

  @StringColumn(60)
  permission: Permission;
}
