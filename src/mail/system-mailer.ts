import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config';
import { requestContext } from '../kit/request-context';
import type { Delivery } from '../outbox/outbox.handlers';
import { compile, signed, type TemplateContent, type RenderedEmail } from './templates/email';
import { Mailer } from './mailer';
import { casesIn, requireSound } from './templates/sound';
import type { About, Given, SystemTemplate } from './templates/system-template';
import type { Values } from './templates/template';

/** To whom a mail goes and, if it is about an organization, which. */
export type Envelope<A extends About = About> = { to: string } & (A extends 'organization'
  ? { organizationId: string }
  : { organizationId?: undefined });

type Own = { locale: string; wording: TemplateContent };

/** The words that are somebody's own. The templates module answers: whose a mail is, is known above. */
export abstract class TemplateContents {
  /** The languages of the recipient, best first, and what the organization wants said instead of our words; null for ours. */
  abstract find(key: string, envelope: Envelope): Promise<{ locales: string[]; own: Own | null }>;
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

/** Sends the mails that the system sends by itself, in the recipient's language and, if they are about an organization, in its words. The product signs. */
@Injectable()
export class SystemMailer {
  private readonly logger = new Logger(SystemMailer.name);

  constructor(
    private readonly mailer: Mailer,
    private readonly wordings: TemplateContents,
    private readonly log: DeliveryLog,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * One try to deliver a mail, as part of an outbox message. Whatever led to it: on behalf of who has not proved a mailbox nothing goes
   * to anybody else. @throws Error as Mailer.send does
   */
  async send<V extends Given, A extends About>(
    delivery: Delivery,
    template: SystemTemplate<V, A>,
    envelope: Envelope<NoInfer<A>>,
    values: NoInfer<V>,
  ): Promise<void> {
    const { to, organizationId } = envelope;
    const { unproved = to } = requestContext() ?? {};
    if (unproved !== to)
      return this.logger.warn({ template: template.key }, 'Asked for by someone unproved: not sent.');

    const letter = signed(await this.write(template as never, envelope, template.shown(values)), this.config.APP_NAME);
    const send = () => this.mailer.send({ id: delivery.id, to, ...letter });
    if (organizationId === undefined) return send();
    await this.log.track({ organizationId, to, template: template.key }, delivery, send);
  }

  private async write(template: SystemTemplate, envelope: Envelope, values: Values): Promise<RenderedEmail> {
    const { own, locales } = await this.wordings.find(template.key, envelope);
    const theirs = template.about === 'organization' && own && (await this.inTheirs(own, template, values));
    if (theirs) return theirs;
    const { wording, locale } = template.wordingIn(locales);
    return compile(wording, template.variables, locale)(values);
  }

  /** Undefined where their words cannot be used: those that an older version took must not hold up the mail. */
  private async inTheirs(
    { wording, locale }: Own,
    template: SystemTemplate,
    values: Values,
  ): Promise<RenderedEmail | undefined> {
    try {
      await requireSound(template, wording, casesIn(template, values));
      return await compile(wording, template.variables, locale)(values);
    } catch (error) {
      this.logger.warn({ err: error, template: template.key }, "An organization's template cannot be used.");
    }
    return undefined;
  }
}
