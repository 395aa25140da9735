import { Inject, Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { In, MoreThan } from 'typeorm';
import { DAY, fromNow } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { Database, isDuplicate } from '../../../database/database';
import { Rows } from '../../../database/rows';
import { Job } from '../../../jobs/job';
import { LedgerService } from '../ledger/ledger.service';
import { PaymentsService } from '../ledger/payments.service';
import type { Fact, ProviderEvent, ProviderName } from '../providers/port/payment.provider';
import { awaitedBy, namesIn } from './names';
import { PaymentEvent } from './payment-event.entity';

const PATIENCE = 3 * DAY; // for news of what something is called
const AT_ONCE = 200;

/** Events that came, each once. One about something of which we may still learn what it is called waits for that name, and for nothing else. */
@Injectable()
export class InboxService {
  private readonly events: Rows<PaymentEvent>;

  constructor(
    private readonly db: Database,
    private readonly ledger: LedgerService,
    private readonly payments: PaymentsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.events = new Rows(db, PaymentEvent);
  }

  async knows(provider: ProviderName, eventId: string): Promise<boolean> {
    return (await this.events.find({ provider, eventId })) !== null;
  }

  /** Stores an event and applies it, both or neither, once; then those that waited for what it told. */
  async take(provider: ProviderName, { id, type }: Pick<ProviderEvent, 'id' | 'type'>, facts: Fact[]): Promise<void> {
    const values = { provider, eventId: id, type: type.slice(0, 80), facts, outcome: 'waiting' as const };
    await this.db.transaction(async () => {
      const stored = await this.events.add(values).catch((error: unknown) => {
        if (isDuplicate(error)) return null; // another instance was faster
        throw error;
      });
      if (stored) await this.apply(stored);
    });
    await this.wake(provider, facts);
  }

  /** Keeps an event that says nothing we can read; the same may come again as one that does. */
  async keep(provider: ProviderName, { id, type }: Pick<ProviderEvent, 'id' | 'type'>): Promise<void> {
    const values = { provider, eventId: `strange ${id}`.slice(0, 255), type: type.slice(0, 80), facts: [] };
    await this.events.add({ ...values, outcome: 'unknown' }).catch((error: unknown) => {
      if (!isDuplicate(error)) throw error;
    });
  }

  /** What an event waits for may have become known by other ways; what is past PAYMENT_EVENT_RETENTION is forgotten. */
  @Job('webhooks.sweep', CronExpression.EVERY_10_MINUTES)
  async sweep(): Promise<void> {
    for (let last: string | undefined = ''; last !== undefined;) {
      const waiting: PaymentEvent[] = await this.events.repository.find({
        where: { ...stillWaiting(), id: MoreThan(last) },
        order: { id: 'ASC' },
        take: AT_ONCE,
      });
      await this.tryAgain(waiting);
      last = waiting.length === AT_ONCE ? waiting.at(-1)!.id : undefined;
    }
    await this.events.forget(this.config.PAYMENT_EVENT_RETENTION);
  }

  private async wake(provider: ProviderName, facts: Fact[]): Promise<void> {
    const names = namesIn(facts).map((name) => `${provider}:${name}`);
    if (names.length === 0) return;
    await this.tryAgain(await this.events.list({ ...stillWaiting(), waitsFor: In(names) }));
  }

  /** Those of which it is known by now what they are about; what they tell in turn may wake others. */
  private async tryAgain(waiting: PaymentEvent[]): Promise<void> {
    const known = new Map<string | null, boolean>([[null, true]]);
    for (const event of waiting) {
      const { provider, waitsFor } = event;
      if (!known.has(waitsFor))
        known.set(waitsFor, await this.payments.knows(provider, waitsFor!.slice(provider.length + 1)));
      if (!known.get(waitsFor)) continue;
      const isPlaced = await this.db.transaction(() => this.apply(event));
      if (isPlaced) await this.wake(provider, event.facts as Fact[]);
    }
  }

  /** @returns whether it waits no more */
  private async apply({ id, provider, facts }: PaymentEvent): Promise<boolean> {
    const outcome = await this.ledger.apply(provider, facts as Fact[]);
    const waitsFor = outcome === 'waiting' ? await this.awaited(provider, facts as Fact[]) : null;
    await this.events.change({ id }, { outcome, waitsFor });
    return outcome !== 'waiting';
  }

  private async awaited(provider: ProviderName, facts: Fact[]): Promise<string | null> {
    let known: string | null = null; // of which there is more to learn: the payment that began it, say
    for (const fact of facts) {
      const name = awaitedBy(fact);
      if (name === null) continue;
      if (!(await this.payments.knows(provider, name))) return `${provider}:${name}`;
      known ??= `${provider}:${name}`;
    }
    return known;
  }
}

const stillWaiting = () => ({ outcome: 'waiting' as const, createdAt: MoreThan(fromNow(-PATIENCE)) });
