import { Injectable } from '@nestjs/common';
import { type Permission } from '../../access/permissions';
import { NotFound } from '../../kit/errors/problem';
import { MembersService } from '../organizations/members.service';
import { OrganizationsService } from '../organizations/organizations.service';
import { RightsService } from '../roles/rights.service';
import { RolesService } from '../roles/roles.service';
import type { Organization } from '../organizations/organization.entity';
import type { Invite } from './invite.entity';
import { InviteClosed, InviteExpired } from './invites.errors';
import { InvitesRepository } from './invites.repository';

type Offer = Pick<Invite, 'organizationId' | 'roleId' | 'inviterId'>;

/** From a mailed token to an invite that may still be used. */
@Injectable()
export class InviteLinks {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly members: MembersService,
    private readonly roles: RolesService,
    private readonly rights: RightsService,
    private readonly organizations: OrganizationsService,
  ) {}

  /** The open invite and its organization. @throws NotFound, InviteExpired (it can be renewed), InviteClosed */
  async open(token: string): Promise<{ invite: Invite; organization: Organization }> {
    const invite = await this.invites.findByToken(token);
    if (!invite) throw (await this.invites.findTombstone(token)) ? new InviteExpired() : new NotFound();
    if (invite.status === 'expired') throw new InviteExpired();
    if (invite.status !== 'pending') throw new InviteClosed();
    return { invite, organization: await this.requireValid(invite) };
  }

  /** The same once it is this one's turn: whoever changes rights in the organization meanwhile waits. Part of a transaction. */
  async claim(token: string): Promise<{ invite: Invite; organization: Organization }> {
    const { organization } = await this.open(token);
    await this.organizations.lock(organization.id);
    return this.open(token);
  }

  /** Whether what was offered can still be given: by an active organization, and by an inviter who may, for good. @throws InviteClosed */
  async requireValid({ organizationId, roleId, inviterId }: Offer): Promise<Organization> {
    const organization = await this.organizations.get(organizationId);
    const { permissions } = await this.roles.get(organizationId, roleId);
    const none = new Set<Permission>();
    const held = inviterId ? await this.members.permissionsOf(organizationId, inviterId) : none;
    const lasting = inviterId ? await this.rights.until(null, organizationId, inviterId) : none;
    const isGivable = held.has('invites:create') && permissions.every((permission) => lasting.has(permission));
    if (organization.status !== 'active' || !isGivable) throw new InviteClosed();
    return organization;
  }
}
