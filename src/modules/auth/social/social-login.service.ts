import { Inject, Injectable } from '@nestjs/common';
import { clock } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { Database } from '../../../database/database';
import { nameFrom } from '../../../kit/text/email-address';
import { concerning } from '../../../kit/request-context';
import type { Identity } from './providers/identity';
import { AccountSuspended, SignupClosed } from '../login/auth.errors';
import { SignInService } from '../login/sign-in.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import type { Tokens } from '../sessions/sessions.api';
import type { User } from '../../users/user.entity';
import { EmailTaken } from '../../users/users.errors';
import { UsersService } from '../../users/users.service';
import { SocialAccountsService } from './social-accounts.service';
import { AlreadyLinked, EmailUnvouched, IdentityReplaced } from './social.errors';

type SignedIn = { user: User; tokens: Tokens };

/** Lets people in who proved an identity at a provider, and makes accounts for those who have none. */
@Injectable()
export class SocialLoginService {
  constructor(
    private readonly db: Database,
    private readonly accounts: SocialAccountsService,
    private readonly users: UsersService,
    private readonly organizations: OrganizationsService,
    private readonly welcome: SignInService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws AccountSuspended, EmailUnvouched, EmailTaken, SignupClosed, IdentityReplaced */
  async signIn(provider: string, identity: Identity): Promise<SignedIn> {
    try {
      return await this.enterOrJoin(provider, identity);
    } catch (error) {
      if (error instanceof IdentityReplaced) await this.accounts.warn(identity, provider); // after the transaction, which is undone
      throw error;
    }
  }

  private async enterOrJoin(provider: string, identity: Identity): Promise<SignedIn> {
    const enter = () => this.db.transaction(() => this.enter(provider, identity));
    try {
      return await enter();
    } catch (error) {
      if (!(error instanceof EmailTaken || error instanceof AlreadyLinked)) throw error;
      return enter(); // a twin of this sign-in may have been first, and made what stands in the way
    }
  }

  private async enter(provider: string, identity: Identity): Promise<SignedIn> {
    const owner = await this.accounts.ownerOf(identity);
    if (owner) return this.admit(owner);

    const { email } = identity;
    if (!email) throw new EmailUnvouched(); // before any look-up: the answer must not tell whether an address is known
    const local = await this.users.findByEmail(email);
    return local ? this.adopt(local, provider, identity) : this.settle(provider, { ...identity, email });
  }

  /** Links by address: the provider vouches for it, and here its owner has proved it, too (decision 16). */
  private async adopt(local: User, provider: string, identity: Identity): Promise<SignedIn> {
    if (!local.emailVerifiedAt)
      throw new EmailTaken({ detail: 'Prove your mailbox by a mailed link, then come back.' });

    await this.accounts.adopt(local, provider, identity);
    return this.admit(local);
  }

  private async settle(provider: string, identity: Identity & { email: string }): Promise<SignedIn> {
    if (this.config.SIGNUP_POLICY === 'closed') throw new SignupClosed();

    const { email, name } = identity;
    const account = { email, name: name ?? nameFrom(email), passwordHash: null, emailVerifiedAt: clock.now() };
    const { user } = await this.organizations.createAccount(account);
    await this.accounts.add(user, provider, identity);
    return { user, tokens: await this.welcome.newcomer(user) };
  }

  private async admit(user: User): Promise<SignedIn> {
    concerning(user.id);
    if (!user.isActive) throw new AccountSuspended();
    return { user, tokens: await this.welcome.back(user) };
  }
}
