import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { CONFIG, type Config } from '../../../config/config';
import { Job } from '../../../jobs/job';
import { UsersService } from '../../users/users.service';
import { MessagesRepository } from './messages.repository';

/** The log holds addresses: it ends, for everyone after a while, and at once for who leaves. */
@Injectable()
export class MessagesJob implements OnModuleInit {
  constructor(
    private readonly messages: MessagesRepository,
    private readonly users: UsersService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.users.onDelete(({ email }) => this.messages.forgetAddress(email));
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

  @Job('messages.sweep', CronExpression.EVERY_DAY_AT_3AM)
  async clean(): Promise<void> {
    await this.messages.forget(this.config.MESSAGE_RETENTION);
  }
}
