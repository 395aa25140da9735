import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { CONFIG, type Config } from '../../kit/config';
import { UsersService } from '../users/users.service';
import { MessagesRepository } from './messages.repository';

/** The log holds addresses: it ends, for everyone after a while, and at once for who leaves. */
@Injectable()
export class MessagesJob implements OnModuleInit {
  private readonly logger = new Logger(MessagesJob.name);

  constructor(
    private readonly messages: MessagesRepository,
    private readonly users: UsersService,
    @Inject(CONFIG) private readonly config: Config,
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
    const { MESSAGE_RETENTION: kept } = this.config;
    await this.messages.forget(kept).catch((error: unknown) => this.logger.warn({ err: error }));
  }
}
