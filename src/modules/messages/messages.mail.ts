import { Injectable } from '@nestjs/common';
import { clock } from '../../kit/clock';
import { Mailer } from '../../kit/mail/mailer';
import { withFooter } from '../../kit/mail/letter';
import { type Delivery, On } from '../../kit/outbox/on';
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
      if (!(error as { permanent?: boolean }).permanent) throw error;
    }); // what is refused for good stands in the log of the organization: it is no dead letter of the platform
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
