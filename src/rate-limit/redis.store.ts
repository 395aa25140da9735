import { ThrottlerStorageRedisService } from '@nest-lab/throttler-storage-redis';
import { Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { clock, fromNow, SECOND } from '../kit/clock';
import { within } from '../kit/timeout';
import { type Count, RateLimitStore } from './rate-limit.store';
import { MemoryStore } from './memory.store';

const PATIENCE = 500; // milliseconds that a request may wait for its number
const FORGOTTEN = 10 * SECOND; // until nobody waits for an answer any more, even if it comes
const PAUSE = SECOND; // between two tries while Redis is away
/** The storage would shut a caller out for a whole window from the first request too many, and go on counting meanwhile: no crowd would get in again. */
const NEVER = Number.MAX_SAFE_INTEGER;

/** Counts in Redis, together with all other instances; in this process while Redis is away. */
export class RedisStore extends RateLimitStore implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RedisStore.name);
  private readonly client: Redis;
  private readonly shared: ThrottlerStorageRedisService;
  private readonly own = new MemoryStore();
  private readonly connected: Promise<void>;
  private awayUntil?: Date;

  constructor(url: string) {
    super();
    this.client = new Redis(url, {
      keyPrefix: 'tenantry:',
      lazyConnect: true,
      connectTimeout: 2 * SECOND,
      commandTimeout: FORGOTTEN,
      enableOfflineQueue: false, // what cannot be asked now is not asked later
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(times * 100, 2 * SECOND),
    });
    this.client.on('error', (error) => this.isAway(error));
    this.shared = new ThrottlerStorageRedisService(this.client);
    this.connected = this.client.connect().catch((error: Error) => this.isAway(error));
  }

  /** So that the first request is counted with the others. Without Redis the app starts all the same. */
  onModuleInit(): Promise<void> {
    return this.connected;
  }

  async count(key: string, per: number): Promise<Count> {
    if (this.isPausing()) return this.own.count(key, per);
    try {
      const { totalHits, timeToExpire } = await within(
        PATIENCE,
        this.shared.increment(key, per, NEVER, per, 'requests'),
      );
      this.isBack();
      return { hits: totalHits, left: timeToExpire * SECOND };
    } catch (error) {
      this.isAway(error);
      return this.own.count(key, per);
    }
  }

  async redis() {
    if (this.isPausing()) return 'away' as const;
    return within(PATIENCE, this.client.ping()).then(
      () => 'ok' as const,
      () => 'away' as const,
    );
  }

  onApplicationShutdown(): void {
    this.client.disconnect();
  }

  private isPausing(): boolean {
    return this.awayUntil !== undefined && this.awayUntil > clock.now();
  }

  private isAway(error: unknown): void {
    if (!this.awayUntil) this.logger.warn({ err: error }, 'Redis is away: requests are counted in this process.');
    this.awayUntil = fromNow(PAUSE);
  }

  private isBack(): void {
    if (this.awayUntil) this.logger.warn('Redis is back: requests are counted by all instances together.');
    this.awayUntil = undefined;
  }
}
