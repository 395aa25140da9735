import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThan, MoreThan } from 'typeorm';
import { clock, fromNow } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { Database } from '../../../database/database';
import { Rows } from '../../../database/rows';
import { concerning } from '../../../kit/request-context';
import { MailAllowance } from '../../../rate-limit/mail-allowance';
import type { LinkPurpose } from '../../../mail/templates/links';
import { Outbox } from '../../../outbox/outbox';
import { On } from '../../../outbox/outbox.handlers';
import { hashToken, newToken } from '../../../kit/token';
import { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { LinkDead } from './links.errors';
import { OneTimeToken } from './one-time-token.entity';

export type AccountLink = Exclude<LinkPurpose, 'invite' | 'waitlist' | 'unsubscribe'>;

/** Links that are mailed to a person and work once. */
@Injectable()
export class LinksService implements OnModuleInit {
  private readonly tokens: Rows<OneTimeToken>;

  constructor(
    private readonly db: Database,
    private readonly users: UsersService,
    private readonly outbox: Outbox,
    private readonly allowance: MailAllowance,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.tokens = new Rows(db, OneTimeToken);
  }

  onModuleInit(): void {
    this.users.onExport('links', async ({ id }) =>
      (await this.tokens.list({ userId: id })).map(({ purpose, createdAt, expiresAt }) => ({
        purpose,
        createdAt,
        expiresAt,
      })),
    );
    this.users.onSuspension(({ id }) => this.forgetAll(id));
    this.users.onHandOver(({ id }) => this.forgetAll(id));
  }

  /** Takes a request for a link. Whether the address is known is found out later, by the outbox: the answer cannot tell. */
  async request(purpose: AccountLink, email: string): Promise<void> {
    if (await this.allows(purpose, email)) await this.outbox.add('link.requested', { purpose, email });
  }

  /** Counts one mail that somebody asks for an address; tells whether it may go. */
  allows(kind: AccountLink | 'signup', email: string): Promise<boolean> {
    return this.allowance.allows(kind, email);
  }

  @On('link.requested')
  async answer({ purpose, email }: { purpose: AccountLink; email: string }): Promise<void> {
    await this.db.transaction(async () => {
      await this.db.lock(User, { email }); // of two requests at once, the later one's link is the one that lives
      const user = await this.users.findByEmail(email); // now: a link must not outlive a suspension
      if (!user?.isActive || (purpose === 'verify-email' && user.emailVerifiedAt)) return;
      await this.send(purpose, user);
    });
  }

  /** Makes a link, which kills the one before, and mails it. */
  async send(purpose: AccountLink, user: Pick<User, 'id' | 'email' | 'name'>): Promise<void> {
    const { token, hash } = newToken();
    await this.tokens.remove({ userId: user.id, purpose });
    await this.tokens.add({ userId: user.id, purpose, tokenHash: hash, expiresAt: fromNow(this.lifetimeOf(purpose)) });
    await this.outbox.add('link.sent', { purpose, to: user.email, name: user.name, token });
  }

  /**
   * Uses a link up and returns whose it is, as they are now; part of a transaction, to whose end the person stays locked. Of parallel
   * uses one wins: the DELETE is the guard. @throws LinkDead
   */
  async use(purpose: AccountLink, token: string): Promise<User> {
    const { id } = await this.ownerOf(purpose, token);
    await this.db.lock(User, { id });
    if ((await this.tokens.remove(live(purpose, token))) !== 1) throw new LinkDead();
    const user = await this.users.get(id);
    if (!user.isActive) throw new LinkDead();
    return user;
  }

  /** The person whose link this is, without using it up. @throws LinkDead */
  async ownerOf(purpose: AccountLink, token: string): Promise<User> {
    const found = await this.tokens.find(live(purpose, token), { user: true });
    concerning(found?.user.id);
    if (!found) throw new LinkDead();
    return found.user;
  }

  /** Kills every link of a person. */
  async forgetAll(userId: string): Promise<void> {
    await this.tokens.remove({ userId });
  }

  /** Deletes links whose time is over; tells how many. */
  forget(): Promise<number> {
    return this.tokens.sweep({ expiresAt: LessThan(clock.now()) });
  }

  private lifetimeOf(purpose: AccountLink): number {
    const { VERIFY_TTL, RESET_TTL, MAGIC_LINK_TTL } = this.config;
    return { 'verify-email': VERIFY_TTL, 'reset-password': RESET_TTL, 'magic-link': MAGIC_LINK_TTL }[purpose];
  }
}

const live = (purpose: AccountLink, token: string) => ({
  tokenHash: hashToken(token),
  purpose,
  expiresAt: MoreThan(clock.now()),
});
