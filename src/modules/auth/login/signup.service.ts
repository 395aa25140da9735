import { Injectable } from '@nestjs/common';
import { Database } from '../../../database/database';
import { nameFrom } from '../../../kit/text/email-address';
import { LinksService } from '../links/links.service';
import type { Account } from '../../organizations/organizations.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import { PasswordsService } from '../passwords/passwords.service';
import type { SignUp } from './auth.api';
import { SignInService } from './sign-in.service';

/** Sign-up where nobody need prove a mailbox first. */
@Injectable()
export class SignUpService {
  constructor(
    private readonly db: Database,
    private readonly organizations: OrganizationsService,
    private readonly passwords: PasswordsService,
    private readonly links: LinksService,
    private readonly welcome: SignInService,
  ) {}

  /** Makes an account with its first organization and signs its person in. @throws EmailTaken */
  async signUp(form: SignUp) {
    const account = await this.accountFrom(form);
    return this.db.transaction(async () => {
      const { user, organization } = await this.organizations.createAccount(account, form.organizationName);
      await this.links.send('verify-email', user);
      return { user, organization, tokens: await this.welcome.newcomer(user) };
    });
  }

  /** What is stored of the form. @throws ValidationFailed for a poor password */
  async accountFrom({ email, password, name = nameFrom(email) }: Omit<SignUp, 'organizationName'>): Promise<Account> {
    this.passwords.judge(password, 'password', { email, name });
    return { email, name, passwordHash: await this.passwords.hash(password) };
  }
}
