import { Injectable } from '@nestjs/common';
import { DAY, fromNow } from '../../../kit/clock';
import { NotFound } from '../../../kit/problem';
import type { Organization } from '../../organizations/records/organization.entity';
import type { Invite } from '../records/invite.entity';
import { InviteStandingService } from '../invite-standing.service';
import { InviteClosed, InviteExpired, InvitePending, InviteReplaced } from '../invites.errors';
import { InvitesRepository } from '../records/invites.repository';

const RENEWABLE = 30 * DAY; // from the invite itself, however often it was renewed since

/** From a mailed token to an invite that may still be used. */
@Injectable()
export class InviteLinksService {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly standing: InviteStandingService,
  ) {}

  /** The invite that the link is of, or was of before a newer one, whatever became of it. @throws NotFound */
  async invite(token: string): Promise<Invite> {
    const invite = (await this.invites.findByToken(token)) ?? (await this.invites.findReplaced(token));
    if (!invite) throw new NotFound();
    return invite;
  }

  /** The open invite and its organization. @throws NotFound, InviteReplaced, InviteExpired, InviteClosed */
  async open(token: string): Promise<{ invite: Invite; organization: Organization }> {
    const invite = await this.newest(token);
    if (invite.status === 'expired') throw new InviteExpired();
    if (invite.status !== 'pending') throw new InviteClosed();
    return { invite, organization: await this.standing.require(invite) };
  }

  /**
   * The expired invite for which the invited person may have a fresh link: someone stands behind it now, and neither its organization's
   * number of times nor its time is over. @throws NotFound, InviteReplaced, InvitePending while the link still works, InviteClosed
   */
  async renewable(token: string): Promise<Invite> {
    const invite = await this.newest(token);
    if (!['pending', 'expired'].includes(invite.status)) throw new InviteClosed();
    const { inviteRenewals } = await this.standing.require(invite);
    if (invite.status === 'pending') throw new InvitePending({ detail: 'Your link still works.' });
    if (invite.renewals >= inviteRenewals || invite.createdAt <= fromNow(-RENEWABLE))
      throw new InviteClosed({ detail: 'It cannot be renewed any more: ask whoever invited you for a new one.' });
    return invite;
  }

  /** The invite that has this very link. */
  private async newest(token: string): Promise<Invite> {
    const invite = await this.invite(token);
    if (!this.invites.isLinkOf(invite, token)) throw new InviteReplaced();
    return invite;
  }
}
