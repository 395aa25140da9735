import { Inject, Injectable } from '@nestjs/common';
import { LessThan, MoreThan, Not } from 'typeorm';
import { clock, fromNow } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { Database, isMissingReference, sqlTime } from '../../../database/database';
import { newId } from '../../../kit/id';
import { Rows } from '../../../database/rows';
import { NotFound, Unauthenticated } from '../../../kit/problem';
import { concerning } from '../../../kit/request-context';
import type { PageQuery } from '../../../http/contract/page';
import type { Page } from '../../../database/page';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import { User } from '../../users/user.entity';
import { USER_SHOWN } from '../../users/users.api';
import { UsersService } from '../../users/users.service';
import { currentDevice } from '../devices/devices.service';
import { successorOf } from './rotation';
import { Session } from './session.entity';
import { SessionTokens } from './session-tokens';
import type { Tokens } from './sessions.api';
import { RefreshInvalid, SignInOvertaken } from './sessions.errors';

/** What a refresh asks of a session, and shows of its person. */
const REFRESHED = {
  userId: true,
  endsAt: true,
  counter: true,
  traded: true,
  trades: true,
  refreshedAt: true,
  authEpoch: true,
  user: { ...USER_SHOWN, authEpoch: true },
};

/** For whom a session is opened, and as of when that was found right. */
export type Proven = Pick<User, 'id' | 'authEpoch'>;

const OPEN = `
  INSERT INTO sessions (id, created_at, user_id, auth_epoch, ip, user_agent, counter, traded, refreshed_at, expires_at, ends_at)
  SELECT ?, ?, id, auth_epoch, ?, ?, 0, -1, ?, ?, ? FROM users WHERE id = ? AND auth_epoch = ? AND status = 'active'`;
const KEEP = `
  UPDATE sessions SET auth_epoch = auth_epoch + 1
  WHERE id = ? AND user_id = ? AND auth_epoch = (SELECT auth_epoch - 1 FROM users WHERE id = ?)`;
const LIVE = "JOIN users u ON u.id = t.user_id AND u.auth_epoch = t.auth_epoch AND u.status = 'active'";

/** Who is signed in, and where. */
@Injectable()
export class SessionsService {
  private readonly sessions: Rows<Session>;

  constructor(
    private readonly db: Database,
    private readonly tokens: SessionTokens,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
    private readonly users: UsersService,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.sessions = new Rows(db, Session);
  }

  /**
   * Signs a person in on the current device; part of a transaction. What was proved is read again as the row is written: whatever
   * ends sessions wins against whatever opens them, and a row that was written late all the same is of an epoch that is over.
   * @throws SignInOvertaken
   */
  async open({ id: userId, authEpoch }: Proven): Promise<Tokens> {
    const { ip, userAgent } = currentDevice();
    const { REFRESH_IDLE_TTL, REFRESH_ABSOLUTE_TTL } = this.config;
    const id = newId();
    const now = sqlTime(clock.now());
    const endsAt = sqlTime(fromNow(REFRESH_ABSOLUTE_TTL));
    const expiresAt = sqlTime(fromNow(Math.min(REFRESH_IDLE_TTL, REFRESH_ABSOLUTE_TTL)));
    const values = [id, now, ip, userAgent, now, expiresAt, endsAt, userId, authEpoch];
    const opened = await this.db.execute(OPEN, values).catch((error: unknown) => {
      throw isMissingReference(error) ? new SignInOvertaken() : error; // deleted in between
    });
    if (opened !== 1) throw new SignInOvertaken();

    await this.activity.record('session.started', { type: 'session', id }, { actorId: userId });
    return this.tokens.issue(userId, id, 0);
  }

  /** Trades a refresh token for its successor (rotation.ts). A stolen one ends the session, and its owner is told. @throws RefreshInvalid */
  async refresh(token: string): Promise<{ user: User; tokens: Tokens }> {
    const { id, counter } = this.tokens.read(token);
    const { ip, userAgent } = currentDevice();
    for (;;) {
      const now = clock.now();
      const session = await this.sessions.find({ id, expiresAt: MoreThan(now) }, REFRESHED);
      concerning(session?.userId);
      if (!session?.user.isActive || session.authEpoch !== session.user.authEpoch) throw new RefreshInvalid();

      const { userId, user, endsAt } = session;
      const successor = successorOf(session, counter, now);
      if (!successor) {
        await this.revokeStolen(id, userId);
        throw new RefreshInvalid();
      }
      const tokens = () => this.tokens.issue(userId, id, successor.counter);
      if (!successor.changes) return { user, tokens: tokens() };

      const expiresAt = new Date(Math.min(now.getTime() + this.config.REFRESH_IDLE_TTL, endsAt.getTime()));
      const changes = { ...successor.changes, expiresAt, ip, userAgent };
      if ((await this.sessions.change({ id, counter: session.counter }, changes)) === 1)
        return { user, tokens: tokens() }; // else another came first: look again
    }
  }

  async list(userId: string, query: PageQuery): Promise<Page<Session>> {
    const { authEpoch } = await this.users.get(userId);
    return this.sessions.page(query, { userId, authEpoch, expiresAt: MoreThan(clock.now()) });
  }

  /** Which of these sessions are live, of active people: for what outlasts the request that the guard let in. */
  async liveAmong(ids: string[]): Promise<Set<string>> {
    const among = `WHERE t.id IN (${ids.map(() => '?').join()}) AND t.expires_at > ?`;
    const live = await this.sessions.query(`${LIVE} ${among}`, [...ids, sqlTime(clock.now())]);
    return new Set(live.map(({ id }) => id));
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

  /** Ends all sessions of this person but one. @throws Unauthenticated if that one was ended meanwhile */
  endOthers(userId: string, keptId: string): Promise<void> {
    return this.db.transaction(async () => {
      await this.users.advanceEpoch(userId);
      if ((await this.db.execute(KEEP, [keptId, userId, userId])) !== 1) throw new Unauthenticated();
      await this.sessions.remove({ userId, id: Not(keptId) });
      await this.activity.record('session.others-ended', { type: 'user', id: userId });
    });
  }

  /** Ends every session of a person, those that are about to be opened included; part of a transaction. */
  async endAll(userId: string): Promise<void> {
    await this.users.advanceEpoch(userId);
    await this.sessions.remove({ userId });
  }

  /** Deletes sessions that are over; tells how many. */
  forget(): Promise<number> {
    return this.sessions.sweep({ endsAt: LessThan(clock.now()) });
  }

  private revokeStolen(id: string, userId: string): Promise<void> {
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
}
