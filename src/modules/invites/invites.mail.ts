import { Injectable } from '@nestjs/common';
import { render } from '../../kit/mail/letter';
import { Links } from '../../kit/mail/links';
import { Mailer } from '../../kit/mail/mailer';
import { type Delivery, On } from '../../kit/outbox/on';
import { OrganizationsService } from '../organizations/organizations.service';
import type { Invite } from './invite.entity';
import { InvitesRepository, SHOWN } from './invites.repository';

type Sent = { organizationId: string; inviteId: string; token: string };

@Injectable()
export class InvitesMail {
  constructor(
    private readonly mailer: Mailer,
    private readonly links: Links,
    private readonly invites: InvitesRepository,
    private readonly organizations: OrganizationsService,
  ) {}

  /**
   * Mails the link to the stored address. Where mail was held up until the invite had expired, the link is still of use: it can ask
   * for a fresh one. An invite that was closed meanwhile is not mailed.
   */
  @On('invite.sent')
  async send({ organizationId, inviteId, token }: Sent, { id }: Delivery): Promise<void> {
    const invite = await this.invites.find(organizationId, { id: inviteId }, SHOWN);
    const expired = invite ?? (await this.invites.findTombstone(token));
    if (!expired || (invite && invite.openEmail === null)) return;

    const { name } = await this.organizations.get(organizationId);
    const letter = invite?.status === 'pending' ? offer(invite, name) : late(name);
    const action = { label: `Join ${name}`, url: this.links.to('invite', token) };
    const footer = 'If you do not know why you got this, ignore it.';
    await this.mailer.send({ id, to: expired.email, ...render({ ...letter, action, footer }) });
  }
}

function offer({ inviter, role, expiresAt }: Invite, organization: string) {
  const invitation = `${inviter ? `${inviter.name} invites you` : 'You are invited'} to join ${organization}`;
  const until = `The link works until ${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC.`;
  return { subject: invitation, lines: [`${invitation} as ${role.name}.`, until] };
}

const late = (organization: string) => ({
  subject: `You are invited to join ${organization}`,
  lines: [
    `You are invited to join ${organization}. This mail was held up, and its link has expired: follow it for a fresh one.`,
  ],
});
