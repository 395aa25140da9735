import { Injectable } from '@nestjs/common';
import { SystemMailer } from '../../kit/mail/system-mailer';
import { systemTemplate } from '../../kit/mail/system-template';
import { Providers } from '../../kit/oauth/providers';
import { type Delivery, On } from '../../kit/outbox/on';

type Change = { to: string; name: string; provider: string };

const ADVICE = 'If this was you, all is well. If not, set a new password now and look through your linked accounts.';

const change = (key: string, subject: string, line: string) =>
  systemTemplate(key, {
    about: 'account',
    examples: { name: 'Ada', provider: 'Google' },
    required: ['provider'],
    words: { en: { subject, greeting: 'Hello {{name}},', lines: [line, ADVICE] } },
  });

const LINKED = change('social-linked', '{{provider}} now signs you in', 'Your account was linked to {{provider}}.');
const UNLINKED = change(
  'social-unlinked',
  '{{provider}} no longer signs you in',
  'Your account was unlinked from {{provider}}.',
);

/** Tells a person what signs them in from now on. */
@Injectable()
export class SocialMail {
  constructor(
    private readonly mailer: SystemMailer,
    private readonly providers: Providers,
  ) {}

  @On('social.linked')
  linked(linked: Change, delivery: Delivery): Promise<void> {
    return this.mailer.send(delivery, LINKED, linked, this.valuesOf(linked));
  }

  @On('social.unlinked')
  unlinked(unlinked: Change, delivery: Delivery): Promise<void> {
    return this.mailer.send(delivery, UNLINKED, unlinked, this.valuesOf(unlinked));
  }

  /** A provider that the settings have lost since is called by its id. */
  private valuesOf({ name, provider }: Change) {
    return { name, provider: this.providers.list().find(({ id }) => id === provider)?.name ?? provider };
  }
}
