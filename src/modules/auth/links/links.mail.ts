import { Injectable } from '@nestjs/common';
import { Link, Links } from '../../../mail/templates/links';
import { SystemMailer } from '../../../mail/system-mailer';
import { type Email, systemTemplate } from '../../../mail/templates/system-template';
import { type Delivery, On } from '../../../outbox/outbox.handlers';
import type { AccountLink } from './links.service';

const linkMail = (purpose: AccountLink, label: string, en: Omit<Email, 'action' | 'greeting'>) =>
  systemTemplate(purpose, {
    about: 'account',
    examples: { name: 'Ada', url: new Link(`https://app.example.com/links/${purpose}#token=…`) },
    required: ['url'],
    words: { en: { ...en, greeting: 'Hello {{name}},', action: { label, url: '{{url}}' } } },
  });

const MAILS = {
  'verify-email': linkMail('verify-email', 'Confirm my address', {
    subject: 'Confirm your address',
    lines: ['Please confirm that this mailbox is yours.'],
    footer: 'If you did not sign up, do not follow the link; nothing happens without it.',
  }),
  'reset-password': linkMail('reset-password', 'Set a new password', {
    subject: 'Set a new password',
    lines: ['Someone, hopefully you, asked for a link to set a new password.'],
    footer: 'If it was not you, ignore this mail: your password stays as it is.',
  }),
  'magic-link': linkMail('magic-link', 'Sign in', {
    subject: 'Your sign-in link',
    lines: ['This link signs you in. It works once, for a few minutes.'],
    footer: 'If you did not ask for it, ignore this mail, and pass it on to nobody.',
  }),
};

@Injectable()
export class LinksMail {
  constructor(
    private readonly mailer: SystemMailer,
    private readonly links: Links,
  ) {}

  @On('link.sent')
  async send(
    { purpose, to, name, token }: { purpose: AccountLink; to: string; name: string; token: string },
    delivery: Delivery,
  ): Promise<void> {
    await this.mailer.send(delivery, MAILS[purpose], { to }, { name, url: this.links.to(purpose, token) });
  }
}
