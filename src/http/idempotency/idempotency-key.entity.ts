import { Entity, Index } from 'typeorm';
import { MomentColumn, StringColumn, TextColumn } from '../../database/columns';
import { Row } from '../../database/row';

/** A request that was sent with an Idempotency-Key, and, once it was done, its answer. */
@Entity('idempotency_keys')
@Index(['keyHash'], { unique: true })
@Index(['createdAt'])
export class IdempotencyKey extends Row {
  /** Hash of caller, route and key. */
  @StringColumn(64)
  keyHash: string;

  @StringColumn(64)
  requestHash: string;

  /** Until when the request counts as in flight; after a crash the next one takes over from here. */
  @MomentColumn()
  leaseUntil: Date;

  /** Sealed. */
  @TextColumn({ nullable: true })
  answer: string | null;
}
