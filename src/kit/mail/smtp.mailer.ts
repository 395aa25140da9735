import { MailerService } from '@nestjs-modules/mailer';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config';
import { SECOND } from '../clock';
import { type Mail, Mailer } from './mailer';

/** Well under the outbox's lease: a mail server that hangs must not have its message sent twice. */
const TIMEOUTS = { connectionTimeout: 10 * SECOND, greetingTimeout: 10 * SECOND, socketTimeout: 20 * SECOND };

/** Nodemailer's transport for these settings; undefined without SMTP. */
export function smtpTransport({ SMTP_URL, MAIL_USERNAME, MAIL_PASSWORD }: Config) {
  const common = { pool: true, maxConnections: 8, disableFileAccess: true, disableUrlAccess: true, ...TIMEOUTS };
  if (SMTP_URL) return { ...common, url: SMTP_URL };
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
export class SmtpMailer extends Mailer {
  private readonly domain: string;

  constructor(
    private readonly mailer: MailerService,
    @Inject(CONFIG) config: Config,
  ) {
    super();
    this.domain = config.MAIL_FROM.match(/@([^\s<>]+)/)?.[1] ?? 'localhost';
  }

  async send({ id, to, headers, ...content }: Mail): Promise<void> {
    try {
      await this.mailer.sendMail({
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
}
