import { Entity, Index } from 'typeorm';
import type { StaffRole } from '../../access/permissions';
import { EmailColumn, IntegerColumn, JsonColumn, MomentColumn, StringColumn, TurnColumn } from '../../database/columns';
import { LivingRow } from '../../database/row';

export const USER_STATUSES = ['active', 'suspended'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

/** A person. Belongs to no organization; memberships do. */
@Entity('users')
@Index(['email'], { unique: true })
export class User extends LivingRow {
  @EmailColumn()
  email: string;

  /** When the mailbox was first proved to be theirs. */
  @MomentColumn({ nullable: true })
  emailVerifiedAt: Date | null;

  /** argon2id, PHC string; null for who signs in without one. */
  @StringColumn(255, { nullable: true })
  passwordHash: string | null;

  @StringColumn(120)
  name: string;

  @JsonColumn()
  profile: any;

  @StringColumn(20)
  status: UserStatus;

  @StringColumn(20, { nullable: true })
  platformRole: StaffRole | null;

  /** Counts what ended all sessions at once: a password, a suspension, a sign-out everywhere. What was opened before is over. */
  @IntegerColumn({ default: 0 })
  authEpoch: number;

  @TurnColumn()
  turn: number;

  get isActive(): boolean {
    return this.status === 'active';
  }
}
