import { Entity, Index } from 'typeorm';
import { BelongsWithin, IdColumn, MomentColumn } from '../../../database/columns';
import { TenantRow } from '../../../database/row';
import { Role } from '../../roles/role.entity';
import { Membership } from './membership.entity';

/** A role that a member holds beside the base role, for good or until a moment. */
@Entity('user_role')
@Index(['organizationId', 'userId', 'roleId'], { unique: true })
@Index(['organizationId', 'roleId'])
export class ExtraRole extends TenantRow {
  @IdColumn()
  userId: string;

  @BelongsWithin(() => Membership, 'user_id', 'CASCADE', 'userId')
  membership?: unknown;

  @IdColumn()
  roleId: string;

  @BelongsWithin(() => Role, 'role_id', 'CASCADE')
  role: Role;

  @MomentColumn({ nullable: true })
  expiresAt: Date | null;

  /** Whether it is held until then at least; null: for good. */
  lasts(until: Date | null): boolean {
    return this.expiresAt === null || (until !== null && until <= this.expiresAt);
  }
}
