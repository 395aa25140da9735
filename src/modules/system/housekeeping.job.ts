import { Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { Idempotency } from '../../http/idempotency/idempotency';
import { forEach, Job } from '../../jobs/job';
import { AccountLimits } from '../../rate-limit/account-limits';
import { DeadLetters } from '../../outbox/dead-letters';
import { LinksService } from '../auth/links/links.service';
import { DevicesService } from '../auth/devices/devices.service';
import { SessionsService } from '../auth/sessions/sessions.service';

/** Deletes what its time has made worthless. Nothing depends on it: time is judged at use. */
@Injectable()
export class HousekeepingJob {
  private readonly forgetful: { forget(): Promise<number> }[];

  constructor(
    idempotency: Idempotency,
    limits: AccountLimits,
    links: LinksService,
    sessions: SessionsService,
    devices: DevicesService,
    deadLetters: DeadLetters,
  ) {
    this.forgetful = [idempotency, limits, links, sessions, devices, deadLetters];
  }

  @Job('housekeeping.sweep', CronExpression.EVERY_HOUR)
  async clean(): Promise<void> {
    await forEach(this.forgetful, (one) => one.forget());
  }
}
