/** The one clock. Everything that asks for the time asks here, so that a test can say what time it is. */
export const clock = { now: (): Date => new Date() };

/** `milliseconds` from now; negative for the past. */
export const fromNow = (milliseconds: number): Date => new Date(clock.now().getTime() + milliseconds);

/** The later of two moments, as far as there are any. */
export const later = (one: Date | null, other: Date | null): Date | null =>
  one && other ? (one > other ? one : other) : (one ?? other);

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
