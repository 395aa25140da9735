import { Injectable } from '@nestjs/common';
import { shownName } from '../../../mail/templates/names';
import { SystemMailer } from '../../../mail/system-mailer';
import { systemTemplate } from '../../../mail/templates/system-template';
import { type Delivery, On } from '../../../outbox/outbox.handlers';
import { MembersService } from '../../organizations/members.service';
import { UsersService } from '../../users/users.service';

const ACCOUNT_EXISTS = systemTemplate('account-exists', {
  about: 'account',
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

const HANDED_OVER = systemTemplate('account-handed-over', {
  about: 'account',
  examples: {
    name: 'Ada',
    setUpAt: '2026-01-31T12:00:00.000Z',
    belongs: true,
    organizations: 'Acme (2 other members)',
  },
  required: ['setUpAt'],
  sentences: ['organizations'],
  words: {
    en: {
      subject: 'Your account was handed over to you',
      greeting: 'Hello {{name}},',
      lines: [
        'You have just proved that this mailbox is yours. Your account was set up before that, by someone who had not: perhaps by you, on another device.',
        'Set up: {{setUpAt}}',
        'So that nobody else has a way in, the password, sign-ins and settings of then no longer count. If you did not choose a new password just now, set one.',
        [
          'belongs',
          'What came with the account: {{organizations}}. Look at who else is in there, and remove whom you do not know.',
        ],
      ],
    },
  },
});

@Injectable()
export class AuthMail {
  constructor(
    private readonly mailer: SystemMailer,
    private readonly users: UsersService,
    private readonly members: MembersService,
  ) {}

  @On('signup.known')
  async known({ to, name }: { to: string; name: string }, delivery: Delivery): Promise<void> {
    await this.mailer.send(delivery, ACCOUNT_EXISTS, { to }, { name });
  }

  @On('account.handed-over')
  async handedOver({ userId, setUpAt }: { userId: string; setUpAt: string }, delivery: Delivery): Promise<void> {
    const { email, name } = await this.users.get(userId);
    const company = await this.members.companyOf(userId);
    const organizations = company
      .map((one) => `${shownName('organization', one.name)} (${one.others} other members)`)
      .join(', ');
    const values = { name, setUpAt, belongs: company.length > 0, organizations };
    await this.mailer.send(delivery, HANDED_OVER, { to: email }, values);
  }
}
