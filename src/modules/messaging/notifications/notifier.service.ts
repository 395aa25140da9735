import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { unlessGone } from '../../../kit/problem';
import { Outbox } from '../../../outbox/outbox';
import { UserSettingsService } from '../../users/user-settings.service';
import { UsersService } from '../../users/users.service';
import { channelsOf, type NotificationType, type Params } from './notification.types';
import { NotificationsRepository } from './notifications.repository';
import { StreamsService } from './streams.service';

/** What is to be told. `messageId` names the outbox message behind it, `personId` whom it is about, `organizationId` where. */
export type News = {
  type: NotificationType;
  messageId: string;
  organizationId: string;
  personId: string | null;
  params: Partial<Params>;
};

/** Tells people, each by the channels that they take. */
@Injectable()
export class NotifierService {
  constructor(
    private readonly db: Database,
    private readonly notifications: NotificationsRepository,
    private readonly users: UsersService,
    private readonly settings: UserSettingsService,
    private readonly outbox: Outbox,
    private readonly streams: StreamsService,
  ) {}

  /** Tells all of them, or nobody; who is gone by now, or was told already, is left out. */
  async tell(userIds: Iterable<string>, news: News): Promise<void> {
    const inOrder = [...new Set(userIds)].sort(); // two that tell the same people lock them in the same order
    await this.db.transaction(async () => {
      for (const userId of inOrder) await this.tellOne(userId, news);
      this.db.afterCommit(() => this.streams.wake());
    });
  }

  private async tellOne(userId: string, { messageId, ...news }: News): Promise<void> {
    const user = await unlessGone(this.users.get(userId));
    if (!user?.isActive || (await this.notifications.find({ messageId, userId }))) return;

    const { notifications } = await this.settings.get(userId);
    const { inApp, email } = channelsOf(news.type, notifications);
    if (inApp) await this.notifications.append({ ...news, messageId, userId, readAt: null });
    if (email && user.emailVerifiedAt) await this.outbox.add('notification.mailed', { userId, ...news });
  }
}
