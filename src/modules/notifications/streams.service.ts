import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Caller } from '../../access/caller';
import { clock, MINUTE, SECOND } from '../../kit/clock';
import { Unavailable } from '../../kit/errors/problem';
import { EventStream } from '../../kit/http/event-stream';
import { SessionsService } from '../sessions/sessions.service';
import type { Notification } from './notification.entity';
import { showNotification } from './notifications.api';
import { TooManyStreams } from './notifications.errors';
import { NotificationsRepository, type Seen } from './notifications.repository';

const POLL = SECOND; // notifications that another instance made are seen after this long
const BEAT = 15 * SECOND; // shorter than any proxy's patience
const CHECK = MINUTE; // how long an ended session may keep a stream that nothing is said on
const MAX_STREAMS = 10; // of one person, on one instance

/** One open stream: whose, in which session and until when, and what was said last. */
type Listener = Pick<Caller, 'userId' | 'sessionId' | 'validUntil'> & {
  stream: EventStream;
  after: string;
  beatAt: number;
  checkedAt: number;
};

/** Tells people what they are told as it happens. The database is what instances share: each asks it for all who listen here at once. */
@Injectable()
export class StreamsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StreamsService.name);
  private readonly listeners = new Set<Listener>();
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;
  private again = false;
  private stopped = false;

  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly sessions: SessionsService,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.wake(), POLL).unref();
  }

  /** Ends every stream, so that the server can close; clients come again, elsewhere. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.looking;
    for (const listener of this.listeners) this.end(listener);
  }

  /** A stream of what the caller is told from now on, or after `lastSeen`. @throws TooManyStreams, Unavailable while stopping */
  async open({ userId, sessionId, validUntil }: Caller, lastSeen?: string): Promise<EventStream> {
    const after = lastSeen ?? (await this.notifications.newestId(userId));
    if (this.stopped) throw new Unavailable({ retryAfter: 1 });
    if ([...this.listeners].filter((one) => one.userId === userId).length >= MAX_STREAMS) throw new TooManyStreams();

    const now = clock.now().getTime();
    const listener = { userId, sessionId, validUntil, stream: new EventStream(), after, beatAt: now, checkedAt: now };
    this.listeners.add(listener);
    listener.stream.once('close', () => this.listeners.delete(listener));
    this.wake();
    return listener.stream;
  }

  /** Looks for what is new, now. One look at a time; who wakes it meanwhile has it look again. */
  wake(): void {
    if (this.looking) this.again = true;
    else if (!this.stopped && this.listeners.size > 0)
      this.looking = this.lookOn().finally(() => (this.looking = undefined));
  }

  private async lookOn(): Promise<void> {
    do {
      this.again = false;
      await this.look().catch((error: unknown) => this.logger.warn({ err: error }, 'Notifications cannot be read.'));
    } while (this.again && !this.stopped);
  }

  private async look(): Promise<void> {
    const now = clock.now().getTime();
    for (const one of this.listeners) if (one.validUntil.getTime() <= now) this.end(one);

    const { rows, more } = await this.notifications.unseen(seenBy(this.listeners));
    const news = byReader(rows);
    await this.endDead(
      [...this.listeners].filter((one) => news.has(one.userId) || one.checkedAt + CHECK <= now),
      now,
    );
    for (const one of this.listeners) {
      this.tell(one, news.get(one.userId) ?? []);
      if (one.beatAt + BEAT <= now) this.beat(one, now);
    }
    this.again ||= more;
  }

  private tell(listener: Listener, rows: Notification[]): void {
    for (const row of rows) {
      if (row.id <= listener.after) continue;
      const { version: _, ...shown } = showNotification(row);
      listener.stream.say('notification', row.id, shown);
      listener.after = row.id;
    }
  }

  private beat(listener: Listener, now: number): void {
    listener.stream.beat();
    Object.assign(listener, { beatAt: now });
  }

  /** Ends those whose session was ended, or whose account was suspended or deleted. */
  private async endDead(listeners: Listener[], now: number): Promise<void> {
    if (listeners.length === 0) return;
    const live = await this.sessions.liveAmong([...new Set(listeners.map(({ sessionId }) => sessionId))]);
    for (const listener of listeners) {
      if (live.has(listener.sessionId)) Object.assign(listener, { checkedAt: now });
      else this.end(listener);
    }
  }

  private end(listener: Listener): void {
    this.listeners.delete(listener);
    listener.stream.end();
  }
}

function byReader(rows: Notification[]): Map<string, Notification[]> {
  const news = new Map<string, Notification[]>();
  for (const row of rows) news.set(row.userId, [...(news.get(row.userId) ?? []), row]);
  return news;
}

/** For each person the least that any of their streams has seen. */
function seenBy(listeners: Iterable<Listener>): Seen[] {
  const seen = new Map<string, string>();
  for (const { userId, after } of listeners) {
    const least = seen.get(userId);
    if (least === undefined || after < least) seen.set(userId, after);
  }
  return [...seen].map(([userId, after]) => ({ userId, after }));
}
