import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import type { Page, PageQuery } from '../../kit/http/page';
import { ActivityService } from '../activity/activity.service';
import { OrganizationsService } from '../organizations/organizations.service';
import { RolesService } from '../roles/roles.service';
import type { Invite } from './invite.entity';
import { InviteSender } from './invite.sender';
import { InviteStanding } from './invite.standing';
import type { NewInvite } from './invites.api';
import { InviteClosed } from './invites.errors';
import { InvitesRepository, SHOWN } from './invites.repository';

/** The organization's side of an invite. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly sender: InviteSender,
    private readonly standing: InviteStanding,
    private readonly organizations: OrganizationsService,
    private readonly roles: RolesService,
    private readonly activity: ActivityService,
  ) {}

  async list({ organizationId }: Member, query: PageQuery): Promise<Page<Invite>> {
    const page = await this.invites.page(organizationId, query, {}, SHOWN);
    await this.standing.judge(organizationId, page.data);
    return page;
  }

  async get({ organizationId }: Member, id: string): Promise<Invite> {
    const invite = await this.invites.get(organizationId, id, SHOWN);
    await this.standing.judge(organizationId, [invite]);
    return invite;
  }

  /** @throws RoleUnknown, GrantsTooMuch, AlreadyMember, InvitePending */
  create(caller: Member, { email, role: roleName }: NewInvite): Promise<Invite> {
    const { organizationId, userId, name } = caller;
    return this.organizations.inTurn(organizationId, async () => {
      const role = await this.roles.grantable(caller, roleName);

      const invite = await this.sender.create({ organizationId, email, roleId: role.id, inviterId: userId });
      await this.activity.record('invite.created', { type: 'invite', id: invite.id }, { organizationId });
      return Object.assign(invite, { role, inviter: { id: userId, name } });
    });
  }

  /** Mails a fresh link, in the caller's name from now on; the old one is dead. @throws InviteClosed */
  resend(caller: Member, id: string): Promise<Invite> {
    const { organizationId } = caller;
    return this.organizations.inTurn(organizationId, async () => {
      const invite = await this.getOpen(caller, id);
      await this.roles.grantable(caller, invite.role.name);

      await this.sender.renew(invite, { inviterId: caller.userId, renewals: 0 });
      await this.activity.record('invite.resent', { type: 'invite', id }, { organizationId });
      return this.get(caller, id);
    });
  }

  /** Takes an open invite back, an expired one, too: whatever its links could do, they can no more. @throws InviteClosed */
  revoke(caller: Member, id: string): Promise<void> {
    const { organizationId } = caller;
    return this.organizations.inTurn(organizationId, async () => {
      const invite = await this.getOpen(caller, id);
      if (!(await this.invites.close(invite, 'revokedAt'))) throw new InviteClosed();

      await this.activity.record('invite.revoked', { type: 'invite', id }, { organizationId });
    });
  }

  private async getOpen(caller: Member, id: string): Promise<Invite> {
    const invite = await this.get(caller, id);
    if (invite.openEmail === null) throw new InviteClosed();
    return invite;
  }
}
