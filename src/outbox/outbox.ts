import { Injectable } from '@nestjs/common';
import { clock } from '../kit/clock';
import { KeyRing } from '../kit/key-ring';
import { Database } from '../database/database';
import { newId } from '../kit/id';
import { Rows } from '../database/rows';
import { requestContext } from '../kit/request-context';
import { OutboxHandlers } from './outbox.handlers';
import { OutboxMessage } from './outbox-message.entity';

/** What must happen after a commit is written down before it: mail, calls to others, other modules' reactions. */
@Injectable()
export class Outbox {
  private readonly messages: Rows<OutboxMessage>;
  private wake: (topic: string) => void = () => undefined;

  constructor(
    private readonly db: Database,
    private readonly keys: KeyRing,
    private readonly handlers: OutboxHandlers,
  ) {
    this.messages = new Rows(db, OutboxMessage);
  }

  /**
   * Adds a message in the current transaction, once for each handler of its topic. `payload` is JSON; it is stored sealed, together
   * with the request it comes from, as part of which it will be handled.
   * @param named the id that the message shall have, where its topic has one handler
   */
  async add(topic: string, payload: Record<string, unknown>, named?: string): Promise<void> {
    await this.addFor(this.handlers.to(topic), topic, payload, named);
  }

  /** The same where nobody need care: a door for what is built on top. */
  announce(topic: string, payload: Record<string, unknown>): Promise<void> {
    return this.addFor(this.handlers.of(topic), topic, payload);
  }

  private async addFor(
    handlers: string[],
    topic: string,
    payload: Record<string, unknown>,
    named?: string,
  ): Promise<void> {
    for (const handler of handlers) {
      const id = named ?? newId();
      await this.messages.add({
        id,
        topic,
        handler,
        payload: this.keys.seal(JSON.stringify({ payload, from: requestContext() }), id),
        dueAt: clock.now(),
      });
    }
    this.db.afterCommit(() => this.wake(topic));
  }

  /** Who is told after each commit that added a message. */
  onAdded(wake: (topic: string) => void): void {
    this.wake = wake;
  }
}
