/** How often something happened in the current window, this time included, and how many milliseconds are left of it. */
export type Count = { hits: number; left: number };

/** Where requests are counted, in fixed windows: a window opens with its first request and gives its whole allowance back when it ends. */
export abstract class RateLimitStore {
  /** Counts one, in a window of `per` milliseconds. */
  abstract count(key: string, per: number): Promise<Count>;

  /** Whether instances count together: `off` without REDIS_URL, `away` while Redis does not answer. */
  abstract redis(): Promise<'ok' | 'away' | 'off'>;
}
