import { Injectable } from '@nestjs/common';
import { render } from '../../kit/mail/letter';
import { Links } from '../../kit/mail/links';
import { Mailer } from '../../kit/mail/mailer';
import { type Delivery, On } from '../../kit/outbox/on';
import { hashToken } from '../../kit/token';
import { OrganizationsService } from '../organizations/organizations.service';
import { WaitlistRepository } from './waitlist.repository';

type Entered = { organizationId: string; entryId: string; token: string };

@Injectable()
export class WaitlistMail {
  constructor(
    private readonly mailer: Mailer,
    private readonly links: Links,
    private readonly entries: WaitlistRepository,
    private readonly organizations: OrganizationsService,
  ) {}

  /** Mails the link to the stored address. Nothing that a stranger typed is in the mail. */
  @On('waitlist.entered')
  async send({ organizationId, entryId, token }: Entered, { id }: Delivery): Promise<void> {
    const entry = await this.entries.find(organizationId, { id: entryId, tokenHash: hashToken(token) });
    if (!entry) return; // gone, or a newer link is on its way
    const { name } = await this.organizations.get(organizationId);
    await this.mailer.send({
      id,
      to: entry.email,
      ...render({
        subject: `Confirm your place on the waiting list of ${name}`,
        lines: [`Someone, hopefully you, put this address on the waiting list of ${name}.`],
        action: { label: 'Confirm my place', url: this.links.to('waitlist', token) },
        footer: 'If it was not you, ignore this mail: without the link the address is forgotten.',
      }),
    });
  }
}
