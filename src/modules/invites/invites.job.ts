import { Inject, Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { DAY, fromNow } from '../../kit/clock';
import { CONFIG, type Config } from '../../config/config';
import { Job } from '../../jobs/job';
import { InvitesRepository } from './records/invites.repository';

const KEPT = 30 * DAY;

/**
 * Deletes invites that expired a while ago. Expiry itself is judged at use, so nothing depends on this being on time, or on running once;
 * until then they are seen as what they are, can be sent again, and their links say why they do not work. Closed ones go later.
 */
@Injectable()
export class InvitesJob {
  constructor(
    private readonly invites: InvitesRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Job('invites.sweep', CronExpression.EVERY_MINUTE)
  async sweep(): Promise<void> {
    await this.invites.forgetExpiredBefore(fromNow(-KEPT));
    await this.invites.forget(this.config.INVITE_RETENTION);
  }
}
