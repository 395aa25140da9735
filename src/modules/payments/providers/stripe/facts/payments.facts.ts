import type Stripe from 'stripe';
import type { PaymentFact } from '../../port/payment.provider';
import { billOfInvoice, billOfSession } from './bills';
import { metadataOf, subscriptionOf } from './invoices';
import { idOf, isWhole, timeOf } from './names';

const DECLINED = 'The bank declined it.';

/** Where the session comes with its invoice, that says what was paid. */
export function sessionFacts(session: Stripe.Checkout.Session, failure?: string): PaymentFact[] {
  const { client_reference_id: paymentId, metadata, invoice, subscription } = session;
  if (!paymentId || metadata?.payment_id !== paymentId) return []; // another product's checkout on the same account
  const isPaid = isSettled(session);
  const reason = isPaid ? undefined : (failure ?? (session.status === 'expired' ? 'The checkout expired.' : undefined));
  return [
    {
      kind: 'payment',
      paymentId,
      reference: idOf(invoice) ?? idOf(session.payment_intent),
      status: isPaid ? 'succeeded' : reason ? 'failed' : 'pending',
      bill: isWhole(invoice) ? billOfInvoice(invoice) : billOfSession(session),
      ...(subscription && { subscription: idOf(subscription)! }),
      ...(reason && { reason }),
    },
  ];
}

/** While it stands open, that nothing is to be paid settles nothing. */
const isSettled = ({ payment_status, status }: Stripe.Checkout.Session): boolean =>
  payment_status === 'paid' || (payment_status === 'no_payment_required' && status === 'complete');

export function invoiceFacts(invoice: Stripe.Invoice): PaymentFact[] {
  const subscription = subscriptionOf(invoice);
  const paymentId = metadataOf(invoice)?.payment_id;
  const status = statusOf(invoice);
  const isFirst = invoice.billing_reason === 'subscription_create';
  if (!subscription || !paymentId || !status) return []; // nothing that we sold, or that anyone was asked to pay
  if (isFirst && status === 'failed') return []; // the buyer is still at the checkout and tries another card
  const paidAt = invoice.status_transitions?.paid_at;
  return [
    {
      kind: 'payment',
      ...(isFirst && { paymentId }),
      reference: invoice.id,
      status,
      bill: billOfInvoice(invoice),
      subscription,
      ...(paidAt && { at: timeOf(paidAt) }),
      ...(status === 'failed' && { reason: DECLINED }),
    },
  ];
}

function statusOf({ status, attempted }: Stripe.Invoice): 'succeeded' | 'failed' | undefined {
  if (status === 'paid') return 'succeeded';
  return attempted && (status === 'open' || status === 'uncollectible') ? 'failed' : undefined;
}
