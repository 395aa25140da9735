import { Injectable } from '@nestjs/common';
import { withoutLinks } from '../../../mail/templates/names';
import { SystemMailer } from '../../../mail/system-mailer';
import { systemTemplate } from '../../../mail/templates/system-template';
import { type Delivery, On } from '../../../outbox/outbox.handlers';
import { UsersService } from '../../users/users.service';

export type Alert = {
  kind: keyof typeof ALERTS;
  userId: string;
  ip: string;
  device: string;
  at: string;
};

type Deleted = Omit<Alert, 'kind' | 'userId'> & { to: string; name: string };

const ADVICE = 'If this was you, all is well. If not, set a new password now: that ends every session.';

const alert = (key: string, subject: string, line: string, advice = ADVICE) =>
  systemTemplate(key, {
    about: 'account',
    examples: { name: 'Ada', at: '2026-01-31T12:00:00.000Z', ip: '203.0.113.7', device: 'Firefox on Linux' },
    required: ['at', 'ip', 'device'],
    sentences: ['device'],
    words: {
      en: {
        subject,
        greeting: 'Hello {{name}},',
        lines: [line, 'When: {{at}}\nFrom: {{ip}}\nDevice: {{device}}', advice],
      },
    },
  });

const ALERTS = {
  login: alert('login-alert', 'New sign-in to your account', 'Someone signed in to your account.'),
  'password-changed': alert(
    'password-changed',
    'Your password was changed',
    'The password of your account was changed, and all other sessions were ended.',
  ),
  'session-reuse': alert(
    'session-ended',
    'We ended a session of yours',
    'A refresh token of yours was used twice: someone may have copied it. We ended the session; please sign in again.',
  ),
  'alerts-changed': alert(
    'login-alerts-changed',
    'You hear of sign-ins otherwise from now on',
    'Someone signed in to your account changed when we mail you about new sign-ins.',
  ),
};
const DELETED = alert(
  'account-deleted',
  'Your account was deleted',
  'Someone signed in to your account, or our staff, deleted it and what belonged to it.',
  'If this was not you, write to us: someone had a session of yours.',
);

/** Tells a person what happened to their account. */
@Injectable()
export class SessionsMail {
  constructor(
    private readonly mailer: SystemMailer,
    private readonly users: UsersService,
  ) {}

  @On('security.alert')
  async alert({ kind, userId, ip, device, at }: Alert, delivery: Delivery): Promise<void> {
    const { email, name } = await this.users.get(userId);
    const values = { name, at, ip, device: withoutLinks(device) || 'unknown' };
    await this.mailer.send(delivery, ALERTS[kind], { to: email }, values);
  }

  /** Of a person who is not there any more. */
  @On('account.deleted')
  async deleted({ to, device, ...values }: Deleted, delivery: Delivery): Promise<void> {
    await this.mailer.send(delivery, DELETED, { to }, { ...values, device: device || 'unknown' });
  }
}
