import type { MailerService } from '@nestjs-modules/mailer';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import { CONFIG, type Config } from '../config/config';
import { SECOND } from '../kit/clock';
import { isLoopback } from '../kit/net/web-url';
import { type Mail, Mailer } from './mailer';
import { senderFrom } from '../kit/text/email-sender';

/** Well under the outbox's lease: a mail server that hangs must not have its message sent twice. */
const TIMEOUTS = { connectionTimeout: 10 * SECOND, greetingTimeout: 10 * SECOND, socketTimeout: 20 * SECOND };

/**
 * A password leaves this machine under TLS only (RFC 8314): a server that offers no STARTTLS gets neither it nor the mail. Said in the
 * URL, which Nodemailer believes before all else.
 */
function withTls(text: string): string {
  const url = new URL(text);
  if (url.protocol === 'smtp:' && url.password && !isLoopback(text)) url.searchParams.set('requireTLS', 'true');
  return url.href;
}

/** Nodemailer's transport for these settings; undefined without SMTP. */
export function smtpTransport({ SMTP_URL, MAIL_USERNAME, MAIL_PASSWORD }: Config) {
  const common = { pool: true, maxConnections: 8, disableFileAccess: true, disableUrlAccess: true, ...TIMEOUTS };
  if (SMTP_URL) return { ...common, url: withTls(SMTP_URL) };
  if (MAIL_USERNAME)
    return {
      ...common,
      host: 'smtp.gmail.com',
      port: 465,
      secure: true,
      auth: { user: MAIL_USERNAME, pass: MAIL_PASSWORD },
    };
  return undefined;
}

type Refusal = { responseCode?: number; command?: string; response?: string };

/**
 * A 550 that is about the mailbox (RFC 3463, 3.2), not about the message or about us: many a server says by it that it relays for nobody.
 * Without an enhanced code the words have to tell.
 */
const NO_MAILBOX = /^550[ -](5\.1\.|(?!\d\.\d)(?!.*(relay|denied|spam|policy|block|blacklist|spf|dkim|dmarc)))/is;

/** Sends over SMTP. A refusal with a 5xx code is final (RFC 5321 4.2.1). */
@Injectable()
export class SmtpMailer extends Mailer implements OnModuleDestroy {
  private readonly from = senderFrom(this.config.MAIL_FROM)!;
  private readonly domain = this.from.address.split('@')[1]!;
  private service?: Promise<MailerService>;

  constructor(
    private readonly modules: LazyModuleLoader,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super();
  }

  async send({ id, to, headers, ...content }: Mail): Promise<void> {
    this.service ??= this.load().catch((error: Error) => {
      this.service = undefined; // the next mail tries again
      throw error;
    });
    const service = await this.service;
    try {
      await service.sendMail({
        ...content,
        to: { name: '', address: to },
        messageId: `<${id}@${this.domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated', ...headers },
      });
    } catch (error) {
      const { responseCode = 0, command, response = '' } = error as Refusal;
      const refused = responseCode >= 500 && responseCode < 600 && command !== 'CONN' && !command?.startsWith('AUTH');
      const bounced = refused && NO_MAILBOX.test(response);
      throw Object.assign(error as Error, { permanent: refused, bounced });
    }
  }

  async onModuleDestroy(): Promise<void> {
    const service = await this.service;
    await service?.onModuleDestroy(); // Nest calls no hooks of a module that came later
  }

  /** With the first mail: a start would wait for Nodemailer's files. */
  private async load(): Promise<MailerService> {
    const { MailerModule, MailerService } =
      require('@nestjs-modules/mailer') as typeof import('@nestjs-modules/mailer');
    const options = { transport: smtpTransport(this.config), defaults: { from: this.from } as object };
    const module = await this.modules.load(() => MailerModule.forRoot(options), { logger: false });
    return module.get(MailerService, { strict: false });
  }
}
