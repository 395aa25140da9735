import { Entity, Index } from 'typeorm';
import { StringColumn, TextColumn } from '../../../database/columns';
import { Row } from '../../../database/row';

/** A version of the application that ran, or was announced, here. */
@Entity('versions')
@Index(['version'], { unique: true })
export class Version extends Row {
  @StringColumn(64)
  version: string;

  @TextColumn()
  description: string;
}
