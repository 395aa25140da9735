import { Injectable, Logger } from '@nestjs/common';
import type { Delivery } from '../outbox/on';
import { compile, type Wording, type Written } from './letter';
import { Mailer } from './mailer';
import type { SystemTemplate } from './system-template';
import type { Values } from './template';

/** To whom a mail goes, and on behalf of which organization, if any. */
export type Envelope = { to: string; organizationId?: string };

/** The words that are somebody's own. The templates module answers: whose a mail is, is known above. */
export abstract class Wordings {
  /** The languages of the recipient, best first, and what the organization wants said instead of our words; null for ours. */
  abstract find(
    key: string,
    envelope: Envelope,
  ): Promise<{ locales: string[]; own: { locale: string; wording: Wording } | null }>;
}

/** Where an organization sees what became of its mails. The messages module keeps it. */
export abstract class DeliveryLog {
  /** Runs one try of a delivery and writes down how it ended. @throws whatever `send` throws */
  abstract track(
    mail: { organizationId: string; to: string; template: string },
    delivery: Delivery,
    send: () => Promise<void>,
  ): Promise<void>;
}

/** Sends the mails that the system sends by itself, in the recipient's language and the organization's words. */
@Injectable()
export class SystemMailer {
  private readonly logger = new Logger(SystemMailer.name);

  constructor(
    private readonly mailer: Mailer,
    private readonly wordings: Wordings,
    private readonly log: DeliveryLog,
  ) {}

  /** One try to deliver a mail, as part of an outbox message. @throws Error as Mailer.send does */
  async send<V extends Values>(
    delivery: Delivery,
    template: SystemTemplate<V>,
    envelope: Envelope,
    values: NoInfer<V>,
  ): Promise<void> {
    const { to, organizationId } = envelope;
    const letter = await this.write(template, envelope, values);
    const send = () => this.mailer.send({ id: delivery.id, to, ...letter });
    if (organizationId === undefined) return send();
    await this.log.track({ organizationId, to, template: template.key }, delivery, send);
  }

  private async write<V extends Values>(template: SystemTemplate<V>, envelope: Envelope, values: V): Promise<Written> {
    const { own, locales } = await this.wordings.find(template.key, envelope);
    const ours = template.wordingIn(locales);
    try {
      const { wording, locale } = own ?? ours;
      return await compile(wording, template.variables, locale)(values);
    } catch (error) {
      if (!own) throw error; // words from before a variable went away must not hold up the mail
      this.logger.warn({ err: error, template: template.key }, "An organization's template cannot be used.");
      return compile(ours.wording, template.variables, ours.locale)(values);
    }
  }
}
