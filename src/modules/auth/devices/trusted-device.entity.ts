import { Entity, Index } from 'typeorm';
import { BelongsTo, IdColumn, MomentColumn, StringColumn } from '../../../database/columns';
import { Row } from '../../../database/row';
import { User } from '../../users/user.entity';

/** A device that a person signed in from before: a hash of its user agent and address block. */
@Entity('trusted_devices')
@Index(['userId', 'deviceHash'], { unique: true })
@Index(['lastSeenAt'])
export class TrustedDevice extends Row {
  @IdColumn()
  userId: string;

  @BelongsTo(() => User, 'user_id', 'CASCADE')
  user?: unknown;

  @StringColumn(64)
  deviceHash: string;

  @MomentColumn()
  lastSeenAt: Date;
}
