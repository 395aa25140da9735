import type Stripe from 'stripe';
import type { Fact, Handle, ProviderEvent } from '../port/payment.provider';
import { subscriptionOf } from './facts/invoices';
import { idOf, ours, timeOf } from './facts/names';
import { invoiceFacts, sessionFacts } from './facts/payments.facts';
import { refundFact } from './facts/refunds.facts';
import { subscriptionFacts } from './facts/subscriptions.facts';

type Said = { facts: Fact[]; ask?: Handle; strange?: ProviderEvent['strange'] };
/** `of`: what Stripe calls the kind of thing that such an event is about. */
type Reader = { of: string; read: (thing: never, at: string) => Said };

const STRANGE: Said = { facts: [], strange: 'other-api-version' };

const session: Reader = {
  of: 'checkout.session',
  read: (thing: Stripe.Checkout.Session) => ({ facts: sessionFacts(thing) }),
};
const invoice: Reader = { of: 'invoice', read: readInvoice };
const subscription: Reader = {
  of: 'subscription',
  read: (thing: Stripe.Subscription, at) => ({ facts: subscriptionFacts(thing, at) }),
};
const refund: Reader = { of: 'refund', read: readRefund };
/** Neither names our payment where it is an invoice. */
const charge: Reader = { of: 'charge', read: askAbout };
const dispute: Reader = { of: 'dispute', read: askAbout };

const READERS: Record<string, Reader | undefined> = {
  'checkout.session.completed': session,
  'checkout.session.async_payment_succeeded': session,
  'checkout.session.expired': session,
  'checkout.session.async_payment_failed': {
    ...session,
    read: (thing: Stripe.Checkout.Session) => ({ facts: sessionFacts(thing, 'The bank declined it.') }),
  },
  'invoice.paid': invoice,
  'invoice.payment_failed': invoice,
  'customer.subscription.created': subscription,
  'customer.subscription.updated': subscription,
  'customer.subscription.deleted': subscription,
  'customer.subscription.paused': subscription,
  'customer.subscription.resumed': subscription,
  'refund.created': refund,
  'refund.updated': refund,
  'refund.failed': refund,
  'charge.refund.updated': refund, // before there was refund.updated
  'charge.refunded': charge,
  'charge.dispute.created': dispute,
  'charge.dispute.updated': dispute, // an inquiry that became a dispute
  'charge.dispute.closed': dispute,
  'charge.dispute.funds_withdrawn': dispute,
  'charge.dispute.funds_reinstated': dispute,
};

/** What an event says about our payments; one of a kind that we do not know says nothing. */
export function readStripeEvent(event: Stripe.Event): ProviderEvent {
  return { id: event.id, type: event.type, ...said(event) };
}

function said({ object, type, data, created }: Stripe.Event): Said {
  if (object !== 'event') return STRANGE; // one of those that only name what they are about
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (!reader) return { facts: [] };
  const thing = data.object as { object: string };
  return thing.object === reader.of ? reader.read(thing as never, timeOf(created)) : STRANGE;
}

function readInvoice(thing: Stripe.Invoice): Said {
  const isOfSubscription = thing.billing_reason?.startsWith('subscription') ?? false;
  return isOfSubscription && !subscriptionOf(thing) ? STRANGE : { facts: invoiceFacts(thing) };
}

/** One that was made in the dashboard bears nothing of ours. */
function readRefund(thing: Stripe.Refund): Said {
  const { reference } = thing.metadata ?? {};
  return reference ? { facts: [refundFact(thing, reference, ours(thing.metadata))] } : askAbout(thing);
}

function askAbout({ payment_intent }: Pick<Stripe.Refund, 'payment_intent'>): Said {
  const reference = idOf(payment_intent);
  return { facts: [], ...(reference && { ask: { reference } }) };
}
