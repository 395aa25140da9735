import { Injectable } from '@nestjs/common';
import { type Letter, render } from '../../kit/mail/letter';
import { Mailer } from '../../kit/mail/mailer';
import { type Delivery, On } from '../../kit/outbox/on';
import { UsersService } from '../users/users.service';

export type Alert = {
  kind: 'login' | 'password-changed' | 'session-reuse';
  userId: string;
  ip: string;
  device: string;
  at: string;
};

const ALERTS: Record<Alert['kind'], Pick<Letter, 'subject' | 'lines'>> = {
  login: { subject: 'New sign-in to your account', lines: ['Someone signed in to your account.'] },
  'password-changed': {
    subject: 'Your password was changed',
    lines: ['The password of your account was changed, and all other sessions were ended.'],
  },
  'session-reuse': {
    subject: 'We ended a session of yours',
    lines: [
      'A refresh token of yours was used twice: someone may have copied it. We ended the session; please sign in again.',
    ],
  },
};
const ADVICE = 'If this was you, all is well. If not, set a new password now: that ends every session.';

/** Tells a person what happened to their account. */
@Injectable()
export class SessionsMail {
  constructor(
    private readonly mailer: Mailer,
    private readonly users: UsersService,
  ) {}

  @On('security.alert')
  async alert({ kind, userId, ip, device, at }: Alert, { id }: Delivery): Promise<void> {
    const { email, name } = await this.users.get(userId);
    const { subject, lines } = ALERTS[kind];
    const where = [`When: ${at}`, `From: ${ip}`, `Device: ${device || 'unknown'}`].join('\n');
    await this.mailer.send({
      id,
      to: email,
      ...render({ subject, greeting: `Hello ${name},`, lines: [...lines, where, ADVICE] }),
    });
  }
}
