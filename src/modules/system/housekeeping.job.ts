import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { CONFIG, type Config } from '../../kit/config';
import { Idempotency } from '../../kit/http/idempotency';
import { Limits } from '../../kit/limits/limits';
import { DeadLetters } from '../../kit/outbox/dead-letters';
import { LinksService } from '../links/links.service';
import { DevicesService } from '../sessions/devices.service';
import { SessionsService } from '../sessions/sessions.service';

/** Deletes what its time has made worthless. Nothing depends on it: time is judged at use. */
@Injectable()
export class HousekeepingJob {
  private readonly logger = new Logger(HousekeepingJob.name);
  private readonly forgetful: { forget(): Promise<number> }[];

  constructor(
    idempotency: Idempotency,
    limits: Limits,
    links: LinksService,
    sessions: SessionsService,
    devices: DevicesService,
    deadLetters: DeadLetters,
    @Inject(CONFIG) { DEAD_LETTER_RETENTION: kept }: Config,
  ) {
    this.forgetful = [idempotency, limits, links, sessions, devices, { forget: () => deadLetters.forget(kept) }];
  }

  @Cron(CronExpression.EVERY_HOUR, { waitForCompletion: true })
  async clean(): Promise<void> {
    for (const one of this.forgetful) {
      await one.forget().catch((error: unknown) => this.logger.warn({ err: error }));
    }
  }
}
