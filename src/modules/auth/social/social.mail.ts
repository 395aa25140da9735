import { Injectable } from '@nestjs/common';
import { SystemMailer } from '../../../mail/system-mailer';
import { systemTemplate } from '../../../mail/templates/system-template';
import { Providers } from './providers/providers';
import { type Delivery, On } from '../../../outbox/outbox.handlers';

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
const REFUSED = systemTemplate('social-refused', {
  about: 'account',
  examples: { name: 'Ada', provider: 'Google' },
  required: ['provider'],
  words: {
    en: {
      subject: 'We kept a sign-in through {{provider}} out',
      greeting: 'Hello {{name}},',
      lines: [
        'Someone who has your address at {{provider}} tried to sign in to your account, by another identity than the one that is linked to it. We refused.',
        'If that was you, because you made your account there anew: sign in another way, then link it. If not, someone may have been given your address: see to it that your account has one that is yours alone.',
      ],
    },
  },
});

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

  @On('social.refused')
  refused(refused: Change, delivery: Delivery): Promise<void> {
    return this.mailer.send(delivery, REFUSED, refused, this.valuesOf(refused));
  }

  /** A provider that the settings have lost since is called by its id. */
  private valuesOf({ name, provider }: Change) {
    return { name, provider: this.providers.list().find(({ id }) => id === provider)?.name ?? provider };
  }
}
