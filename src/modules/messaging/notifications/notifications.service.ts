import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { IsNull } from 'typeorm';
import { clock } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { Database } from '../../../database/database';
import { NotFound } from '../../../kit/problem';
import { mapPage } from '../../../database/page';
import { Job } from '../../../jobs/job';
import { ActivityService } from '../../activity/activity.service';
import { UserSettingsService } from '../../users/user-settings.service';
import { UsersService } from '../../users/users.service';
import { faultsIn } from './notification.types';
import { type NotificationQuery, showNotification } from './notifications.api';
import { NotificationsRepository } from './notifications.repository';

/** What a person was told. The person comes first, always. */
@Injectable()
export class NotificationsService implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly notifications: NotificationsRepository,
    private readonly activity: ActivityService,
    private readonly users: UsersService,
    private readonly settings: UserSettingsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.settings.checkNotifications(faultsIn);
    this.users.onExport('notifications', async ({ id }) =>
      (await this.notifications.list({ userId: id })).map(showNotification),
    );
  }

  async list(userId: string, { unread, ...query }: NotificationQuery) {
    const where = { userId, ...(unread === 'true' && { readAt: IsNull() }) };
    const [page, unreadCount] = await Promise.all([
      this.notifications.page(query, where),
      this.notifications.count({ userId, readAt: IsNull() }),
    ]);
    return { ...mapPage(page, showNotification), unreadCount };
  }

  /** Marks one as read; one that is stays so since then. @throws NotFound */
  read(userId: string, id: string) {
    return this.db.transaction(async () => {
      const marked = await this.notifications.change({ id, userId, readAt: IsNull() }, { readAt: clock.now() });
      const notification = await this.notifications.get({ id, userId });
      if (marked > 0) await this.activity.record('notification.read', { type: 'notification', id });
      return showNotification(notification);
    });
  }

  readAll(userId: string): Promise<void> {
    return this.db.transaction(async () => {
      const marked = await this.notifications.change({ userId, readAt: IsNull() }, { readAt: clock.now() });
      if (marked > 0) await this.activity.record('notification.all-read', { type: 'user', id: userId });
    });
  }

  /** @throws NotFound */
  delete(userId: string, id: string): Promise<void> {
    return this.db.transaction(async () => {
      if ((await this.notifications.remove({ id, userId })) === 0) throw new NotFound();
      await this.activity.record('notification.deleted', { type: 'notification', id });
    });
  }

  /** Deletes what is older than NOTIFICATION_RETENTION. */
  @Job('notifications.sweep', CronExpression.EVERY_DAY_AT_4AM)
  async forget(): Promise<void> {
    await this.notifications.forget(this.config.NOTIFICATION_RETENTION);
  }
}
