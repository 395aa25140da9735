import { Injectable } from '@nestjs/common';
import { SystemMailer } from '../../kit/mail/system-mailer';
import { systemTemplate } from '../../kit/mail/system-template';
import { type Delivery, On } from '../../kit/outbox/on';

const ACCOUNT_EXISTS = systemTemplate('account-exists', {
  examples: { name: 'Ada' },
  words: {
    en: {
      subject: 'You have an account already',
      greeting: 'Hello {{name}},',
      lines: [
        'Someone, perhaps you, signed up with this address. You have an account already: sign in, or set a new password if you forgot it.',
      ],
      footer: 'If it was not you, ignore this mail.',
    },
  },
});

@Injectable()
export class AuthMail {
  constructor(private readonly mailer: SystemMailer) {}

  @On('signup.known')
  async known({ to, name }: { to: string; name: string }, delivery: Delivery): Promise<void> {
    await this.mailer.send(delivery, ACCOUNT_EXISTS, { to }, { name });
  }
}
