import { Inject, Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DAY, fromNow } from '../../kit/clock';
import { CONFIG, type Config } from '../../kit/config';
import { InvitesRepository } from './invites.repository';

const KEPT = 30 * DAY;

/**
 * Deletes invites that expired a while ago. Expiry itself is judged at use, so nothing depends on this being on time, or on running once;
 * until then they are seen as what they are, can be sent again, and their links say why they do not work. Closed ones go later.
 */
@Injectable()
export class InvitesJob {
  private readonly logger = new Logger(InvitesJob.name);

  constructor(
    private readonly invites: InvitesRepository,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Cron(CronExpression.EVERY_MINUTE, { waitForCompletion: true })
  async sweep(): Promise<void> {
    try {
      await this.invites.forgetExpiredBefore(fromNow(-KEPT));
      await this.invites.forget(this.config.INVITE_RETENTION);
    } catch (error) {
      this.logger.warn({ err: error }, 'The sweep of invites failed; the next one tries again.');
    }
  }
}
