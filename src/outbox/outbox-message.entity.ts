import { Entity, Index } from 'typeorm';
import { IdColumn, IntegerColumn, MomentColumn, StringColumn, TextColumn } from '../database/columns';
import { Row } from '../database/row';

/**
 * Something that must still happen, once, after a commit. `dueAt` is also the lease: whoever works on a message moves it into the
 * future, and a crash lets it come due again. A message without `dueAt` is a dead letter; a delivered one is deleted.
 */
@Entity('outbox_messages')
@Index(['dueAt'])
@Index(['topic', 'dueAt'])
export class OutboxMessage extends Row {
  @StringColumn(80)
  topic: string;

  /** `Class.method` of the one handler that this row is for. */
  @StringColumn(120)
  handler: string;

  /** Sealed: it may hold a live link. */
  @TextColumn()
  payload: string;

  @IntegerColumn({ default: 0 })
  attempts: number;

  @MomentColumn({ nullable: true })
  dueAt: Date | null;

  @IdColumn({ nullable: true })
  leaseOwner: string | null;

  @StringColumn(500, { nullable: true })
  lastError: string | null;
}
