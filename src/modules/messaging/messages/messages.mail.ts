import { Injectable } from '@nestjs/common';
import { clock } from '../../../kit/clock';
import { Mailer, Undeliverable } from '../../../mail/mailer';
import { withFooter } from '../../../mail/templates/email';
import { type Delivery, On } from '../../../outbox/outbox.handlers';
import { SuppressionsService } from '../suppressions/suppressions.service';
import { CompositionService } from './composition.service';
import { DeliveryLogService } from './delivery-log.service';
import type { EmailMessage } from './email-message.entity';
import { MessagesRepository } from './messages.repository';

/** Delivers what organizations send. */
@Injectable()
export class MessagesMail {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly composition: CompositionService,
    private readonly suppressions: SuppressionsService,
    private readonly log: DeliveryLogService,
    private readonly mailer: Mailer,
  ) {}

  @On('message.queued')
  async deliver({ organizationId }: { organizationId: string }, delivery: Delivery): Promise<void> {
    const message = await this.messages.find(organizationId, { id: delivery.id });
    if (!message?.content) return; // the recipient's account or the organization is gone, or it was sent before a crash
    const { id, email, template, transactional } = message;
    if (await this.suppressions.stops(organizationId, email, transactional)) {
      await this.messages.change(organizationId, { id }, { suppressedAt: clock.now(), failedAt: null, content: null });
      return;
    }
    const sending = this.log.track({ organizationId, to: email, template }, delivery, () => this.send(message));
    await sending.catch((error: unknown) => {
      const isTheirs = error instanceof Undeliverable || (error as { bounced?: boolean }).bounced;
      if (!isTheirs) throw error; // any other refusal may be about us: it is a dead letter, for whoever runs the platform to see
    });
  }

  private async send(message: EmailMessage): Promise<void> {
    const { organizationId, id, email, transactional } = message;
    const letter = await this.composition.write(organizationId, this.messages.contentOf(message));
    const out = transactional ? undefined : this.suppressions.wayOut(organizationId, email);
    const mail = out ? { ...withFooter(letter, 'Unsubscribe', out.url), headers: out.headers } : letter;
    await this.mailer.send({ id, to: email, ...mail }).catch(async (error: unknown) => {
      if ((error as { bounced?: boolean }).bounced) await this.suppressions.add(organizationId, email, 'bounced');
      throw error;
    });
  }
}
