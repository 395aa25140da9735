import type Stripe from 'stripe';
import type { Fact, Handle, ProviderEvent } from './payment.provider';
import {
  chargeFacts,
  idOf,
  invoiceFacts,
  refundFailedFacts,
  sessionFacts,
  subscriptionFacts,
  timeOf,
} from './stripe.facts';

type Said = { facts: Fact[]; ask?: Handle };

/** What an event says about our payments; one of a kind that we do not know says nothing. */
export function readStripeEvent(event: Stripe.Event): ProviderEvent {
  return { id: event.id, type: event.type, ...said(event) };
}

function said(event: Stripe.Event): Said {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired':
      return { facts: sessionFacts(event.data.object) };
    case 'checkout.session.async_payment_failed':
      return { facts: sessionFacts(event.data.object, 'The bank declined it.') };
    case 'invoice.paid':
    case 'invoice.payment_failed':
      return { facts: invoiceFacts(event.data.object) };
    case 'customer.subscription.created':
    case 'customer.subscription.updated':
    case 'customer.subscription.deleted':
      return { facts: subscriptionFacts(event.data.object, timeOf(event.created)) };
    case 'charge.refunded':
      return refunded(event.data.object);
    case 'refund.failed':
      return { facts: refundFailedFacts(event.data.object) };
    case 'charge.dispute.created':
    case 'charge.dispute.updated': // an inquiry that became a dispute
      return askAbout(event.data.object);
    default:
      return { facts: [] };
  }
}

function refunded(charge: Stripe.Charge): Said {
  const intent = idOf(charge.payment_intent);
  return intent && charge.metadata.payment_id ? { facts: chargeFacts(charge, intent) } : askAbout(charge);
}

/** Neither a dispute nor the charge of an invoice names our payment. */
function askAbout({ payment_intent }: Pick<Stripe.Charge, 'payment_intent'>): Said {
  const reference = idOf(payment_intent);
  return { facts: [], ...(reference && { ask: { reference } }) };
}
