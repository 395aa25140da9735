import { Injectable } from '@nestjs/common';
import { type Delivery, On } from '../../kit/outbox/on';
import { MembersService } from '../organizations/members.service';
import { OrganizationsService } from '../organizations/organizations.service';
import { NotifierService, unlessGone } from './notifier.service';

type Membership = { organizationId: string; userId: string };

/** What happens elsewhere, and who is told of it. */
@Injectable()
export class NotificationsReactions {
  constructor(
    private readonly notifier: NotifierService,
    private readonly members: MembersService,
    private readonly organizations: OrganizationsService,
  ) {}

  /** Owners hear of it, and whoever sent the invite, if they still belong there. */
  @On('member.joined')
  async joined({ organizationId, userId, inviterId }: Membership & { inviterId: string | null }, { id }: Delivery) {
    const [organization, member] = await this.placeOf(organizationId, userId);
    if (!organization || !member) return;
    const hearers = new Set(await this.members.ownersOf(organizationId));
    if (inviterId && (await this.members.isActive(organizationId, inviterId))) hearers.add(inviterId);
    hearers.delete(userId);
    const params = { organization, person: member.name, role: member.role };
    await this.notifier.tell(hearers, {
      type: 'member.joined',
      messageId: id,
      organizationId,
      personId: userId,
      params,
    });
  }

  @On('member.role-changed')
  async roleChanged({ organizationId, userId }: Membership, { id }: Delivery) {
    const [organization, member] = await this.placeOf(organizationId, userId);
    if (!organization || !member) return;
    const params = { organization, role: member.role };
    await this.notifier.tell([userId], {
      ...OF_NOBODY,
      type: 'member.role-changed',
      messageId: id,
      organizationId,
      params,
    });
  }

  @On('member.removed')
  async removed({ organizationId, userId }: Membership, { id }: Delivery) {
    const organization = await this.nameOf(organizationId);
    if (organization === undefined) return;
    const params = { organization };
    await this.notifier.tell([userId], { ...OF_NOBODY, type: 'member.removed', messageId: id, organizationId, params });
  }

  @On('organization.suspended')
  async suspended({ organizationId }: { organizationId: string }, { id }: Delivery) {
    const organization = await this.nameOf(organizationId);
    if (organization === undefined) return;
    const owners = await this.members.ownersOf(organizationId);
    const params = { organization };
    await this.notifier.tell(owners, {
      ...OF_NOBODY,
      type: 'organization.suspended',
      messageId: id,
      organizationId,
      params,
    });
  }

  private async nameOf(organizationId: string): Promise<string | undefined> {
    return (await unlessGone(this.organizations.get(organizationId)))?.name;
  }

  private placeOf(organizationId: string, userId: string) {
    return Promise.all([this.nameOf(organizationId), unlessGone(this.members.get(organizationId, userId))]);
  }
}

const OF_NOBODY = { personId: null };
