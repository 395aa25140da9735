import { Injectable } from '@nestjs/common';
import { MembersService } from '../organizations/members.service';
import type { Organization } from '../organizations/records/organization.entity';
import { OrganizationsService } from '../organizations/organizations.service';
import { RightsService } from '../roles/rights.service';
import { RolesService } from '../roles/roles.service';
import type { Invite } from './records/invite.entity';
import { InviteClosed } from './invites.errors';

export type Offer = Pick<Invite, 'organizationId' | 'roleId' | 'inviterId'>;

/** Whether what was offered can still be given: by an active organization, and by an inviter who may. One truth for whoever asks. */
@Injectable()
export class InviteStandingService {
  constructor(
    private readonly members: MembersService,
    private readonly roles: RolesService,
    private readonly rights: RightsService,
    private readonly organizations: OrganizationsService,
  ) {}

  /** The organization behind it. @throws InviteClosed when nobody stands behind it any more */
  async require(offer: Offer): Promise<Organization> {
    const organization = await this.organizations.get(offer.organizationId);
    if (!(await this.stands(offer, organization))) throw new InviteClosed();
    return organization;
  }

  /** Marks those of one organization's invites that are void. */
  async judge(organizationId: string, invites: Invite[]): Promise<void> {
    const pending = invites.filter(({ status }) => status === 'pending');
    if (pending.length === 0) return;

    const organization = await this.organizations.get(organizationId);
    const known = new Map<string, boolean>();
    for (const invite of pending) {
      const offer = `${invite.inviterId} ${invite.roleId}`; // a page names few people, and fewer roles
      if (!known.has(offer)) known.set(offer, await this.stands(invite, organization));
      invite.isVoid = !known.get(offer);
    }
  }

  private async stands({ organizationId, roleId, inviterId }: Offer, { status }: Organization): Promise<boolean> {
    if (status !== 'active' || !inviterId) return false;
    const { permissions } = await this.roles.get(organizationId, roleId);
    const held = await this.members.permissionsOf(organizationId, inviterId);
    const lasting = await this.rights.until(null, organizationId, inviterId); // what is joined is held for good
    return held.has('invites:create') && permissions.every((permission) => lasting.has(permission));
  }
}
