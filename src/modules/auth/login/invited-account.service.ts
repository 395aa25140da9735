import { Injectable } from '@nestjs/common';
import { clock } from '../../../kit/clock';
import { ActivityService } from '../../activity/activity.service';
import { EmailVerificationService } from '../links/email-verification.service';
import type { Account } from '../../organizations/organizations.service';
import type { Tokens } from '../sessions/sessions.api';
import { EmailTaken } from '../../users/users.errors';
import type { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { AccountSuspended } from './auth.errors';
import { SignUpService } from './signup.service';
import { SignInService } from './sign-in.service';

/** The account of a person who came by an invite: the mailed token proves the mailbox. */
@Injectable()
export class InvitedAccountService {
  constructor(
    private readonly users: UsersService,
    private readonly signUps: SignUpService,
    private readonly proof: EmailVerificationService,
    private readonly welcome: SignInService,
    private readonly activity: ActivityService,
  ) {}

  /** What is stored of the form; slow, so before the transaction. @throws ValidationFailed for a poor password */
  prepare(form: { email: string; name: string; password: string }): Promise<Account> {
    return this.signUps.accountFrom(form);
  }

  /** Makes the account, or takes over one whose mailbox nobody had proved, and signs in. @throws EmailTaken, AccountSuspended */
  async open({ email, name, passwordHash }: Account): Promise<{ user: User; tokens: Tokens }> {
    const known = await this.users.findByEmail(email);
    if (known?.emailVerifiedAt) throw new EmailTaken({ detail: 'Sign in, then accept the invite.' });
    if (known?.isActive === false) throw new AccountSuspended();

    const user = known
      ? await this.takeOver(known, { name, passwordHash })
      : await this.make({ email, name, passwordHash });
    return { user, tokens: await this.welcome.newcomer(user) };
  }

  private async make(account: Account): Promise<User> {
    const user = await this.users.add({ ...account, emailVerifiedAt: clock.now() });
    await this.activity.record('user.signed-up', { type: 'user', id: user.id }, { actorId: user.id });
    return user;
  }

  private async takeOver(known: User, values: Pick<Account, 'name' | 'passwordHash'>): Promise<User> {
    await this.proof.accept(known, { samePerson: false });
    await this.users.amend(known.id, values);
    return this.users.get(known.id);
  }
}
