import { Injectable } from '@nestjs/common';
import { HOUR } from '../../kit/clock';
import { Database } from '../../kit/db/database';
import { NotFound } from '../../kit/errors/problem';
import { Limits } from '../../kit/limits/limits';
import { hashToken } from '../../kit/token';
import { ActivityService } from '../activity/activity.service';
import { InviteLinks } from './invite.links';
import { InviteSender } from './invite.sender';
import { InviteClosed, InvitePending } from './invites.errors';
import { InvitesRepository } from './invites.repository';

const RENEWALS = { max: 5, per: HOUR };

/** An expired link asks for a fresh one, which goes to the address that was invited. */
@Injectable()
export class RenewalService {
  constructor(
    private readonly db: Database,
    private readonly invites: InvitesRepository,
    private readonly links: InviteLinks,
    private readonly sender: InviteSender,
    private readonly limits: Limits,
    private readonly activity: ActivityService,
  ) {}

  /** @throws NotFound, InvitePending while the link still works, InviteClosed, TooManyRequests */
  async renew(token: string): Promise<void> {
    await this.limits.take(`renew:${hashToken(token)}`, RENEWALS);
    await this.db.transaction(async () => {
      const invite = await this.invites.findByToken(token);
      if (invite?.status === 'pending') throw new InvitePending({ detail: 'Your link still works.' });
      if (invite && invite.status !== 'expired') throw new InviteClosed();
      if (invite) await this.invites.buryOne(invite.id);
      await this.revive(token);
    });
  }

  private async revive(token: string): Promise<void> {
    const tombstone = await this.invites.findTombstone(token);
    if (!tombstone) throw new NotFound();
    await this.links.requireValid(tombstone);
    if (!(await this.invites.exhume(tombstone))) throw new InvitePending();

    const { organizationId, email, roleId, inviterId } = tombstone;
    const { id } = await this.sender.create({ organizationId, email, roleId, inviterId });
    await this.activity.record('invite.renewed', { type: 'invite', id }, { organizationId });
  }
}
