import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import { clock, fromNow, MINUTE, SECOND } from '../kit/clock';
import { KeyRing } from '../kit/key-ring';
import { Database, sqlTime } from '../database/database';
import { newId } from '../kit/id';
import { nameOf } from '../database/pool/remedies';
import { Rows } from '../database/rows';
import { maskAddresses } from '../kit/text/email-address';
import { inRequest, type RequestContext } from '../kit/request-context';
import { Sparing } from '../kit/sparing';
import { inSpan } from '../telemetry/spans';
import { OutboxHandlers } from './outbox.handlers';
import { Outbox } from './outbox';
import { OutboxMessage } from './outbox-message.entity';

const LEASE = 2 * MINUTE; // longer than any handler may take: see the timeouts in mail/
const MAX_ATTEMPTS = 20; // some four hours
const AT_ONCE = 8; // one slow mail server must not hold up the others
const OF_A_TOPIC = 6; // nor a thousand mails of one organization somebody's link to sign in
const POLL = SECOND;

type Sealed = { payload: unknown; from?: RequestContext };

/** Delivers what the outbox holds. Any number of instances may: a message is claimed by a guarded UPDATE. */
@Injectable()
export class OutboxWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxWorker.name);
  private readonly messages: Rows<OutboxMessage>;
  private readonly me = newId();
  private readonly running = new Map<Promise<unknown>, string>();
  private readonly sparing = new Sparing();
  private timer?: NodeJS.Timeout;
  private look?: Promise<void>;
  private stopped = false;

  constructor(
    private readonly db: Database,
    private readonly keys: KeyRing,
    private readonly handlers: OutboxHandlers,
    private readonly outbox: Outbox,
  ) {
    this.messages = new Rows(db, OutboxMessage);
  }

  onApplicationBootstrap(): void {
    const look = () => void this.deliverDue().catch((error: unknown) => this.warn(error, 'The outbox cannot be read.'));
    this.outbox.onAdded((topic) => {
      if (!this.crowded().includes(topic)) look(); // else it would read past all that wait, to find nothing
    });
    this.timer = setInterval(look, POLL).unref();
  }

  /** Finishes what runs and hands back what it holds. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.look?.catch(() => undefined); // it may be about to start a delivery
    await Promise.allSettled(this.running.keys());
    await this.messages
      .change({ leaseOwner: this.me }, { dueAt: clock.now(), leaseOwner: null })
      .catch(() => undefined);
  }

  /** Works until nothing is due and nothing is under way. */
  async drain(): Promise<void> {
    do {
      await this.deliverDue();
      await Promise.allSettled(this.running.keys());
    } while (!this.stopped && (await this.due(1)).length > 0);
  }

  /** Starts as many due messages as there is room for; each that ends makes room and looks again. One look at a time. */
  private deliverDue(): Promise<void> {
    this.look ??= this.start().finally(() => (this.look = undefined));
    return this.look;
  }

  private async start(): Promise<void> {
    for (const message of await this.due(AT_ONCE - this.running.size, this.crowded())) {
      if (this.stopped || this.crowded().includes(message.topic) || !(await this.claim(message))) continue;
      // not as part of the request that happened to wake us
      const delivery = inRequest(undefined, () => this.deliver(message)).catch((error: unknown) =>
        this.warn(error, 'The outbox cannot be written.'),
      );
      this.running.set(delivery, message.topic);
      void delivery.then(() => {
        this.running.delete(delivery);
        if (!this.stopped) setImmediate(() => void this.deliverDue().catch(() => undefined));
      });
    }
  }

  /** It looks each second, and will hear the same for as long as the database is away. */
  private warn(error: unknown, message: string): void {
    this.sparing.say(message + nameOf(error), (unsaid) => this.logger.warn({ err: error, unsaid }, message));
  }

  /** The topics that have to wait for some of their own to end. */
  private crowded(): string[] {
    const topics = [...this.running.values()];
    return [...new Set(topics)].filter((topic) => topics.filter((one) => one === topic).length >= OF_A_TOPIC);
  }

  private async due(limit: number, without: string[] = []): Promise<OutboxMessage[]> {
    if (limit <= 0) return [];
    const others = without.length > 0 ? this.handlers.topics().filter((topic) => !without.includes(topic)) : [];
    const named = others.length > 0 ? `AND t.topic IN (${others.map(() => '?').join()})` : ''; // not read past all that wait
    const along = named && !this.db.isEmbedded ? 'FORCE INDEX (ix_outbox_messages_due_at_topic)' : ''; // few that are due at once hide it
    return this.messages.query(`${along} WHERE t.due_at <= ? ${named} ORDER BY t.due_at LIMIT ?`, [
      sqlTime(clock.now()),
      ...others,
      String(limit),
    ]);
  }

  private async claim({ id, attempts }: OutboxMessage): Promise<boolean> {
    const free = { id, attempts, dueAt: LessThanOrEqual(clock.now()) };
    return (
      (await this.messages.change(free, { dueAt: fromNow(LEASE), attempts: attempts + 1, leaseOwner: this.me })) === 1
    );
  }

  private async deliver({ id, topic, handler: name, payload, attempts }: OutboxMessage): Promise<void> {
    const mine = { id, leaseOwner: this.me };
    const isLast = attempts + 1 >= MAX_ATTEMPTS;
    let from: RequestContext | undefined;
    try {
      const handler = this.handlers.handler(name);
      if (!handler) throw new Error(`This version has no handler ${name}.`);
      const content: Sealed = JSON.parse(this.keys.open(payload, id));
      from = content.from;
      const handle = () => handler(content.payload, { id, topic, attempts: attempts + 1, isLast });
      const span = {
        name: `deliver ${topic}`,
        kind: 'consumer' as const,
        attributes: { 'outbox.handler': name },
        trace: from?.trace,
      };
      await inSpan(span, (trace) => inRequest(from && { ...from, trace }, handle));
      await this.messages.remove(mine);
    } catch (error) {
      const dead = isLast || (error as { permanent?: boolean }).permanent === true;
      const lastError = maskAddresses(String((error as Error).message)).slice(0, 500);
      await this.messages.change(mine, {
        dueAt: dead ? null : fromNow(backoff(attempts)),
        leaseOwner: null,
        lastError,
      });
      const line = { messageId: id, topic, attempts: attempts + 1, dead, reason: lastError };
      inRequest(from, () => this.logger[dead ? 'error' : 'warn'](line));
    }
  }
}

/** 2 s, 4 s, 8 s … up to 15 min, each shortened by up to a half at random so that retries do not come in step. */
const backoff = (attempts: number): number =>
  Math.min(15 * MINUTE, SECOND * 2 ** (attempts + 1)) * (0.5 + Math.random() / 2);
