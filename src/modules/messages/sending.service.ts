import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { HOUR } from '../../kit/clock';
import { Database } from '../../kit/db/database';
import { newId } from '../../kit/db/id';
import { Limits } from '../../kit/limits/limits';
import { Outbox } from '../../kit/outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import { CompositionService } from './composition.service';
import type { NewEmail, QueuedMessage } from './messages.api';
import { MessagesRepository } from './messages.repository';

/** So many mails may an organization send, and so many a person, in however many: nobody is to ruin the sender's name for everyone. */
const ALLOWANCE = { max: 1000, per: HOUR };

/** Takes on the mails that an organization wants sent. */
@Injectable()
export class SendingService {
  constructor(
    private readonly db: Database,
    private readonly messages: MessagesRepository,
    private readonly composition: CompositionService,
    private readonly outbox: Outbox,
    private readonly limits: Limits,
    private readonly activity: ActivityService,
  ) {}

  /** @throws ValidationFailed, RecipientUnknown, TemplateUnknown, TooManyRequests */
  async send({ organizationId, userId }: Member, email: NewEmail): Promise<QueuedMessage> {
    const to = await this.composition.addressOf(organizationId, email.to);
    const content = await this.composition.read(organizationId, to, email);
    for (const sender of [organizationId, userId]) await this.limits.take(`messages:${sender}`, ALLOWANCE);

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
