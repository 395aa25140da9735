import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ActivityService } from '../activity/activity.service';
import { MembersService } from '../organizations/members.service';
import { RoleInUse } from '../roles/roles.errors';
import { RolesService } from '../roles/roles.service';
import { UsersService } from '../users/users.service';
import { showInvite } from './invites.api';
import { InvitesRepository } from './records/invites.repository';

/** What becomes of invites when something else ends: a place, a role, an account. Each in the transaction that ends it. */
@Injectable()
export class InviteEndingsService implements OnModuleInit {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly members: MembersService,
    private readonly roles: RolesService,
    private readonly users: UsersService,
    private readonly activity: ActivityService,
  ) {}

  onModuleInit(): void {
    this.members.onEnd((organizationId, { email }) => this.endOf(organizationId, email));
    this.roles.beforeDelete((organizationId, from, to) => this.reassign(organizationId, from, to));
    this.users.onDelete(({ email }) => this.invites.forgetAddress(email));
    this.users.onExport('invites', ({ id, email }) => this.exportOf(id, email));
  }

  /** Who was sent away does not come back by what was offered before. */
  private async endOf(organizationId: string, email: string): Promise<void> {
    const invite = await this.invites.openOf(organizationId, email);
    if (!invite || !(await this.invites.close(invite, 'revokedAt'))) return;
    await this.record('revoked', organizationId, invite.id);
  }

  /** An offer goes to the heir, as a place does. @throws RoleInUse when there is none */
  private async reassign(organizationId: string, from: string, to: string | null): Promise<void> {
    const open = await this.invites.openIn(organizationId, from);
    if (open.length > 0 && !to) throw new RoleInUse();
    if (to) await this.invites.change(organizationId, { roleId: from }, { roleId: to });
    for (const { id } of open) await this.record('updated', organizationId, id);
  }

  private record(what: string, organizationId: string, id: string): Promise<void> {
    return this.activity.record(`invite.${what}`, { type: 'invite', id }, { organizationId });
  }

  /** What was offered by, and to, a person; never a token's hash. */
  private async exportOf(userId: string, email: string): Promise<unknown> {
    const [sent, received] = await Promise.all([this.invites.sentBy(userId), this.invites.sentTo(email)]);
    return { sent: sent.map(showInvite), received: received.map(showInvite) };
  }
}
