import { Injectable } from '@nestjs/common';
import { MailAllowance } from '../../../rate-limit/mail-allowance';
import { shownNames } from '../../../mail/templates/names';
import { SystemMailer } from '../../../mail/system-mailer';
import { systemTemplate } from '../../../mail/templates/system-template';
import { type Delivery, On } from '../../../outbox/outbox.handlers';
import { UsersService } from '../../users/users.service';
import { type NotificationType, type Params, wordsOf } from './notification.types';
import { unlessGone } from '../../../kit/problem';

type Mailed = { userId: string; organizationId: string; type: NotificationType; params: Params };

const NOTIFICATION = systemTemplate('notification', {
  about: 'organization',
  examples: { name: 'Ada', title: 'Grace joined Acme', body: 'Grace accepted the invite to Acme.' },
  required: ['body'],
  sentences: ['title', 'body'],
  words: {
    en: {
      subject: '{{title}}',
      greeting: 'Hello {{name}},',
      lines: ['{{body}}'],
      footer: 'Your settings say which notifications are mailed to you.',
    },
  },
});

/** The e-mail channel. */
@Injectable()
export class NotificationsMail {
  constructor(
    private readonly mailer: SystemMailer,
    private readonly users: UsersService,
    private readonly allowance: MailAllowance,
  ) {}

  @On('notification.mailed')
  async send({ userId, organizationId, type, params }: Mailed, delivery: Delivery): Promise<void> {
    const user = await unlessGone(this.users.get(userId));
    if (!user?.isActive) return;
    if (delivery.attempts === 1 && !(await this.allowance.allowsNews(user.email))) return; // it stays to be read in the app
    const values = { name: user.name, ...wordsOf(type, shownNames(params)) };
    await this.mailer.send(delivery, NOTIFICATION, { to: user.email, organizationId }, values);
  }
}
