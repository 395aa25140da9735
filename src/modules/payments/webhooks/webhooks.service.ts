import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { AttentionService } from '../attention/attention.service';
import type { ProviderEvent, ProviderName } from '../providers/port/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import { InboxService } from './inbox.service';
import { OtherApiVersion } from './webhooks.errors';

/** Takes in what providers tell. */
@Injectable()
export class WebhooksService {
  constructor(
    private readonly db: Database,
    private readonly providers: ProvidersService,
    private readonly inbox: InboxService,
    private readonly attention: AttentionService,
  ) {}

  /** Takes an event in, once. @throws ProviderOff, BadSignature, ForeignEvent, ProviderAway, OtherApiVersion */
  async receive(name: ProviderName, body: Buffer, headers: IncomingHttpHeaders): Promise<void> {
    const provider = this.providers.get(name);
    const event = provider.readEvent(body, headers);
    if (event.strange) await this.refuse(name, event);
    if (await this.inbox.knows(name, event.id)) return;

    const facts = event.ask ? await provider.lookUp(event.ask) : event.facts;
    await this.inbox.take(name, event, facts);
  }

  /** Not taken in silence, else it would be told no more: whoever set the webhook up has to see that we cannot read it. */
  private async refuse(provider: ProviderName, event: ProviderEvent): Promise<never> {
    await this.db.transaction(async () => {
      await this.inbox.keep(provider, event);
      const details = { type: event.type.slice(0, 80) };
      await this.attention.raise({ kind: 'other-api-version', provider, about: provider, details });
    });
    throw new OtherApiVersion();
  }
}
