import { Injectable } from '@nestjs/common';
import { render } from '../../kit/mail/letter';
import { Mailer } from '../../kit/mail/mailer';
import { type Delivery, On } from '../../kit/outbox/on';
import { UsersService } from '../users/users.service';
import { type NotificationType, type Params, wordsOf } from './notification.types';
import { unlessGone } from './notifier.service';

type Mailed = { userId: string; type: NotificationType; params: Params };

/** The e-mail channel. */
@Injectable()
export class NotificationsMail {
  constructor(
    private readonly mailer: Mailer,
    private readonly users: UsersService,
  ) {}

  @On('notification.mailed')
  async send({ userId, type, params }: Mailed, { id }: Delivery): Promise<void> {
    const user = await unlessGone(this.users.get(userId));
    if (!user?.isActive) return;
    const { title, body } = wordsOf(type, params);
    const letter = { subject: title, greeting: `Hello ${user.name},`, lines: [body], footer: FOOTER };
    await this.mailer.send({ id, to: user.email, ...render(letter) });
  }
}

const FOOTER = 'Your settings say which notifications are mailed to you.';
