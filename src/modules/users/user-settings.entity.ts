import { Entity, Index } from 'typeorm';
import { BelongsTo, IdColumn, JsonColumn, StringColumn } from '../../database/columns';
import { LivingRow } from '../../database/row';
import { User } from './user.entity';

/** What a person prefers. */
@Entity('user_settings')
@Index(['userId'], { unique: true })
export class UserSettings extends LivingRow {
  @IdColumn()
  userId: string;

  @BelongsTo(() => User, 'user_id', 'CASCADE')
  user?: unknown;

  @StringColumn(35)
  locale: string;

  @StringColumn(64)
  timezone: string;

  /** When a login mails an alert; null: as the platform does. */
  @StringColumn(20, { nullable: true })
  loginAlerts: 'new-device' | 'always' | 'off' | null;

  @JsonColumn()
  notifications: any;
}
