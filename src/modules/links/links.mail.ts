import { Injectable } from '@nestjs/common';
import { type Letter, render } from '../../kit/mail/letter';
import { Links } from '../../kit/mail/links';
import { Mailer } from '../../kit/mail/mailer';
import { type Delivery, On } from '../../kit/outbox/on';
import type { AccountLink } from './links.service';

const LETTERS: Record<AccountLink, Omit<Letter, 'action'> & { label: string }> = {
  'verify-email': {
    subject: 'Confirm your address',
    lines: ['Please confirm that this mailbox is yours.'],
    label: 'Confirm my address',
    footer: 'If you did not sign up, do not follow the link; nothing happens without it.',
  },
  'reset-password': {
    subject: 'Set a new password',
    lines: ['Someone, hopefully you, asked for a link to set a new password.'],
    label: 'Set a new password',
    footer: 'If it was not you, ignore this mail: your password stays as it is.',
  },
  'magic-link': {
    subject: 'Your sign-in link',
    lines: ['This link signs you in. It works once, for a few minutes.'],
    label: 'Sign in',
    footer: 'If you did not ask for it, ignore this mail, and pass it on to nobody.',
  },
};

@Injectable()
export class LinksMail {
  constructor(
    private readonly mailer: Mailer,
    private readonly links: Links,
  ) {}

  @On('link.sent')
  async send(
    { purpose, to, name, token }: { purpose: AccountLink; to: string; name: string; token: string },
    { id }: Delivery,
  ): Promise<void> {
    const { label, ...letter } = LETTERS[purpose];
    const action = { label, url: this.links.to(purpose, token) };
    await this.mailer.send({ id, to, ...render({ ...letter, greeting: `Hello ${name},`, action }) });
  }
}
