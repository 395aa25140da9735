import { clock, later } from '../../../../kit/clock';
import type { SubscriptionFact } from '../../providers/port/payment.provider';
import type { Subscription, Terms } from './subscription.entity';

/** What a provider said of a subscription's state: the newest holds, and of the same moment what they say together. */
type State = Pick<
  Subscription,
  'statedAt' | 'periodEnd' | 'pastDue' | 'pausedAt' | 'resumedAt' | 'cancelAt' | 'cancelledAt'
>;

/** The state after this statement too, whichever of them came first. */
export function stateOf(row: Subscription, fact: SubscriptionFact): Partial<State> {
  const said = saidIn(row, fact, new Date(fact.at));
  if (row.statedAt !== null && said.statedAt < row.statedAt) return { resumedAt: resumedBefore(row, said) };
  if (row.statedAt === null || said.statedAt > row.statedAt)
    return { ...said, resumedAt: row.pausedAt && !said.pausedAt ? said.statedAt : row.resumedAt };
  return together(row, said);
}

type Said = Omit<State, 'resumedAt' | 'statedAt'> & { statedAt: Date };

/** Said of the same moment: what loses nobody anything. */
function together(row: Subscription, said: Said): Partial<State> {
  const isMixed = (row.pausedAt === null) !== (said.pausedAt === null);
  return {
    periodEnd: later(row.periodEnd, said.periodEnd),
    pastDue: (row.pastDue && (said.pastDue || said.pausedAt !== null)) || (said.pastDue && row.pausedAt !== null),
    pausedAt: row.pausedAt && said.pausedAt,
    resumedAt: isMixed ? later(row.resumedAt, said.statedAt) : row.resumedAt,
    cancelAt: later(row.cancelAt, said.cancelAt),
    cancelledAt: row.cancelledAt ?? said.cancelledAt,
  };
}

/** A pause of which we hear when it is over. */
function resumedBefore({ pausedAt, resumedAt, statedAt }: Subscription, said: Said): Date | null {
  const isKnown = pausedAt !== null || (resumedAt !== null && resumedAt >= said.statedAt);
  return said.pausedAt && !isKnown ? later(resumedAt, statedAt) : resumedAt;
}

function saidIn(row: Subscription, { status, periodEnd, cancelAt, renews }: SubscriptionFact, at: Date): Said {
  const isRenewed = renews && cancelAt === null && status !== 'canceled';
  const kept = row.endedFor === null ? null : row.cancelledAt; // we had it ended: whatever it says, it is to stay so
  return {
    statedAt: at,
    periodEnd: periodEnd === null ? null : new Date(periodEnd),
    pastDue: status === 'past_due',
    pausedAt: status === 'paused' ? (row.pausedAt ?? at) : null,
    cancelAt: cancelAt === null ? null : new Date(cancelAt),
    cancelledAt: isRenewed ? kept : (row.cancelledAt ?? clock.now()),
  };
}

type Priced = Pick<Terms, 'amount' | 'plan' | 'quantity'> & { at: Date | null };

/** Of two prices of the same moment the lower one holds. */
export function isNews(known: Priced, said: Priced & { at: Date }): boolean {
  if (known.at === null || said.at.getTime() !== known.at.getTime()) return known.at === null || said.at > known.at;
  const order = ({ amount, plan, quantity }: Priced) =>
    [String(amount).padStart(16, '0'), plan, String(quantity)].join(' ');
  return order(said) < order(known);
}
