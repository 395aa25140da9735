import type Stripe from 'stripe';
import type { Item, SubscriptionFact } from '../../port/payment.provider';
import { moneyOf } from './amounts';
import { timeOf } from './names';

type Status = SubscriptionFact['status'];
type Older = { current_period_end?: number }; // before basil (2025-03-31) the subscription had the period of all items

const INTERVALS = ['month', 'year'] as const;
const STATUS: Record<string, Status | undefined> = {
  trialing: 'active',
  active: 'active',
  past_due: 'past_due',
  unpaid: 'past_due',
  paused: 'paused', // a trial ended without a card, or someone paused it
  canceled: 'canceled',
  incomplete_expired: 'canceled',
};

/** One that was never begun (`incomplete`) says nothing yet. @param at when it stood so, ISO 8601 */
export function subscriptionFacts(subscription: Stripe.Subscription, at: string): SubscriptionFact[] {
  const { id: reference, metadata, cancel_at, cancel_at_period_end } = subscription;
  const status = statusOf(subscription);
  if (!status || !metadata.payment_id) return [];
  const periodEnd = periodEndOf(subscription);
  const cancelAt = cancel_at ?? (cancel_at_period_end ? periodEnd : null); // flexible billing sets the day alone
  return [
    {
      kind: 'subscription',
      reference,
      paymentId: metadata.payment_id,
      status,
      periodEnd: periodEnd ? timeOf(periodEnd) : null,
      cancelAt: cancelAt ? timeOf(cancelAt) : null,
      renews: !cancelAt && !cancel_at_period_end,
      items: subscription.items.data.map(itemOf),
      at,
    },
  ];
}

/** Collection is paused beside the status, which stays as it is. */
function statusOf({ status, pause_collection }: Stripe.Subscription): Status | undefined {
  const stands = STATUS[status];
  return stands && stands !== 'canceled' && pause_collection ? 'paused' : stands;
}

/** The last of the items' ends: they differ where some renew by the month and some by the year. */
function periodEndOf({ items, ...subscription }: Stripe.Subscription): number | null {
  const ends = [(subscription as Older).current_period_end, ...items.data.map((item) => item.current_period_end)];
  return Math.max(...ends.map((end) => end ?? 0)) || null;
}

function itemOf({ price, quantity }: Stripe.SubscriptionItem): Item {
  const { interval, interval_count, usage_type } = price.recurring ?? {};
  const isPlain = price.unit_amount !== null && usage_type !== 'metered' && !price.transform_quantity;
  return {
    price: price.id,
    quantity: quantity ?? 1, // metered has none
    unitAmount: isPlain ? moneyOf(price.unit_amount, price.currency).amount : null,
    interval: (interval_count === 1 && INTERVALS.find((one) => one === interval)) || null,
  };
}
