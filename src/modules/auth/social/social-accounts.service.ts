import { Injectable } from '@nestjs/common';
import { DAY } from '../../../kit/clock';
import { Database, isDuplicate } from '../../../database/database';
import { Rows } from '../../../database/rows';
import type { PageQuery } from '../../../http/contract/page';
import type { Page } from '../../../database/page';
import { AccountLimits } from '../../../rate-limit/account-limits';
import type { Identity } from './providers/identity';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import { PersonProofService, type Proved } from '../passwords/person-proof.service';
import { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { SocialAccount } from './social-account.entity';
import { AlreadyLinked, IdentityReplaced, LastWayIn } from './social.errors';

/** Which identities sign a person in. */
@Injectable()
export class SocialAccountsService {
  private readonly accounts: Rows<SocialAccount>;

  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly persons: PersonProofService,
    private readonly limits: AccountLimits,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {
    this.accounts = new Rows(db, SocialAccount);
  }

  list(userId: string, query: PageQuery): Promise<Page<SocialAccount>> {
    return this.accounts.page(query, { userId });
  }

  all(userId: string): Promise<SocialAccount[]> {
    return this.accounts.list({ userId });
  }

  /** Whose identity this is, if anyone's. */
  async ownerOf({ issuer, subject }: Identity): Promise<User | undefined> {
    return (await this.accounts.find({ issuer, subject }, { user: true }))?.user;
  }

  /**
   * Links an identity to a person who proved, besides their session, that it is them. It need not have their address: they hold both.
   * @throws ProofRequired, AlreadyLinked
   */
  link(proved: Proved, provider: string, identity: Identity): Promise<SocialAccount> {
    return this.db.transaction(async () => {
      const user = await this.persons.holder(proved);
      const byPassword = proved.by === 'password' && identity.email !== user.email;
      return this.add(user, provider, identity, byPassword);
    });
  }

  /**
   * Links the identity that has the person's address. Part of a transaction. @throws AlreadyLinked, and IdentityReplaced where the person
   * has another one at that provider or issuer: a mailbox may be given to someone else, an identity never (OWASP ASVS 5.0, 10.5.2).
   */
  async adopt(user: User, provider: string, identity: Identity): Promise<void> {
    await this.db.lock(User, { id: user.id }); // of two at once, the second sees the first
    const { issuer, subject } = identity;
    const linked = await this.accounts.list({ userId: user.id });
    if (linked.some((one) => one.issuer === issuer && one.subject === subject)) throw new AlreadyLinked();
    if (linked.some((one) => one.issuer === issuer || one.provider === provider)) throw new IdentityReplaced();

    await this.add(user, provider, identity);
  }

  /** Tells the person, once a day, that another identity with their address was kept out. Outside a transaction. */
  async warn({ email }: Identity, provider: string): Promise<void> {
    const user = email ? await this.users.findByEmail(email) : null;
    if (user && (await this.limits.allows(`identity-refused:${user.id}:${provider}`, { max: 1, per: DAY })))
      await this.outbox.add('social.refused', { to: user.email, name: user.name, provider });
  }

  /** Part of a transaction. The person is told: whoever can sign in to that identity can now sign in to the account. @throws AlreadyLinked */
  async add(user: User, provider: string, identity: Identity, byPassword = false): Promise<SocialAccount> {
    const { id: userId, email: to, name } = user;
    const { issuer, subject, email } = identity;
    const values = { userId, provider, issuer, subject, email, byPassword };
    const account = await this.accounts.add(values).catch((error: unknown) => {
      throw isDuplicate(error) ? new AlreadyLinked() : error;
    });
    await this.activity.record('social.linked', { type: 'social-account', id: account.id }, { actorId: userId });
    await this.outbox.add('social.linked', { to, name, provider });
    return account;
  }

  /** @throws NotFound, LastWayIn */
  unlink(userId: string, id: string): Promise<void> {
    return this.db.transaction(async () => {
      await this.db.lock(User, { id: userId }); // two at once would each see the other
      const account = await this.accounts.get({ id, userId });
      const user = await this.users.get(userId);
      if (user.passwordHash === null && (await this.accounts.count({ userId })) === 1) throw new LastWayIn();

      await this.end(user, account);
    });
  }

  /** Part of a transaction. Who had the password could link identities of their own: those that nothing else confirms do not outlive it. */
  async endThoseByPassword(userId: string): Promise<void> {
    const ending = await this.accounts.list({ userId, byPassword: true });
    if (ending.length === 0) return;
    const user = await this.users.get(userId);
    for (const account of ending) await this.end(user, account);
  }

  private async end({ id: userId, email: to, name }: User, { id, provider }: SocialAccount): Promise<void> {
    await this.accounts.remove({ id, userId });
    await this.activity.record('social.unlinked', { type: 'social-account', id }, { actorId: userId });
    await this.outbox.add('social.unlinked', { to, name, provider });
  }
}
