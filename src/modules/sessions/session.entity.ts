import { Entity, Index } from 'typeorm';
import { BelongsTo, IdColumn, IntegerColumn, MomentColumn, StringColumn } from '../../kit/db/columns';
import { Row } from '../../kit/db/row';
import { User } from '../users/user.entity';

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
