export type Rhythm = 'month' | 'year';

/** The end of the period that begins at `start`, by the calendar: the day of the anchor, or the last that the month has. In seconds. */
export function next(anchor: number, start: number, interval: Rhythm): number {
  for (let n = 1; ; n++) {
    const end = after(anchor, interval === 'year' ? 12 * n : n);
    if (end > start) return end;
  }
}

function after(anchor: number, months: number): number {
  const date = new Date(anchor * 1000);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime() / 1000;
}
