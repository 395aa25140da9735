import { Entity, Index } from 'typeorm';
import { IntegerColumn, MomentColumn, StringColumn } from '../database/columns';
import { Row } from '../database/row';

/** How often something was tried in the current window. */
@Entity('rate_limits')
@Index(['keyHash'], { unique: true })
@Index(['endsAt'])
export class Limit extends Row {
  /** Hash of what is limited: addresses are not kept in clear. */
  @StringColumn(64)
  keyHash: string;

  @IntegerColumn()
  count: number;

  @MomentColumn()
  endsAt: Date;
}
