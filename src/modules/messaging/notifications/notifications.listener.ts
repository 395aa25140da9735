import { Injectable } from '@nestjs/common';
import { type Delivery, Formerly, On } from '../../../outbox/outbox.handlers';
import { MembersService } from '../../organizations/members.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import type { NotificationType } from './notification.types';
import { unlessGone } from '../../../kit/problem';
import { NotifierService } from './notifier.service';

type Billing = { organizationId: string; plan: string; amount?: string; reason?: string | null };
type Membership = { organizationId: string; userId: string };

/** What happens elsewhere, and who is told of it. */
@Injectable()
@Formerly('NotificationsReactions')
export class NotificationsListener {
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

  @On('payment.succeeded')
  paid(news: Billing, { id }: Delivery) {
    return this.tellBilling('payment.succeeded', news, id);
  }

  @On('payment.failed')
  notPaid(news: Billing, { id }: Delivery) {
    return this.tellBilling('payment.failed', news, id);
  }

  @On('payment.refunded')
  refunded(news: Billing, { id }: Delivery) {
    return this.tellBilling('payment.refunded', news, id);
  }

  @On('payment.refund-failed')
  notRefunded(news: Billing, { id }: Delivery) {
    return this.tellBilling('payment.refund-failed', news, id);
  }

  @On('payment.disputed')
  disputed(news: Billing, { id }: Delivery) {
    return this.tellBilling('payment.disputed', news, id);
  }

  @On('subscription.cancelled')
  cancelled(news: Billing, { id }: Delivery) {
    return this.tellBilling('subscription.cancelled', news, id);
  }

  @On('subscription.ended')
  ended(news: Billing, { id }: Delivery) {
    return this.tellBilling('subscription.ended', news, id);
  }

  /** Everyone who sees the organization's payments hears of them. */
  private async tellBilling(type: NotificationType, { organizationId, ...news }: Billing, messageId: string) {
    const organization = await this.nameOf(organizationId);
    if (organization === undefined) return;
    const { plan, amount, reason } = news;
    const params = { organization, plan, amount, reason };
    const readers = await this.members.holdersOf(organizationId, 'billing:read');
    await this.notifier.tell(readers, { ...OF_NOBODY, type, messageId, organizationId, params });
  }

  private async nameOf(organizationId: string): Promise<string | undefined> {
    return (await unlessGone(this.organizations.get(organizationId)))?.name;
  }

  private placeOf(organizationId: string, userId: string) {
    return Promise.all([this.nameOf(organizationId), unlessGone(this.members.get(organizationId, userId))]);
  }
}

const OF_NOBODY = { personId: null };
