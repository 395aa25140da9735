import { newName } from '../stand-in';
import type { Charges } from './charges';
import type { Subscriptions } from './subscriptions';
import type { StripeEvent, Things } from './things';

/** The life of something else that the same account sells: a shop with names of its own in the same places. */
export function otherProduct(things: Things, charges: Charges, subscriptions: Subscriptions): StripeEvent[] {
  const metadata = { order_id: '4711', user_id: '7' };
  const order = { amount: 900, currency: 'usd', quantity: 1, interval: 'month' as const, metadata };
  const { subscription, invoice, events } = subscriptions.begin(order, {});
  const link = {
    id: newName('cs_test'),
    client_reference_id: 'user_7',
    metadata,
    mode: 'subscription',
    currency: 'usd',
  };
  const paid = { payment_status: 'paid', status: 'complete', amount_subtotal: 900, amount_total: 900 };
  const session = things.add('checkout.session', {
    ...link,
    ...paid,
    subscription: subscription.id,
    invoice: invoice.id,
  });
  const renewal = subscriptions.collected(subscription, subscriptions.advance(subscription));
  const [payment] = things.of('invoice_payment', 'invoice', invoice.id);
  const intent = things.get(payment!.payment.payment_intent)!;
  return [
    ...events,
    things.event('checkout.session.completed', session),
    ...renewal,
    ...charges.refund(intent, 100, {}).events,
    ...charges.dispute(intent),
    ...subscriptions.end(subscription),
  ];
}
