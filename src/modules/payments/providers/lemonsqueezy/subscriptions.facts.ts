import type { SubscriptionFact } from '../port/payment.provider';
import type { Resource, Subscription } from './api.types';
import { timeOf } from './times';

const STATUS: Record<string, SubscriptionFact['status'] | undefined> = {
  on_trial: 'active',
  active: 'active',
  cancelled: 'active', // runs to the end of what is paid, then it is `expired`
  paused: 'paused',
  past_due: 'past_due', // they try four times in two weeks
  unpaid: 'past_due', // none of the four succeeded
  expired: 'canceled',
};

/** Whether nothing will be collected of it any more, but for a declined bill that they may still try again. */
export const isOver = ({ status }: Subscription): boolean => status === 'cancelled' || status === 'expired';

export function subscriptionFacts({ id, attributes }: Resource<Subscription>, paymentId?: string): SubscriptionFact[] {
  const { ends_at, renews_at, pause, first_subscription_item: item, variant_id, order_id } = attributes;
  const status = STATUS[attributes.status];
  if (!status) return [];
  const until = ends_at ?? pause?.resumes_at ?? renews_at;
  return [
    {
      kind: 'subscription',
      reference: id,
      ...(paymentId && { paymentId }),
      ...(order_id && { order: `orders/${order_id}` }),
      status,
      periodEnd: until && timeOf(until),
      cancelAt: attributes.status === 'cancelled' && ends_at ? timeOf(ends_at) : null,
      renews: !isOver(attributes),
      ...(item && {
        items: [{ price: String(variant_id), quantity: item.quantity, unitAmount: null, interval: null }],
      }),
      at: timeOf(attributes.updated_at),
    },
  ];
}
