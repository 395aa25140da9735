import { Injectable } from '@nestjs/common';
import { Link, Links } from '../../mail/templates/links';
import { SystemMailer } from '../../mail/system-mailer';
import { systemTemplate } from '../../mail/templates/system-template';
import { type Delivery, On } from '../../outbox/outbox.handlers';
import { OrganizationsService } from '../organizations/organizations.service';
import type { Invite } from './records/invite.entity';
import { InviteStandingService } from './invite-standing.service';
import { InvitesRepository } from './records/invites.repository';

type Sent = { organizationId: string; inviteId: string; token: string };

const INVITED =
  '{{#named}}{{inviter}} invites you{{/named}}{{^named}}You are invited{{/named}} to join {{organization}}';

const INVITE = systemTemplate('invite', {
  about: 'organization',
  examples: {
    organization: 'Acme',
    inviter: 'Grace Hopper',
    named: true,
    role: 'Member',
    until: '2026-01-31 12:00 UTC',
    late: false,
    url: new Link('https://app.example.com/links/invite#token=…'),
  },
  required: ['url'],
  words: {
    en: {
      subject: INVITED,
      lines: [
        ['^late', `${INVITED} as {{role}}.`],
        ['^late', 'The link works until {{until}}.'],
        ['late', `${INVITED}. This mail was held up, and its link has expired: follow it for a fresh one.`],
      ],
      action: { label: 'Join {{organization}}', url: '{{url}}' },
      footer: 'If you do not know why you got this, ignore it.',
    },
  },
});

const RENEWED = systemTemplate('invite-renewed', {
  about: 'organization',
  examples: { name: 'Ada', email: 'grace@example.com', organization: 'Acme', role: 'Member' },
  required: ['email'],
  sentences: ['email'],
  words: {
    en: {
      subject: 'Your invite to {{organization}} was renewed',
      greeting: 'Hello {{name}},',
      lines: [
        'You invited {{email}} to join {{organization}} as {{role}}. The link had expired, and they had a fresh one mailed to them.',
        'If they should not join any more, take the invite back: its links stop working at once.',
      ],
    },
  },
});

@Injectable()
export class InvitesMail {
  constructor(
    private readonly mailer: SystemMailer,
    private readonly links: Links,
    private readonly invites: InvitesRepository,
    private readonly standing: InviteStandingService,
    private readonly organizations: OrganizationsService,
  ) {}

  /**
   * Mails the link to the stored address. Where mail was held up until the invite had expired, the link is still of use: it can ask
   * for a fresh one. What was closed, void or replaced meanwhile is not mailed.
   */
  @On('invite.sent')
  async send({ organizationId, inviteId, token }: Sent, delivery: Delivery): Promise<void> {
    const invite = await this.find(organizationId, inviteId);
    if (!invite || !this.invites.isLinkOf(invite, token)) return;
    if (invite.status !== 'pending' && invite.status !== 'expired') return;

    const { name: organization } = await this.organizations.get(organizationId);
    const offer = invite.status === 'pending' ? offered(invite) : LATE;
    const values = { ...offer, organization, url: this.links.to('invite', token) };
    await this.mailer.send(delivery, INVITE, { to: invite.email, organizationId }, values);
  }

  /** Tells the inviter, who may not want it any more. */
  @On('invite.renewed')
  async renewed({ organizationId, inviteId }: Omit<Sent, 'token'>, delivery: Delivery): Promise<void> {
    const invite = await this.find(organizationId, inviteId);
    if (!invite?.inviter?.emailVerifiedAt || invite.openEmail === null) return;

    const { name: organization } = await this.organizations.get(organizationId);
    const { email, role, inviter } = invite;
    const values = { name: inviter.name, email, organization, role: role.name };
    await this.mailer.send(delivery, RENEWED, { to: inviter.email, organizationId }, values);
  }

  private async find(organizationId: string, id: string): Promise<Invite | null> {
    const invite = await this.invites.find(organizationId, { id }, MAILED);
    if (invite) await this.standing.judge(organizationId, [invite]);
    return invite;
  }
}

const MAILED = { role: { name: true }, inviter: { name: true, email: true, emailVerifiedAt: true } };
const LATE = { late: true, named: false, inviter: '', role: '', until: '' };

const offered = ({ inviter, role, expiresAt }: Invite) => ({
  late: false,
  named: inviter !== null,
  inviter: inviter?.name ?? '',
  role: role.name,
  until: `${expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
});
