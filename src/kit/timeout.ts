import { setTimeout as pause } from 'node:timers/promises';

const LOOKS = 20; // at the clock, while it waits

/**
 * The outcome of `work`. @throws Error when it takes longer than `milliseconds`; it then goes on unheard.
 * They are counted in small steps, and between two of them comes what has arrived meanwhile: a process that got no time for itself does
 * not take that for the silence of others.
 */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([work, late(milliseconds, timer.signal)]);
  } finally {
    timer.abort();
  }
}

async function late(milliseconds: number, signal: AbortSignal): Promise<never> {
  for (let looks = 0; looks < LOOKS; looks++) await pause(milliseconds / LOOKS, undefined, { signal });
  throw new Error(`No answer within ${milliseconds} ms.`);
}
