import { Entity, Index } from 'typeorm';
import { BelongsTo, IdColumn, IntegerColumn, JsonColumn, MomentColumn, StringColumn } from '../../../database/columns';
import { Row } from '../../../database/row';
import { User } from '../../users/user.entity';

/** A counter, and when it was traded in: milliseconds since 1970. */
export type Trade = [counter: number, at: number];

/** One sign-in on one device. `counter` counts its refreshes: only the newest refresh token carries it. */
@Entity('sessions')
@Index(['userId'])
@Index(['endsAt'])
export class Session extends Row {
  @IdColumn()
  userId: string;

  @BelongsTo(() => User, 'user_id', 'CASCADE')
  user: User;

  @IntegerColumn({ default: 0 })
  counter: number;

  /** The person's epoch when this was opened: a session of an epoch that is over is dead, whenever it was written. */
  @IntegerColumn({ default: 0 })
  authEpoch: number;

  /** The newest counter that was traded in: what lies between it and `counter` was sent, and never came back. */
  @IntegerColumn({ default: 0 })
  traded: number;

  /** The counters that were traded in lately, newest first: see rotation.ts. */
  @JsonColumn({ nullable: true })
  trades: Trade[] | null;

  /** When the counter last moved. */
  @MomentColumn()
  refreshedAt: Date;

  /** Ends unless refreshed before; never later than `endsAt`. */
  @MomentColumn()
  expiresAt: Date;

  @MomentColumn()
  endsAt: Date;

  @StringColumn(45)
  ip: string;

  @StringColumn(255)
  userAgent: string;
}
