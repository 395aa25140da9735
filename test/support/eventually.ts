import { setTimeout as pause } from 'node:timers/promises';

const LOOKS = 12_000; // ten minutes at least, against hanging alone: what is waited for takes as long as a busy machine takes

/** Looks until there is something to see: for what another process does in its own time. @throws Error when that is never */
export async function eventually<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (let looks = 0; looks < LOOKS; looks++) {
    const seen = await look();
    if (seen) return seen;
    await pause(50);
  }
  throw new Error(`It never came true: ${look}`);
}
