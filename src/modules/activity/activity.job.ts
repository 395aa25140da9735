import { Inject, Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { CONFIG, type Config } from '../../config/config';
import { Job } from '../../jobs/job';
import { ActivityService } from './activity.service';

/** Forgets what is older than ACTIVITY_RETENTION. */
@Injectable()
export class ActivityJob {
  constructor(
    private readonly activity: ActivityService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Job('activity.sweep', CronExpression.EVERY_HOUR)
  async sweep(): Promise<void> {
    await this.activity.forget(this.config.ACTIVITY_RETENTION);
  }
}
