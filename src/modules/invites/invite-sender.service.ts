import { Inject, Injectable } from '@nestjs/common';
import { fromNow } from '../../kit/clock';
import { CONFIG, type Config } from '../../config/config';
import { isDuplicate } from '../../database/database';
import { Outbox } from '../../outbox/outbox';
import { newToken } from '../../kit/token';
import { MembersService } from '../organizations/members.service';
import { AlreadyMember } from '../organizations/organizations.errors';
import type { Invite } from './records/invite.entity';
import { InviteStandingService } from './invite-standing.service';
import { InviteClosed, InvitePending } from './invites.errors';
import { InvitesRepository } from './records/invites.repository';

type NewOffer = Pick<Invite, 'organizationId' | 'email' | 'roleId' | 'inviterId'>;
type Renewal = Partial<Pick<Invite, 'inviterId'>> & Pick<Invite, 'renewals'>;

/** Makes the link of an invite and mails it. Part of a transaction. */
@Injectable()
export class InviteSenderService {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly standing: InviteStandingService,
    private readonly members: MembersService,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Makes an invite; one of the same address that is expired or void gives way to it. @throws AlreadyMember, InvitePending: the unique key counts */
  async create(offer: NewOffer): Promise<Invite> {
    const { organizationId, email } = offer;
    if (await this.members.hasMemberWithEmail(organizationId, email)) throw new AlreadyMember();

    const { token, hash } = newToken();
    const values = { ...offer, ...this.expiry(), openEmail: email, tokenHash: hash };
    const add = () => this.invites.add(organizationId, values);
    const invite = await add().catch(async (error: unknown) => {
      if (!isDuplicate(error)) throw error;
      const old = await this.givingWay(organizationId, email);
      const made = await add();
      await this.invites.replace(old, made);
      return made;
    });
    await this.outbox.add('invite.sent', { inviteId: invite.id, organizationId, token });
    return invite;
  }

  /** Gives an open invite a fresh link; the one before is dead. @throws InviteClosed */
  async renew(invite: Invite, changes: Renewal): Promise<void> {
    const { organizationId, id } = invite;
    const { token, hash } = newToken();
    if (!(await this.invites.relink(invite, { ...this.expiry(), ...changes, tokenHash: hash })))
      throw new InviteClosed();
    await this.outbox.add('invite.sent', { inviteId: id, organizationId, token });
  }

  /** The same for the invited person, who asked for it; the inviter is told. */
  async renewForInvited(invite: Invite): Promise<void> {
    const { organizationId, id, renewals } = invite;
    await this.renew(invite, { renewals: renewals + 1 });
    await this.outbox.add('invite.renewed', { inviteId: id, organizationId });
  }

  /** Closes the invite that holds this address here, if it is of no use any more. @throws InvitePending */
  private async givingWay(organizationId: string, email: string): Promise<Invite> {
    const invite = await this.invites.openOf(organizationId, email);
    if (invite) await this.standing.judge(organizationId, [invite]);
    if (!invite || invite.status === 'pending' || !(await this.invites.close(invite, 'revokedAt')))
      throw new InvitePending();
    return invite;
  }

  private expiry() {
    const expiresAt = fromNow(this.config.INVITE_TTL);
    return { expiresAt, openUntil: expiresAt };
  }
}
