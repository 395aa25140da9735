import { Inject, Injectable } from '@nestjs/common';
import { In, LessThan, MoreThan, Not } from 'typeorm';
import { clock, fromNow, SECOND } from '../../kit/clock';
import { CONFIG, type Config } from '../../kit/config';
import { KeyRing } from '../../kit/crypto';
import { Database } from '../../kit/db/database';
import { isId } from '../../kit/db/id';
import { Rows } from '../../kit/db/rows';
import { NotFound } from '../../kit/errors/problem';
import type { Page, PageQuery } from '../../kit/http/page';
import { Outbox } from '../../kit/outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import { User } from '../users/user.entity';
import { USER_SHOWN } from '../users/users.api';
import { AccessTokens } from './access-tokens';
import { currentDevice } from './devices.service';
import { Session } from './session.entity';
import type { Tokens } from './sessions.api';
import { RefreshInvalid } from './sessions.errors';

/** For this long a client that lost the answer to a refresh, or a second tab, gets the same successor again. */
const GRACE = 10 * SECOND;

/** What a refresh asks of a session, and shows of its person. */
const REFRESHED = {
  userId: true,
  endsAt: true,
  user: USER_SHOWN,
};

/** Sessions and their refresh tokens: `session id . counter . HMAC`, so that nothing usable is stored (RFC 9700, 4.14.2). */
@Injectable()
export class SessionsService {
  private readonly sessions: Rows<Session>;

  constructor(
    private readonly db: Database,
    private readonly tokens: AccessTokens,
    private readonly ring: KeyRing,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.sessions = new Rows(db, Session);
  }

  /** Signs a person in on the current device; part of a transaction. */
  async open(userId: string): Promise<Tokens> {
    const { ip, userAgent } = currentDevice();
    const { REFRESH_IDLE_TTL, REFRESH_ABSOLUTE_TTL } = this.config;
    const endsAt = fromNow(REFRESH_ABSOLUTE_TTL);
    const expiresAt = fromNow(Math.min(REFRESH_IDLE_TTL, REFRESH_ABSOLUTE_TTL));
    const { id } = await this.sessions.add({
      userId,
      ip,
      userAgent,
      counter: 0,
      refreshedAt: clock.now(),
      expiresAt,
      endsAt,
    });
    await this.activity.record('session.started', { type: 'session', id }, { actorId: userId });
    return this.issue(userId, id, 0);
  }

  /**
   * Trades a refresh token for its successor. The parent again within 10 s, while the successor is unused, gets the same successor;
   * anything older is a stolen token: the session ends and its owner is told. @throws RefreshInvalid
   */
  async refresh(token: string): Promise<{ user: User; tokens: Tokens }> {
    const { id, counter } = this.read(token);
    const now = clock.now();
    const session = await this.sessions.find({ id, expiresAt: MoreThan(now) }, REFRESHED);
    if (!session?.user.isActive) throw new RefreshInvalid();

    const { ip, userAgent } = currentDevice();
    const expiresAt = new Date(Math.min(now.getTime() + this.config.REFRESH_IDLE_TTL, session.endsAt.getTime()));
    const moved = await this.sessions.change(
      { id, counter, expiresAt: MoreThan(now) },
      { counter: counter + 1, refreshedAt: now, expiresAt, ip, userAgent },
    );
    if (moved === 0) await this.requireRetry(id, counter, now);
    return { user: session.user, tokens: this.issue(session.userId, id, counter + 1) };
  }

  list(userId: string, query: PageQuery): Promise<Page<Session>> {
    return this.sessions.page(query, { userId, expiresAt: MoreThan(clock.now()) });
  }

  /** Which of these sessions are live, of active people: for what outlasts the request that the guard let in. */
  async liveAmong(ids: string[]): Promise<Set<string>> {
    const live = { id: In(ids), expiresAt: MoreThan(clock.now()), user: { status: 'active' as const } };
    return new Set((await this.sessions.list(live)).map(({ id }) => id));
  }

  /** Every session of a person. */
  all(userId: string): Promise<Session[]> {
    return this.sessions.list({ userId });
  }

  /** Ends one session of this person. @throws NotFound */
  end(userId: string, id: string): Promise<void> {
    return this.db.transaction(async () => {
      if ((await this.sessions.remove({ id, userId })) === 0) throw new NotFound();
      await this.activity.record('session.ended', { type: 'session', id });
    });
  }

  /** Ends all sessions of this person but one. */
  endOthers(userId: string, keptId: string): Promise<void> {
    return this.db.transaction(async () => {
      await this.sessions.remove({ userId, id: Not(keptId) });
      await this.activity.record('session.others-ended', { type: 'user', id: userId });
    });
  }

  async endAll(userId: string): Promise<void> {
    await this.sessions.remove({ userId });
  }

  /** Deletes sessions that are over; tells how many. */
  forget(): Promise<number> {
    return this.sessions.sweep({ endsAt: LessThan(clock.now()) });
  }

  private async requireRetry(id: string, counter: number, now: Date): Promise<void> {
    const session = await this.sessions.find({ id });
    if (!session) throw new RefreshInvalid();
    if (session.counter === counter + 1 && now.getTime() - session.refreshedAt.getTime() <= GRACE) return;
    await this.revokeStolen(session);
    throw new RefreshInvalid();
  }

  private revokeStolen({ id, userId }: Session): Promise<void> {
    return this.db.transaction(async () => {
      if ((await this.sessions.remove({ id })) === 0) return; // told once
      const { ip, userAgent } = currentDevice();
      await this.activity.record('session.reuse-detected', { type: 'session', id }, { actorId: userId });
      await this.outbox.add('security.alert', {
        kind: 'session-reuse',
        userId,
        ip,
        device: userAgent,
        at: clock.now(),
      });
    });
  }

  private issue(userId: string, id: string, counter: number): Tokens {
    const refreshToken = `${id}.${counter}.${this.ring.sign(signed(id, counter))}`;
    return {
      accessToken: this.tokens.sign(userId, id),
      refreshToken,
      tokenType: 'Bearer',
      expiresIn: this.tokens.lifetime,
    };
  }

  private read(token: string): { id: string; counter: number } {
    const [, id, count, signature] = /^([0-9a-f-]{36})\.(0|[1-9]\d{0,8})\.([\w.-]+)$/.exec(token) ?? [];
    if (!isId(id) || !this.ring.verifies(signed(id, Number(count)), signature!)) throw new RefreshInvalid();
    return { id, counter: Number(count) };
  }
}

const signed = (id: string, counter: number): string => `refresh:${id}:${counter}`;
