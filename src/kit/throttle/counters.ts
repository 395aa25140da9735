import type { ThrottlerStorage } from '@nestjs/throttler';
import { SECOND } from '../clock';

/** How often something happened in the current window, this time included, and how many milliseconds are left of it. */
export type Count = { hits: number; left: number };

/** Where requests are counted, in fixed windows: a window opens with its first request and gives its whole allowance back when it ends. */
export abstract class Counters implements ThrottlerStorage {
  /** Counts one, in a window of `per` milliseconds. */
  abstract count(key: string, per: number): Promise<Count>;

  /** Whether instances count together: `off` without REDIS_URL, `away` while Redis does not answer. */
  abstract redis(): Promise<'ok' | 'away' | 'off'>;

  /** For the throttler, which is told seconds. Nobody is shut out for longer than to the end of the window. */
  async increment(key: string, per: number, limit: number) {
    const { hits, left } = await this.count(key, per);
    const seconds = Math.max(1, Math.ceil(left / SECOND));
    return { totalHits: hits, timeToExpire: seconds, isBlocked: hits > limit, timeToBlockExpire: seconds };
  }
}
