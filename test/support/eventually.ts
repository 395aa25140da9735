import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds after which what is waited for will not come at all. Not a bound on how long it may take: a busy machine is slow. */
export const NEVER = 600_000;
const PAUSE = 50; // between two looks

/** Looks until there is something to see: for what another process does in its own time. @throws Error when that is never */
export async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (let looks = 0; looks < NEVER / PAUSE; looks++) {
    const seen = await look();
    if (seen) return seen;
    await pause(PAUSE);
  }
  throw new Error(`It never came true: ${look}`);
}
