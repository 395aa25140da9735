import { Entity, Index } from 'typeorm';
import { BelongsTo, IdColumn, JsonColumn, StringColumn } from '../../database/columns';
import { LivingRow } from '../../database/row';
import { User } from './user.entity';

/** A JSON document that a person keeps with us. */
@Entity('user_data')
@Index(['userId', 'key'], { unique: true })
export class UserDocument extends LivingRow {
  @IdColumn()
  userId: string;

  @BelongsTo(() => User, 'user_id', 'CASCADE')
  user?: unknown;

  @StringColumn(120)
  key: string;

  /** `{value}`: a JSON column keeps an object the same on every engine, but not a bare string or number. */
  @JsonColumn()
  document: any;
}
