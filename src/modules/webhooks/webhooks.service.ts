import type { IncomingHttpHeaders } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { LessThan, MoreThan } from 'typeorm';
import { DAY, fromNow } from '../../kit/clock';
import { Database, isDuplicate } from '../../kit/db/database';
import { Rows } from '../../kit/db/rows';
import { LedgerService } from '../payments/ledger.service';
import type { Fact, ProviderEvent, ProviderName } from '../providers/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import { PaymentEvent } from './payment-event.entity';

const KEPT = 400 * DAY; // longer than any provider sends an event again
const PATIENCE = 3 * DAY; // for news of what something is called
const AT_ONCE = 200;

/** Takes in what providers tell. */
@Injectable()
export class WebhooksService {
  private readonly logger = new Logger(WebhooksService.name);
  private readonly events: Rows<PaymentEvent>;

  constructor(
    private readonly db: Database,
    private readonly providers: ProvidersService,
    private readonly ledger: LedgerService,
  ) {
    this.events = new Rows(db, PaymentEvent);
  }

  /** Stores an event and applies it, both or neither, once. @throws ProviderOff, BadSignature, ForeignEvent, ProviderAway */
  async receive(name: ProviderName, body: Buffer, headers: IncomingHttpHeaders): Promise<void> {
    const provider = this.providers.get(name);
    const event = provider.readEvent(body, headers);
    if (await this.events.find({ provider: name, eventId: event.id })) return;

    const facts = event.ask ? await provider.lookUp(event.ask) : event.facts;
    await this.db.transaction(() => this.take(name, event, facts));
    if (facts.length > 0) await this.tryWaiting(name);
  }

  /** News may have come before what it is about. */
  @Cron(CronExpression.EVERY_10_MINUTES, { waitForCompletion: true })
  async sweep(): Promise<void> {
    try {
      await this.tryWaiting();
      await this.events.remove({ createdAt: LessThan(fromNow(-KEPT)) });
    } catch (error) {
      this.logger.warn({ err: error }, 'Events that wait do so until the next sweep.');
    }
  }

  private async take(provider: ProviderName, { id, type }: ProviderEvent, facts: Fact[]): Promise<void> {
    const values = { provider, eventId: id, type: type.slice(0, 80), facts, outcome: 'waiting' as const };
    const stored = await this.events.add(values).catch((error: unknown) => {
      if (isDuplicate(error)) return null; // another instance was faster
      throw error;
    });
    if (stored) await this.events.change({ id: stored.id }, { outcome: await this.ledger.apply(provider, facts) });
  }

  private async tryWaiting(provider?: ProviderName): Promise<void> {
    const waiting = await this.events.repository.find({
      where: { outcome: 'waiting', createdAt: MoreThan(fromNow(-PATIENCE)), ...(provider && { provider }) },
      order: { createdAt: 'ASC' },
      take: AT_ONCE,
    });
    for (const { id, provider: name, facts } of waiting)
      await this.db.transaction(async () => {
        await this.events.change({ id }, { outcome: await this.ledger.apply(name, facts as Fact[]) });
      });
  }
}
