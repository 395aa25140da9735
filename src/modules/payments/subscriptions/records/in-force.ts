import { DAY, later } from '../../../../kit/clock';
import { isDue, type Subscription } from './subscription.entity';

/** How late the news of a renewal may be: providers try again for days, and webhooks get lost. */
const GRACE = 7 * DAY;
/** How long a declined card may be tried again. What a provider says of a period counts no longer than that without the price being paid. */
const UNPAID = 30 * DAY;

type Default = { code: string; limits: object };
export type InForce = {
  plan: string | null;
  limits: object | null;
  because: 'paid' | 'past-due' | 'default';
  until: Date | null;
};

/**
 * The plan that an organization is on, of what it bought: the live one; else the default plan; else none, in the limits of the plan
 * that it had last. Null limits: it never bought, and there is no default plan.
 */
export function inForce(rows: Subscription[], defaultPlan: Default | null, now: Date): InForce {
  const live = rows.find(({ liveFor, pausedAt }) => liveFor !== null && pausedAt === null);
  if (live) {
    const because = isDue(live, now) ? 'past-due' : 'paid';
    return { plan: live.plan, limits: live.limits as object, because, until: endOf(live) };
  }
  const otherwise = defaultPlan ?? { code: null, limits: lastOf(rows)?.limits as object | undefined };
  return { plan: otherwise.code, limits: otherwise.limits ?? null, because: 'default', until: null };
}

/** When its time is over, as far as is known now: what came back after an end, when what is paid is. Null: never, or not while it is paused. */
export function endOf(row: Subscription): Date | null {
  const { cancelledAt, cancelAt, endedFor, currentPeriodEnd, paidUntil, pausedAt, resumedAt } = row;
  if (pausedAt && !cancelledAt) return null;
  const ends = [
    cancelledAt ? ((endedFor === null ? cancelAt : null) ?? currentPeriodEnd) : after(currentPeriodEnd, GRACE),
    after(paidUntil && later(paidUntil, resumedAt), UNPAID),
  ].filter((end) => end !== null);
  return ends.length > 0 ? new Date(Math.min(...ends.map(Number))) : null;
}

export function isOverdue(row: Subscription, now: Date): boolean {
  const end = endOf(row);
  return row.liveFor !== null && end !== null && end <= now;
}

/** The one that was in force last: what a newer one replaced was not. */
function lastOf(rows: Subscription[]): Subscription | undefined {
  const rank = ({ endedFor, endedAt }: Subscription) =>
    endedFor === 'replaced' ? 0 : (endedAt?.getTime() ?? Infinity);
  return rows.toSorted((a, b) => rank(a) - rank(b) || (a.paymentId < b.paymentId ? -1 : 1)).at(-1);
}

const after = (time: Date | null, milliseconds: number): Date | null => time && new Date(time.getTime() + milliseconds);
