import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller';
import { EmailUnverified, Unauthenticated } from '../../../kit/problem';
import { ActivityService } from '../../activity/activity.service';
import { InvitedAccountService } from '../../auth/login/invited-account.service';
import { MembersService } from '../../organizations/members.service';
import { outline } from '../../organizations/organizations.api';
import type { Organization } from '../../organizations/records/organization.entity';
import { AlreadyMember } from '../../organizations/organizations.errors';
import { OrganizationsService } from '../../organizations/organizations.service';
import { showUser } from '../../users/users.api';
import type { Invite } from '../records/invite.entity';
import { InviteLinksService } from './invite-links.service';
import type { InviteAcceptance, InvitePreview, Joined } from '../invites.api';
import { InviteClosed, InviteForAnother } from '../invites.errors';
import { InvitesRepository } from '../records/invites.repository';

type Offered = { invite: Invite; organization: Organization };

/** The invited person's side of an invite. */
@Injectable()
export class InviteeService {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly links: InviteLinksService,
    private readonly members: MembersService,
    private readonly organizations: OrganizationsService,
    private readonly accounts: InvitedAccountService,
    private readonly activity: ActivityService,
  ) {}

  async preview(token: string): Promise<InvitePreview> {
    const { invite, organization } = await this.links.open(token);
    const { email, expiresAt, role, inviter } = invite;
    return {
      email,
      expiresAt,
      role: role.name,
      organizationName: organization.name,
      inviterName: inviter?.name ?? null,
    };
  }

  /** Joins as the caller, whose proved address must be the invited one; or makes the account, which the mailed token proves. */
  accept(caller: Caller | undefined, { token, name, password }: InviteAcceptance): Promise<Joined> {
    if (caller) return this.acceptAs(caller, token);
    if (name !== undefined && password !== undefined) return this.acceptAnew(token, name, password);
    throw new Unauthenticated({
      detail: 'No sign-in was sent, or it ran out: sign in as the invited person, or send a name and a password.',
    });
  }

  async decline(token: string): Promise<void> {
    const { invite } = await this.links.open(token);
    await this.organizations.inTurn(invite.organizationId, async () => {
      if (!(await this.invites.close(invite, 'declinedAt'))) throw new InviteClosed();
      await this.activity.record(
        'invite.declined',
        { type: 'invite', id: invite.id },
        { organizationId: invite.organizationId },
      );
    });
  }

  /** Who is a member already hears so, and of what, whatever became of the invite since. */
  private async acceptAs({ userId, email, verified }: Caller, token: string): Promise<Joined> {
    const { organizationId, email: invited } = await this.links.invite(token);
    return this.organizations.inTurn(organizationId, async () => {
      if (invited === email && (await this.members.hasMemberWithEmail(organizationId, email)))
        throw new AlreadyMember({ organizationId, detail: 'You are: there is nothing to accept any more.' });

      const offer = await this.links.open(token);
      if (invited !== email) throw new InviteForAnother();
      if (!verified) throw new EmailUnverified();
      return this.join(offer, userId);
    });
  }

  private async acceptAnew(token: string, name: string, password: string): Promise<Joined> {
    const { email, organizationId } = (await this.links.open(token)).invite;
    const account = await this.accounts.prepare({ email, name, password });
    return this.organizations.inTurn(organizationId, async () => {
      const offer = await this.links.open(token);
      const { user, tokens } = await this.accounts.open(account);
      return { ...tokens, ...(await this.join(offer, user.id)) };
    });
  }

  /** Part of a transaction. The organization is locked: whether the invite still holds is judged by one at a time. */
  private async join({ invite, organization }: Offered, userId: string): Promise<Joined> {
    if (!(await this.invites.close(invite, 'acceptedAt', this.invites.unexpired()))) throw new InviteClosed();

    const { organizationId } = invite;
    await this.members.addMember(organizationId, userId, invite.roleId, invite.inviterId);
    await this.activity.record(
      'invite.accepted',
      { type: 'invite', id: invite.id },
      { organizationId, actorId: userId },
    );
    const may = await this.members.permissionsOf(organizationId, userId);
    return {
      organization: may.has('organization:read') ? organization : outline(organization),
      role: invite.role.name,
      user: showUser(await this.members.person(organizationId, userId)),
    };
  }
}
