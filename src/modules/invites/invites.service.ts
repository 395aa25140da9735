import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { Database } from '../../kit/db/database';
import type { Page, PageQuery } from '../../kit/http/page';
import { ActivityService } from '../activity/activity.service';
import { MembersService } from '../organizations/members.service';
import { AlreadyMember } from '../organizations/organizations.errors';
import { RolesService } from '../roles/roles.service';
import type { Invite } from './invite.entity';
import { InviteSender } from './invite.sender';
import type { NewInvite } from './invites.api';
import { InviteClosed } from './invites.errors';
import { InvitesRepository, SHOWN } from './invites.repository';

/** The organization's side of an invite. */
@Injectable()
export class InvitesService {
  constructor(
    private readonly db: Database,
    private readonly invites: InvitesRepository,
    private readonly sender: InviteSender,
    private readonly members: MembersService,
    private readonly roles: RolesService,
    private readonly activity: ActivityService,
  ) {}

  list({ organizationId }: Member, query: PageQuery): Promise<Page<Invite>> {
    return this.invites.page(organizationId, query, {}, SHOWN);
  }

  get({ organizationId }: Member, id: string): Promise<Invite> {
    return this.invites.get(organizationId, id, SHOWN);
  }

  /** @throws RoleUnknown, GrantsTooMuch, AlreadyMember, InvitePending */
  create(caller: Member, { email, role: roleName }: NewInvite): Promise<Invite> {
    const { organizationId, userId, name } = caller;
    return this.db.transaction(async () => {
      const role = await this.roles.grantable(caller, roleName);
      if (await this.members.hasMemberWithEmail(organizationId, email)) throw new AlreadyMember();

      const invite = await this.sender.create({ organizationId, email, roleId: role.id, inviterId: userId });
      await this.activity.record('invite.created', { type: 'invite', id: invite.id }, { organizationId });
      return Object.assign(invite, { role, inviter: { id: userId, name } });
    });
  }

  /** Mails a fresh link; the old one is dead. @throws InviteClosed */
  resend(caller: Member, id: string): Promise<Invite> {
    const { organizationId } = caller;
    return this.db.transaction(async () => {
      const invite = await this.getOpen(caller, id);
      await this.roles.grantable(caller, invite.role.name);

      await this.sender.renew(invite, caller.userId);
      await this.activity.record('invite.resent', { type: 'invite', id }, { organizationId });
      return this.get(caller, id);
    });
  }

  /** @throws InviteClosed */
  revoke(caller: Member, id: string): Promise<void> {
    const { organizationId } = caller;
    return this.db.transaction(async () => {
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
