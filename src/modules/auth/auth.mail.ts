import { Injectable } from '@nestjs/common';
import { render } from '../../kit/mail/letter';
import { Mailer } from '../../kit/mail/mailer';
import { type Delivery, On } from '../../kit/outbox/on';

@Injectable()
export class AuthMail {
  constructor(private readonly mailer: Mailer) {}

  @On('signup.known')
  async known({ to, name }: { to: string; name: string }, { id }: Delivery): Promise<void> {
    const lines = [
      'Someone, perhaps you, signed up with this address. You have an account already: sign in, or set a new password if you forgot it.',
    ];
    await this.mailer.send({
      id,
      to,
      ...render({
        subject: 'You have an account already',
        greeting: `Hello ${name},`,
        lines,
        footer: 'If it was not you, ignore this mail.',
      }),
    });
  }
}
