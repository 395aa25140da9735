import { Injectable } from '@nestjs/common';
import type { Member } from '../../../access/caller';
import { Database } from '../../../database/database';
import { newId } from '../../../kit/id';
import { MailAllowance } from '../../../rate-limit/mail-allowance';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import { CompositionService } from './composition.service';
import type { NewEmail, QueuedMessage } from './messages.api';
import { MessagesRepository } from './messages.repository';

/** Takes on the mails that an organization wants sent. */
@Injectable()
export class SendingService {
  constructor(
    private readonly db: Database,
    private readonly messages: MessagesRepository,
    private readonly composition: CompositionService,
    private readonly outbox: Outbox,
    private readonly allowance: MailAllowance,
    private readonly activity: ActivityService,
  ) {}

  /** @throws ValidationFailed, RecipientUnknown, TemplateUnknown, EmailUnverified, TooManyRequests */
  async send(caller: Member, email: NewEmail): Promise<QueuedMessage> {
    const { organizationId } = caller;
    const to = await this.composition.addressOf(organizationId, email.to);
    const content = await this.composition.read(organizationId, to, email);
    await this.allowance.take(caller, to);

    return this.db.transaction(async () => {
      const id = newId();
      const { template = null, transactional = true } = email;
      await this.messages.enqueue(organizationId, { id, email: to, template, transactional }, content);
      await this.outbox.add('message.queued', { organizationId }, id);
      await this.activity.record('message.queued', { type: 'message', id }, { organizationId });
      return { id, status: 'queued' };
    });
  }
}
