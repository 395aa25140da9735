import { clock, DAY, fromNow, HOUR, MINUTE } from '../../../../kit/clock';

/** After it was ordered, when a payment of which nothing was heard is asked about. */
const AFTER = [5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR, 24 * HOUR, 3 * DAY];
const ON_ITS_WAY = 30 * DAY; // a bank may take its time, once it has begun

/** When a payment is asked about first. */
export const firstAsk = (): Date => fromNow(AFTER[0]!);

/** When it is asked about next, now that it was; null: it is given up. */
export function nextAsk({ createdAt, status }: { createdAt: Date; status: string }): Date | null {
  const age = clock.now().getTime() - createdAt.getTime();
  const after = AFTER.find((time) => time > age);
  if (after !== undefined) return new Date(createdAt.getTime() + after);
  return status === 'pending' && age < ON_ITS_WAY ? fromNow(DAY) : null;
}
