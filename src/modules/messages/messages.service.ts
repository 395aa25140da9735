import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { Database } from '../../kit/db/database';
import { mapPage } from '../../kit/http/page';
import { DeadLetters } from '../../kit/outbox/dead-letters';
import { ActivityService } from '../activity/activity.service';
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
    private readonly activity: ActivityService,
  ) {}

  async list({ organizationId }: Member, { status, to, ...query }: MessageQuery) {
    const where = { ...(status && having(status)), ...(to && { email: to }) };
    return mapPage(await this.messages.page(organizationId, query, where), showMessage);
  }

  async get(organizationId: string, id: string) {
    return showMessage(await this.messages.get(organizationId, id));
  }

  /** Has a mail that was given up tried again, with all its tries. @throws MessageNotFailed */
  retry({ organizationId }: Member, id: string) {
    return this.db.transaction(async () => {
      await this.messages.get(organizationId, id);
      const failed = { id, ...having('failed') };
      if ((await this.messages.change(organizationId, failed, { failedAt: null })) !== 1) throw new MessageNotFailed();
      if ((await this.deadLetters.retry(id)) !== 1) throw new MessageNotFailed();

      await this.activity.record('message.retried', { type: 'message', id }, { organizationId });
      return this.get(organizationId, id);
    });
  }
}
