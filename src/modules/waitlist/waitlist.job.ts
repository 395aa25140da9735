import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { UsersService } from '../users/users.service';
import { WaitlistRepository } from './waitlist.repository';

/** Forgets addresses that nobody confirmed. Nothing depends on it: links are judged at use. */
@Injectable()
export class WaitlistJob implements OnModuleInit {
  private readonly logger = new Logger(WaitlistJob.name);

  constructor(
    private readonly entries: WaitlistRepository,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.users.beforeDelete(({ email }) => this.entries.forgetAddress(email));
    this.users.onExport('waitlists', ({ email }) => this.entries.ofAddress(email));
  }

  @Cron(CronExpression.EVERY_HOUR, { waitForCompletion: true })
  async clean(): Promise<void> {
    await this.entries.forgetUnconfirmed().catch((error: unknown) => this.logger.warn({ err: error }));
  }
}
