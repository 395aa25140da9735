import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { clock } from '../kit/clock';
import { CONFIG, type Config } from '../config/config';
import { Database } from '../database/database';
import { Rows } from '../database/rows';
import { OutboxMessage } from './outbox-message.entity';

/** Messages that could not be delivered: to be seen, and tried again once the cause is gone. */
@Injectable()
export class DeadLetters {
  private readonly messages: Rows<OutboxMessage>;

  constructor(
    db: Database,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.messages = new Rows(db, OutboxMessage);
  }

  list(): Promise<OutboxMessage[]> {
    return this.messages.list({ dueAt: IsNull() });
  }

  /** Makes one of them, or all, due again, with all their tries; tells how many. */
  retry(id?: string): Promise<number> {
    const which = id === undefined ? {} : { id };
    return this.messages.change({ ...which, dueAt: IsNull() }, { dueAt: clock.now(), attempts: 0 });
  }

  /** Deletes those that are older than DEAD_LETTER_RETENTION; tells how many. */
  forget(): Promise<number> {
    return this.messages.forget(this.config.DEAD_LETTER_RETENTION, { dueAt: IsNull() });
  }
}
