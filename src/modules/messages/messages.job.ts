import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DAY, fromNow } from '../../kit/clock';
import { UsersService } from '../users/users.service';
import { MessagesRepository } from './messages.repository';

const KEPT = 90 * DAY;

/** The log holds addresses: it ends, for everyone after a while, and at once for who leaves. */
@Injectable()
export class MessagesJob implements OnModuleInit {
  private readonly logger = new Logger(MessagesJob.name);

  constructor(
    private readonly messages: MessagesRepository,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.users.beforeDelete(({ email }) => this.messages.forgetAddress(email));
    this.users.onExport('messages', async ({ email }) =>
      (await this.messages.ofAddress(email)).map(({ organizationId, template, status, createdAt, sentAt }) => ({
        organizationId,
        template,
        status,
        createdAt,
        sentAt,
      })),
    );
  }

  @Cron(CronExpression.EVERY_DAY_AT_3AM, { waitForCompletion: true })
  async clean(): Promise<void> {
    await this.messages.forgetBefore(fromNow(-KEPT)).catch((error: unknown) => this.logger.warn({ err: error }));
  }
}
