import { performance } from 'node:perf_hooks';

const LONGEST = 5; // milliseconds

/**
 * Turns of the event loop, for work that never waits for the outside by itself and so would keep it for as long as there is any.
 * Whoever asks for time when a turn has had its share goes on in a later one: timers and sockets come in between.
 */
export class Turns {
  private endsAt?: number;

  /** Resolves at once while there is time left in this turn. */
  async take(): Promise<void> {
    while (!this.hasTime()) await new Promise((resolve) => setImmediate(resolve));
  }

  private hasTime(): boolean {
    const now = performance.now();
    if (this.endsAt === undefined) {
      this.endsAt = now + LONGEST;
      setImmediate(() => (this.endsAt = undefined));
    }
    return now < this.endsAt;
  }
}
