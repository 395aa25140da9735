import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { CONFIG, type Config } from '../../kit/config';
import { ActivityService } from './activity.service';

/** Forgets what is older than ACTIVITY_RETENTION. */
@Injectable()
export class ActivityJob {
  private readonly logger = new Logger(ActivityJob.name);

  constructor(
    private readonly activity: ActivityService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Cron(CronExpression.EVERY_HOUR, { waitForCompletion: true })
  async sweep(): Promise<void> {
    try {
      await this.activity.forget(this.config.ACTIVITY_RETENTION);
    } catch (error) {
      this.logger.warn({ err: error }, 'The sweep of the activity log failed; the next one tries again.');
    }
  }
}
