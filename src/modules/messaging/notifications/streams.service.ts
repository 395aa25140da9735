import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Caller } from '../../../access/caller';
import { batches } from '../../../kit/batches';
import { clock, MINUTE, SECOND } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { nameOf } from '../../../database/pool/remedies';
import { Unavailable } from '../../../kit/problem';
import { addressBlock } from '../../../kit/net/network';
import { inRequest, requestContext } from '../../../kit/request-context';
import { EventStream } from '../../../http/server/event-stream';
import { Metrics } from '../../../telemetry/metrics';
import { Sparing } from '../../../kit/sparing';
import { SessionsService } from '../../auth/sessions/sessions.service';
import { showNotification } from './notifications.api';
import { TooManyStreams, TooManyStreamsHere } from './notifications.errors';
import { NotificationsRepository } from './notifications.repository';

const POLL = SECOND; // notifications that another instance made are seen after this long
const BEAT = 15 * SECOND; // shorter than any proxy's patience
const CHECK = MINUTE; // how long an ended session may keep a stream that nothing is said on
const UNCHECKED = 2 * CHECK; // and how long any may keep one while the database cannot say which have ended
const MAX_STREAMS = 10; // of one person, on one instance
const RETRY = 30; // seconds
const BATCH = 200; // people or sessions that are asked about at once: an engine takes only so much in one statement

/** One open stream: whose, from which network, in which session and until when, and what was said last. */
type Listener = Pick<Caller, 'userId' | 'sessionId' | 'validUntil'> & {
  network: string;
  stream: EventStream;
  after: string;
  beatAt: number;
  checkedAt: number;
};

/** Tells people what they are told as it happens. The database is what instances share: each asks it for all who listen here. */
@Injectable()
export class StreamsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(StreamsService.name);
  private readonly listeners = new Set<Listener>();
  private readonly sparing = new Sparing();
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;
  private again = false;
  private stopped = false;

  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly sessions: SessionsService,
    metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    metrics.gauge('notification_streams', 'Streams of notifications that are open here.', () => this.listeners.size);
  }

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

  /**
   * A stream of what the caller is told from now on, or after `lastSeen`.
   * @throws TooManyStreams, TooManyStreamsHere; Unavailable while all are taken, or stopping
   */
  async open({ userId, sessionId, validUntil }: Caller, lastSeen?: string): Promise<EventStream> {
    const after = lastSeen ?? (await this.notifications.newestId(userId));
    const network = addressBlock(requestContext()?.ip ?? '');
    if (this.stopped) throw new Unavailable({ retryAfter: 1 });
    this.requireRoom(userId, network);

    const [stream, now] = [new EventStream(after), clock.now().getTime()];
    const listener = { userId, sessionId, validUntil, network, stream, after, beatAt: now, checkedAt: now };
    this.listeners.add(listener);
    stream.once('close', () => this.listeners.delete(listener));
    this.wake();
    return stream;
  }

  /** Looks for what is new, now. One look at a time; who wakes it meanwhile has it look again. */
  wake(): void {
    if (this.looking) this.again = true;
    else if (!this.stopped && this.listeners.size > 0)
      this.looking = inRequest(undefined, () => this.lookOn()).finally(() => (this.looking = undefined)); // for all, not for who woke it
  }

  private requireRoom(userId: string, network: string): void {
    const open = [...this.listeners];
    const { MAX_STREAMS: most, MAX_STREAMS_PER_NETWORK: mostHere } = this.config;
    if (open.filter((one) => one.userId === userId).length >= MAX_STREAMS)
      throw new TooManyStreams({ retryAfter: RETRY });
    if (open.filter((one) => one.network === network).length >= mostHere)
      throw new TooManyStreamsHere({ retryAfter: RETRY });
    if (open.length >= most) throw new Unavailable({ retryAfter: RETRY });
  }

  private async lookOn(): Promise<void> {
    do {
      this.again = false;
      await this.look();
    } while (this.again && !this.stopped);
  }

  /** What fails for some is tried again the next time, and keeps nothing from the others. */
  private async look(): Promise<void> {
    const now = clock.now().getTime();
    for (const one of this.listeners) {
      if (one.validUntil.getTime() <= now || one.checkedAt + UNCHECKED <= now) this.end(one);
      else if (one.beatAt + BEAT <= now) this.beat(one, now);
    }
    const due = [...this.listeners].filter((one) => one.checkedAt + CHECK <= now);
    await this.inBatches(due, (some) => this.endDead(some, now));
    await this.inBatches(byPerson(this.listeners), (some) => this.tellNews(some, now));
  }

  private async inBatches<T>(all: T[], work: (some: T[]) => Promise<void>): Promise<void> {
    for (const some of batches(all, BATCH))
      await work(some).catch((error: unknown) =>
        this.sparing.say(nameOf(error), (unsaid) =>
          this.logger.warn({ err: error, unsaid }, 'Notifications cannot be read.'),
        ),
      );
  }

  /** Tells these people, each with all streams of theirs, what none or not all of those have said. */
  private async tellNews(people: Listener[][], now: number): Promise<void> {
    const seen = people.map((streams) => ({ userId: streams[0]!.userId, after: leastOf(streams) }));
    const news = new Set(await this.notifications.readersOfNews(seen));
    const hearing = people.filter(([one]) => news.has(one!.userId));
    await this.endDead(hearing.flat(), now);
    for (const streams of hearing) await this.tell(streams);
  }

  /** So much at a time, that nobody waits for what another has missed. */
  private async tell(streams: Listener[]): Promise<void> {
    const { rows, more } = await this.notifications.unseen({ userId: streams[0]!.userId, after: leastOf(streams) });
    for (const row of rows) {
      const { version: _, ...shown } = showNotification(row);
      for (const one of streams.filter(({ after }) => row.id > after)) {
        one.stream.say('notification', row.id, shown);
        one.after = row.id;
      }
    }
    this.again ||= more;
  }

  private beat(listener: Listener, now: number): void {
    listener.stream.beat();
    listener.beatAt = now;
  }

  /** Ends those whose session was ended, or whose account was suspended or deleted. */
  private async endDead(listeners: Listener[], now: number): Promise<void> {
    for (const some of batches(listeners, BATCH)) {
      const live = await this.sessions.liveAmong([...new Set(some.map(({ sessionId }) => sessionId))]);
      for (const listener of some) {
        if (live.has(listener.sessionId)) listener.checkedAt = now;
        else this.end(listener);
      }
    }
  }

  private end(listener: Listener): void {
    this.listeners.delete(listener);
    listener.stream.end();
  }
}

function byPerson(listeners: Iterable<Listener>): Listener[][] {
  const people = new Map<string, Listener[]>();
  for (const one of listeners) {
    const known = people.get(one.userId);
    if (known) known.push(one);
    else people.set(one.userId, [one]);
  }
  return [...people.values()];
}

/** The least that any of a person's streams has said. */
const leastOf = (streams: Listener[]): string =>
  streams.reduce((least, { after }) => (after < least ? after : least), streams[0]!.after);
