import { Injectable } from '@nestjs/common';
import { render } from '../../kit/mail/letter';
import { Mailer } from '../../kit/mail/mailer';
import { Providers } from '../../kit/oauth/providers';
import { type Delivery, On } from '../../kit/outbox/on';

type Change = { to: string; name: string; provider: string };

const ADVICE = 'If this was you, all is well. If not, set a new password now and look through your linked accounts.';

/** Tells a person what signs them in from now on. */
@Injectable()
export class SocialMail {
  constructor(
    private readonly mailer: Mailer,
    private readonly providers: Providers,
  ) {}

  @On('social.linked')
  linked(change: Change, delivery: Delivery): Promise<void> {
    const title = this.titleOf(change);
    return this.send(change, delivery, `${title} now signs you in`, `Your account was linked to ${title}.`);
  }

  @On('social.unlinked')
  unlinked(change: Change, delivery: Delivery): Promise<void> {
    const title = this.titleOf(change);
    return this.send(change, delivery, `${title} no longer signs you in`, `Your account was unlinked from ${title}.`);
  }

  private async send({ to, name }: Change, { id }: Delivery, subject: string, line: string): Promise<void> {
    await this.mailer.send({ id, to, ...render({ subject, greeting: `Hello ${name},`, lines: [line, ADVICE] }) });
  }

  /** A provider that the settings have lost since is called by its id. */
  private titleOf({ provider }: Change): string {
    return this.providers.list().find(({ id }) => id === provider)?.name ?? provider;
  }
}
