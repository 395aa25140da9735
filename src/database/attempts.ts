import { setTimeout as pause } from 'node:timers/promises';
import { clock, SECOND } from '../kit/clock';
import { remedyFor } from './pool/remedies';

const TRIES = 8;
const HOLD = 10 * SECOND; // where there is room for one thing there may be none for another

/** Has what writes run until it stands, and remembers when there was no room for it. */
export class Attempts {
  /** How often something ran again. */
  retries = 0;
  private refused?: { error: unknown; at: number };

  /** Runs `work` again where another was in its way. @throws whatever it throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        const remedy = remedyFor(error);
        if (remedy === 'room') this.refused = { error, at: clock.now().getTime() };
        if (tries >= TRIES || remedy !== 'again') throw error;
        this.retries++;
        await pause(Math.random() * 10 * 2 ** tries);
      }
    }
  }

  /**
   * Where a write found no room, has `write` tried, which wants some, until that is taken; not sooner than a while after the last that
   * was refused. @throws the driver's error until then
   */
  async requireRoom(write: () => Promise<unknown>): Promise<void> {
    const { refused } = this;
    if (!refused) return;
    if (clock.now().getTime() < refused.at + HOLD) throw refused.error;
    await write();
    if (this.refused === refused) this.refused = undefined;
  }
}
