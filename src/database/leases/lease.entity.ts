import { Entity, Index } from 'typeorm';
import { IdColumn, MomentColumn, StringColumn } from '../columns';
import { Row } from '../row';

/** Work that one instance does at a time, by its name: `owner` is at it until `endsAt`. */
@Entity('leases')
@Index(['name'], { unique: true })
export class Lease extends Row {
  @StringColumn(60)
  name: string;

  @IdColumn({ nullable: true })
  owner: string | null;

  @MomentColumn()
  endsAt: Date;
}
