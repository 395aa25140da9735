import { setTimeout as pause } from 'node:timers/promises';

/** Looks until there is something to see: for what another process does in its own time. @throws Error after half a minute */
export async function eventually<T>(look: () => Promise<T | undefined | false>, looks = 600): Promise<T> {
  const seen = await look();
  if (seen) return seen;
  if (looks === 0) throw new Error(`It never came true: ${look}`);
  await pause(50);
  return eventually(look, looks - 1);
}
