import { Entity, Index } from 'typeorm';
import { clock } from '../../../kit/clock';
import {
  BelongsTo,
  BelongsWithin,
  EmailColumn,
  IdColumn,
  IntegerColumn,
  MomentColumn,
  TokenHashColumn,
} from '../../../database/columns';
import { TenantRow } from '../../../database/row';
import { Role } from '../../roles/role.entity';
import { User } from '../../users/user.entity';

export const INVITE_STATUSES = ['pending', 'accepted', 'declined', 'revoked', 'expired', 'void'] as const;
export type InviteStatus = (typeof INVITE_STATUSES)[number];

/** An offer to join an organization in a role. Its status follows from its dates. */
@Entity('invites')
@Index(['tokenHash'], { unique: true })
@Index(['organizationId', 'openEmail'], { unique: true })
@Index(['organizationId', 'id'])
@Index(['email'])
@Index(['openUntil'])
@Index(['organizationId', 'roleId'])
@Index(['inviterId'])
export class Invite extends TenantRow {
  @EmailColumn()
  email: string;

  /** The address until the invite is closed, then null: unique, so that an address has one open invite here. */
  @EmailColumn({ nullable: true })
  openEmail: string | null;

  @IdColumn()
  roleId: string;

  @BelongsWithin(() => Role, 'role_id', 'CASCADE')
  role: Role;

  @IdColumn({ nullable: true })
  inviterId: string | null;

  @BelongsTo(() => User, 'inviter_id', 'SET NULL')
  inviter: User | null;

  @TokenHashColumn()
  tokenHash: string;

  @MomentColumn()
  expiresAt: Date;

  /** The same until the invite is closed, then null: the sweep looks along the open ones, which are few, and never at the closed. */
  @MomentColumn({ nullable: true })
  openUntil: Date | null;

  /** How often the invited person had a fresh link mailed, since a member last did. */
  @IntegerColumn({ default: 0 })
  renewals: number;

  @MomentColumn({ nullable: true })
  acceptedAt: Date | null;

  @MomentColumn({ nullable: true })
  declinedAt: Date | null;

  @MomentColumn({ nullable: true })
  revokedAt: Date | null;

  /** Whether nobody stands behind it: as InviteStanding found. */
  isVoid?: boolean;

  get status(): InviteStatus {
    if (this.acceptedAt) return 'accepted';
    if (this.declinedAt) return 'declined';
    if (this.revokedAt) return 'revoked';
    if (this.expiresAt <= clock.now()) return 'expired';
    return this.isVoid ? 'void' : 'pending';
  }
}
