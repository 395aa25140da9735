import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { MailAllowance } from '../../rate-limit/mail-allowance';
import { ActivityService } from '../activity/activity.service';
import { OrganizationsService } from '../organizations/organizations.service';
import { RolesService } from '../roles/roles.service';
import type { Invite } from './records/invite.entity';
import { InviteSenderService } from './invite-sender.service';
import type { NewInvite } from './invites.api';
import { InvitesService } from './invites.service';

/** Has invites mailed, in the name of who asks for it. */
@Injectable()
export class InvitingService {
  constructor(
    private readonly invites: InvitesService,
    private readonly sender: InviteSenderService,
    private readonly organizations: OrganizationsService,
    private readonly roles: RolesService,
    private readonly allowance: MailAllowance,
    private readonly activity: ActivityService,
  ) {}

  /** @throws EmailUnverified, TooManyRequests, RoleUnknown, GrantsTooMuch, AlreadyMember, InvitePending */
  create(caller: Member, { email, role: roleName }: NewInvite): Promise<Invite> {
    const { organizationId, userId, name } = caller;
    return this.organizations.inTurn(organizationId, async () => {
      await this.allowance.take(caller, email);
      const role = await this.roles.grantable(caller, roleName);

      const invite = await this.sender.create({ organizationId, email, roleId: role.id, inviterId: userId });
      await this.activity.record('invite.created', { type: 'invite', id: invite.id }, { organizationId });
      return Object.assign(invite, { role, inviter: { id: userId, name } });
    });
  }

  /** Mails a fresh link, in the caller's name from now on; the old one is dead. @throws EmailUnverified, TooManyRequests, InviteClosed, GrantsTooMuch */
  resend(caller: Member, id: string): Promise<Invite> {
    const { organizationId } = caller;
    return this.organizations.inTurn(organizationId, async () => {
      const invite = await this.invites.getOpen(organizationId, id);
      await this.allowance.take(caller, invite.email);
      await this.roles.grantable(caller, invite.role.name);

      await this.sender.renew(invite, { inviterId: caller.userId, renewals: 0 });
      await this.activity.record('invite.resent', { type: 'invite', id }, { organizationId });
      return this.invites.get(organizationId, id);
    });
  }
}
