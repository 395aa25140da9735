import { Entity, Index } from 'typeorm';
import { EmailColumn, IdColumn, MomentColumn, StringColumn } from '../../database/columns';
import { TenantRow } from '../../database/row';

export const WAITLIST_STATUSES = ['pending', 'waiting', 'invited'] as const;
export type WaitlistStatus = (typeof WAITLIST_STATUSES)[number];

/** A mailbox that wants to be invited. Until its owner confirms, it waits for nothing. */
@Entity('waitlist_entries')
@Index(['organizationId', 'email'], { unique: true })
@Index(['tokenHash'], { unique: true })
@Index(['organizationId', 'id'])
@Index(['organizationId', 'queueId'])
@Index(['email'])
@Index(['confirmedAt', 'expiresAt'])
export class WaitlistEntry extends TenantRow {
  @EmailColumn()
  email: string;

  @StringColumn(120, { nullable: true })
  name: string | null;

  @StringColumn(120, { nullable: true })
  source: string | null;

  /** Of the mailed link; null once it is used. */
  @StringColumn(64, { nullable: true })
  tokenHash: string | null;

  @MomentColumn()
  expiresAt: Date;

  @MomentColumn({ nullable: true })
  confirmedAt: Date | null;

  /** An id made at the confirmation: who stands before whom. */
  @IdColumn({ nullable: true })
  queueId: string | null;

  @MomentColumn({ nullable: true })
  invitedAt: Date | null;

  get status(): WaitlistStatus {
    if (this.invitedAt) return 'invited';
    return this.confirmedAt ? 'waiting' : 'pending';
  }
}
