import { Injectable } from '@nestjs/common';
import type { Member } from '../../../access/caller';
import { Database, isDuplicate } from '../../../database/database';
import { mapPage } from '../../../database/page';
import { MailAllowance } from '../../../rate-limit/mail-allowance';
import { DeadLetters } from '../../../outbox/dead-letters';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import { type MessageQuery, showMessage } from './messages.api';
import { MessageNotFailed } from './messages.errors';
import { having, MessagesRepository } from './messages.repository';

/** The log of all mails that were sent on behalf of an organization. */
@Injectable()
export class MessagesService {
  constructor(
    private readonly db: Database,
    private readonly messages: MessagesRepository,
    private readonly deadLetters: DeadLetters,
    private readonly outbox: Outbox,
    private readonly allowance: MailAllowance,
    private readonly activity: ActivityService,
  ) {}

  async list({ organizationId }: Member, { status, to, ...query }: MessageQuery) {
    const where = { ...(status && having(status)), ...(to && { email: to }) };
    return mapPage(await this.messages.page(organizationId, query, where), showMessage);
  }

  async get(organizationId: string, id: string) {
    return showMessage(await this.messages.get(organizationId, id));
  }

  /** Has a mail that was given up tried again, with all its tries. @throws EmailUnverified, TooManyRequests, MessageNotFailed */
  async retry(caller: Member, id: string) {
    const { organizationId } = caller;
    const { email, status } = await this.messages.get(organizationId, id);
    if (status !== 'failed') throw new MessageNotFailed();
    await this.allowance.take(caller, email);

    return this.db.transaction(async () => {
      const { content } = await this.messages.get(organizationId, id);
      const failed = { id, ...having('failed') };
      if ((await this.messages.change(organizationId, failed, { failedAt: null })) !== 1) throw new MessageNotFailed();
      const isDead = (await this.deadLetters.retry(id)) === 1;
      if (!isDead && content === null) throw new MessageNotFailed();
      if (!isDead) await this.outbox.add('message.queued', { organizationId }, id).catch(stillThere);

      await this.activity.record('message.retried', { type: 'message', id }, { organizationId });
      return this.get(organizationId, id);
    });
  }
}

/** The worker is just about to take the message away. */
const stillThere = (error: unknown): never => {
  throw isDuplicate(error) ? new MessageNotFailed() : error;
};
