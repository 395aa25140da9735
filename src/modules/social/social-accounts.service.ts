import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Caller } from '../../access/caller';
import { Database, isDuplicate } from '../../kit/db/database';
import { Rows } from '../../kit/db/rows';
import type { Page, PageQuery } from '../../kit/http/page';
import type { Identity } from '../../kit/oauth/identity';
import { Outbox } from '../../kit/outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import { EmailUnverified } from '../auth/auth.errors';
import { User } from '../users/user.entity';
import { UsersService } from '../users/users.service';
import { SocialAccount } from './social-account.entity';
import { AlreadyLinked, LastWayIn } from './social.errors';

/** Which identities sign a person in. */
@Injectable()
export class SocialAccountsService implements OnModuleInit {
  private readonly accounts: Rows<SocialAccount>;

  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {
    this.accounts = new Rows(db, SocialAccount);
  }

  onModuleInit(): void {
    this.users.onExport('socialAccounts', async ({ id }) => (await this.accounts.list({ userId: id })).map(showHeld));
  }

  list(userId: string, query: PageQuery): Promise<Page<SocialAccount>> {
    return this.accounts.page(query, { userId });
  }

  /** Whose identity this is, if anyone's. */
  async ownerOf({ issuer, subject }: Identity): Promise<User | undefined> {
    return (await this.accounts.find({ issuer, subject }, { user: true }))?.user;
  }

  /** Links an identity to who is signed in. Theirs need not be the provider's address: they hold both. @throws EmailUnverified, AlreadyLinked */
  link({ userId, verified }: Caller, provider: string, identity: Identity): Promise<SocialAccount> {
    // else who proves the mailbox later would find someone else's way in there (decision 9)
    if (!verified) throw new EmailUnverified();

    return this.db.transaction(async () => this.add(await this.users.get(userId), provider, identity));
  }

  /** Part of a transaction. The person is told: whoever can sign in to that identity can now sign in to the account. @throws AlreadyLinked */
  async add({ id: userId, email: to, name }: User, provider: string, identity: Identity): Promise<SocialAccount> {
    const { issuer, subject, email } = identity;
    const account = await this.accounts.add({ userId, provider, issuer, subject, email }).catch((error: unknown) => {
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
      const { provider } = await this.accounts.get({ id, userId });
      const { passwordHash, email: to, name } = await this.users.get(userId);
      if (passwordHash === null && (await this.accounts.count({ userId })) === 1) throw new LastWayIn();

      await this.accounts.remove({ id, userId });
      await this.activity.record('social.unlinked', { type: 'social-account', id });
      await this.outbox.add('social.unlinked', { to, name, provider });
    });
  }
}

const showHeld = ({ provider, issuer, subject, email, createdAt }: SocialAccount) => ({
  provider,
  issuer,
  subject,
  email,
  createdAt,
});
