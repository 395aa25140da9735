import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../config/config';
import { Links } from './templates/links';
import { Mailbox } from './mailbox';
import { Mailer } from './mailer';
import { SmtpMailer, smtpTransport } from './smtp.mailer';

/** The way out for mail: SMTP where it is configured, else the development mailbox. */
@Module({})
export class MailModule {
  static of(config: Config): DynamicModule {
    const module = { module: MailModule, exports: [Mailer, Links] };
    return smtpTransport(config)
      ? {
          ...module,
          providers: [Links, { provide: Mailer, useClass: SmtpMailer }],
        }
      : {
          ...module,
          providers: [Links, Mailbox, { provide: Mailer, useExisting: Mailbox }],
          exports: [...module.exports, Mailbox],
        };
  }
}
