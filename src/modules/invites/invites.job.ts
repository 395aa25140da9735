import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { DAY, fromNow } from '../../kit/clock';
import { Database } from '../../kit/db/database';
import { UsersService } from '../users/users.service';
import { showInvite } from './invites.api';
import { InvitesRepository } from './invites.repository';

const BATCH = 200; // short transactions: nobody waits for the sweep
const BREATH = 5; // milliseconds between them: others come first
const TOMBSTONES_KEPT = 30 * DAY;

/** Sweeps expired invites away. Expiry itself is judged at use, so nothing depends on this being on time, or on running once. */
@Injectable()
export class InvitesJob implements OnModuleInit {
  private readonly logger = new Logger(InvitesJob.name);

  constructor(
    private readonly db: Database,
    private readonly invites: InvitesRepository,
    private readonly users: UsersService,
  ) {}

  onModuleInit(): void {
    this.users.beforeDelete(({ id, email }) => this.invites.forgetPerson(id, email));
    this.users.onExport('invites', ({ id, email }) => this.exportOf(id, email));
  }

  /** What was offered by, and to, a person; never a token's hash. */
  private async exportOf(userId: string, email: string): Promise<unknown> {
    const [sent, received] = await Promise.all([this.invites.sentBy(userId), this.invites.sentTo(email)]);
    return { sent: sent.map(showInvite), received: received.map(showInvite) };
  }

  @Cron(CronExpression.EVERY_MINUTE, { waitForCompletion: true })
  async sweep(): Promise<void> {
    try {
      while ((await this.db.transaction(() => this.invites.buryExpired(BATCH))) === BATCH) await pause(BREATH);
      await this.invites.forgetTombstonesBefore(fromNow(-TOMBSTONES_KEPT));
    } catch (error) {
      this.logger.warn({ err: error }, 'The sweep of expired invites failed; the next one tries again.');
    }
  }
}
