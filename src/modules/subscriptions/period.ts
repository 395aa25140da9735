import type { Interval } from '../plans/plan.entity';

/** When a period that begins now ends, by the calendar in UTC: a month after 31 January is the last of February. Null: never. */
export function endOfPeriod(from: Date, interval: Interval): Date | null {
  if (interval === 'once') return null;
  const end = new Date(from);
  end.setUTCMonth(end.getUTCMonth() + (interval === 'year' ? 12 : 1));
  if (end.getUTCDate() !== from.getUTCDate()) end.setUTCDate(0); // there is no such day: the last one before
  return end;
}

export const later = (one: Date | null, other: Date | null): Date | null =>
  one && other ? (one > other ? one : other) : (one ?? other);
