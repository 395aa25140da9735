import { Injectable } from '@nestjs/common';
import { Link, Links } from '../../mail/templates/links';
import { SystemMailer } from '../../mail/system-mailer';
import { systemTemplate } from '../../mail/templates/system-template';
import { type Delivery, On } from '../../outbox/outbox.handlers';
import { hashToken } from '../../kit/token';
import { OrganizationsService } from '../organizations/organizations.service';
import { WaitlistRepository } from './waitlist.repository';

type Entered = { organizationId: string; entryId: string; token: string };

const CONFIRMATION = systemTemplate('waitlist-confirmation', {
  about: 'organization',
  examples: { organization: 'Acme', url: new Link('https://app.example.com/links/waitlist#token=…') },
  required: ['url'],
  words: {
    en: {
      subject: 'Confirm your place on the waiting list of {{organization}}',
      lines: ['Someone, hopefully you, put this address on the waiting list of {{organization}}.'],
      action: { label: 'Confirm my place', url: '{{url}}' },
      footer: 'If it was not you, ignore this mail: without the link the address is forgotten.',
    },
  },
});

@Injectable()
export class WaitlistMail {
  constructor(
    private readonly mailer: SystemMailer,
    private readonly links: Links,
    private readonly entries: WaitlistRepository,
    private readonly organizations: OrganizationsService,
  ) {}

  /** Mails the link to the stored address. Nothing that a stranger typed is in the mail. */
  @On('waitlist.entered')
  async send({ organizationId, entryId, token }: Entered, delivery: Delivery): Promise<void> {
    const entry = await this.entries.find(organizationId, { id: entryId, tokenHash: hashToken(token) });
    if (!entry) return; // gone, or a newer link is on its way
    const { name: organization } = await this.organizations.get(organizationId);
    const values = { organization, url: this.links.to('waitlist', token) };
    await this.mailer.send(delivery, CONFIRMATION, { to: entry.email, organizationId }, values);
  }
}
