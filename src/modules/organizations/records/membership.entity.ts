import { Entity, Index } from 'typeorm';
import { BelongsTo, BelongsWithin, IdColumn, JsonColumn, StringColumn } from '../../../database/columns';
import { TenantRow } from '../../../database/row';
import { Role } from '../../roles/role.entity';
import { User } from '../../users/user.entity';

export const MEMBER_STATUSES = ['active', 'suspended'] as const;
export type MemberStatus = (typeof MEMBER_STATUSES)[number];

/** A person's place in an organization, with the one base role they hold there. */
@Entity('user_org')
@Index(['organizationId', 'userId'], { unique: true })
@Index(['organizationId', 'id'])
@Index(['userId'])
@Index(['organizationId', 'roleId'])
export class Membership extends TenantRow {
  @IdColumn()
  userId: string;

  @BelongsTo(() => User, 'user_id', 'CASCADE')
  user: User;

  @IdColumn()
  roleId: string;

  /** Bound together with the organization: the database refuses a role of another. */
  @BelongsWithin(() => Role, 'role_id', 'RESTRICT')
  role: Role;

  @StringColumn(20)
  status: MemberStatus;

  @JsonColumn()
  settings: any;
}
