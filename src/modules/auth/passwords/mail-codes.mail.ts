import { Injectable } from '@nestjs/common';
import { SystemMailer } from '../../../mail/system-mailer';
import { systemTemplate } from '../../../mail/templates/system-template';
import { type Delivery, On } from '../../../outbox/outbox.handlers';

const CODE = systemTemplate('step-up-code', {
  about: 'account',
  examples: { name: 'Ada', code: '40718293' },
  required: ['code'],
  words: {
    en: {
      subject: 'Your code',
      greeting: 'Hello {{name}},',
      lines: [
        'Someone signed in to your account, hopefully you, is about to change how one signs in to it. This code confirms that it is you:',
        '{{code}}',
        'It works once, for ten minutes, and only where it was asked for.',
      ],
      footer:
        'If you did not ask for it, pass it on to nobody, and set a new password now: someone has a session of yours.',
    },
  },
});

@Injectable()
export class MailCodesMail {
  constructor(private readonly mailer: SystemMailer) {}

  @On('mail-code.sent')
  async sent({ to, name, code }: { to: string; name: string; code: string }, delivery: Delivery): Promise<void> {
    await this.mailer.send(delivery, CODE, { to }, { name, code });
  }
}
