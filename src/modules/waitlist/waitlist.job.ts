import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { Job } from '../../jobs/job';
import { UsersService } from '../users/users.service';
import { WaitlistRepository } from './waitlist.repository';

/** Forgets addresses that nobody confirmed. Nothing depends on it: links are judged at use. */
@Injectable()
export class WaitlistJob implements OnModuleInit {
  constructor(
    private readonly entries: WaitlistRepository,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.users.onDelete(({ email }) => this.entries.forgetAddress(email));
    this.users.onExport('waitlists', ({ email }) => this.entries.ofAddress(email));
  }

  @Job('waitlist.sweep', CronExpression.EVERY_HOUR)
  async clean(): Promise<void> {
    await this.entries.forgetUnconfirmed();
  }
}
