import { clock } from '../kit/clock';
import { type Count, RateLimitStore } from './rate-limit.store';

const MOST = 50_000; // windows of one length at once, about 10 MB: who owns a wide IPv6 network must not fill the memory

type Windows = Map<string, { hits: number; endsAt: number }>;

/** Counts in this process. */
export class MemoryStore extends RateLimitStore {
  /** By their length; then in the order of their beginnings, which is that of their ends. */
  private readonly byLength = new Map<number, Windows>();

  constructor(private readonly most = MOST) {
    super();
  }

  get size(): number {
    return [...this.byLength.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async count(key: string, per: number): Promise<Count> {
    const now = clock.now().getTime();
    const windows = this.byLength.get(per) ?? new Map();
    this.byLength.set(per, windows);
    this.forget(windows, now);
    const window = windows.get(key) ?? { hits: 0, endsAt: now + per };
    windows.set(key, window);
    return { hits: ++window.hits, left: window.endsAt - now };
  }

  async redis() {
    return 'off' as const;
  }

  /** What is over; and the oldest, once there are too many. */
  private forget(windows: Windows, now: number): void {
    for (const [key, { endsAt }] of windows) {
      if (endsAt > now && windows.size < this.most) return;
      windows.delete(key);
    }
  }
}
