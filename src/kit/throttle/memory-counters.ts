import { clock } from '../clock';
import { type Count, Counters } from './counters';

const MOST = 50_000; // windows at once, about 10 MB: who owns a wide IPv6 network must not fill the memory

/** Counts in this process. */
export class MemoryCounters extends Counters {
  /** In the order of their beginnings, which is that of their ends: all windows are equally long. */
  private readonly windows = new Map<string, { hits: number; endsAt: number }>();

  constructor(private readonly most = MOST) {
    super();
  }

  get size(): number {
    return this.windows.size;
  }

  async count(key: string, per: number): Promise<Count> {
    const now = clock.now().getTime();
    this.forget(now);
    const window = this.windows.get(key) ?? { hits: 0, endsAt: now + per };
    this.windows.set(key, window);
    return { hits: ++window.hits, left: window.endsAt - now };
  }

  async redis() {
    return 'off' as const;
  }

  /** What is over; and the oldest, once there are too many. */
  private forget(now: number): void {
    for (const [key, { endsAt }] of this.windows) {
      if (endsAt > now && this.windows.size < this.most) return;
      this.windows.delete(key);
    }
  }
}
