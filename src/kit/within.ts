import { setTimeout as pause } from 'node:timers/promises';

/** The outcome of `work`. @throws Error when it takes longer than `milliseconds`; it then goes on unheard. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = pause(milliseconds, undefined, { signal: timer.signal }).then(() =>
    Promise.reject(new Error(`No answer within ${milliseconds} ms.`)),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
