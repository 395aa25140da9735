import type Stripe from 'stripe';
import { exponentOf } from '../../kit/money';
import { plainBill } from './bill';
import type { DisputeFact, Fact, Money, RefundStateFact, SubscriptionFact } from './payment.provider';

/** Where Stripe's smallest unit is not ISO's. */
const EXPONENTS: Record<string, number> = { ISK: 2, MGA: 0, UGX: 2 };
const shift = (currency: string): number => (EXPONENTS[currency] ?? exponentOf(currency)) - exponentOf(currency);

/** An amount as Stripe writes it. */
export const toStripe = ({ amount, currency }: Money): number => Number(`${amount}e${shift(currency)}`);

function money(amount: number | null, currency: string | null): Money {
  const code = (currency ?? '').toUpperCase();
  return { amount: Number(`${amount ?? 0}e${-shift(code)}`), currency: code };
}

export const idOf = (reference: string | { id: string } | null | undefined): string | null =>
  typeof reference === 'string' ? reference : (reference?.id ?? null);
export const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString();

export function sessionFacts(session: Stripe.Checkout.Session, failure?: string): Fact[] {
  const paymentId = session.client_reference_id;
  if (!paymentId) return []; // someone else's checkout on the same account
  const isPaid = session.payment_status !== 'unpaid';
  const reason = isPaid ? undefined : (failure ?? (session.status === 'expired' ? 'The checkout expired.' : undefined));
  return [
    {
      kind: 'payment',
      paymentId,
      reference: idOf(session.invoice) ?? idOf(session.payment_intent),
      status: isPaid ? 'succeeded' : reason ? 'failed' : 'pending',
      bill: plainBill(money(session.amount_total, session.currency)),
      ...(session.subscription && { subscription: idOf(session.subscription)! }),
      ...(reason && { reason }),
    },
  ];
}

export function invoiceFacts(invoice: Stripe.Invoice): Fact[] {
  const { subscription, metadata } = invoice.parent?.subscription_details ?? {};
  const isFirst = invoice.billing_reason === 'subscription_create';
  const isPaid = invoice.status === 'paid';
  if (!subscription || !metadata?.payment_id) return []; // nothing that we sold
  if (isFirst && !isPaid) return []; // the buyer is still at the checkout and tries another card
  return [
    {
      kind: 'payment',
      ...(isFirst && { paymentId: metadata.payment_id }),
      reference: invoice.id!,
      status: isPaid ? 'succeeded' : 'failed',
      bill: plainBill(money(isPaid ? invoice.amount_paid : invoice.amount_due, invoice.currency)),
      subscription: idOf(subscription)!,
      ...(!isPaid && { reason: 'The bank declined it.' }),
    },
  ];
}

const STATUS: Record<string, SubscriptionFact['status'] | undefined> = {
  trialing: 'active',
  active: 'active',
  past_due: 'past_due',
  unpaid: 'past_due',
  paused: 'past_due',
  canceled: 'canceled',
  incomplete_expired: 'canceled',
};

export function subscriptionFacts(subscription: Stripe.Subscription, at: string): Fact[] {
  const status = STATUS[subscription.status];
  const paymentId = subscription.metadata.payment_id;
  if (!status || !paymentId) return [];
  const periodEnd = subscription.items.data[0]?.current_period_end;
  return [
    {
      kind: 'subscription',
      reference: subscription.id,
      paymentId,
      status,
      periodEnd: periodEnd ? timeOf(periodEnd) : null,
      cancelAt: subscription.cancel_at_period_end && periodEnd ? timeOf(periodEnd) : null,
      renews: !subscription.cancel_at_period_end,
      at,
    },
  ];
}

/** `reference` is what we call the payment: for a subscription's it is the invoice, which the charge does not name. */
export function chargeFacts(charge: Stripe.Charge, reference: string): Fact[] {
  if (charge.amount_refunded === 0) return [];
  const refunded = money(charge.amount_refunded, charge.currency);
  return [{ kind: 'refund', ...ours(charge.metadata), reference, refunded }];
}

export function refundFailedFacts(refund: Stripe.Refund): RefundStateFact[] {
  const reference = refund.metadata?.reference ?? idOf(refund.payment_intent);
  const back = money(refund.amount, refund.currency);
  if (!reference) return [];
  const reason = refund.failure_reason;
  return [
    {
      kind: 'refund-state',
      ...ours(refund.metadata),
      reference,
      refund: refund.id,
      money: back,
      status: 'returned',
      reason,
    },
  ];
}

/** An inquiry (`warning_…`) takes no money back; it may become a dispute. */
export const disputeFacts = (disputes: Stripe.Dispute[], charge: Stripe.Charge, reference: string): DisputeFact[] =>
  disputes
    .filter(({ status }) => !status.startsWith('warning_'))
    .map(({ id, amount, currency, reason }) => ({
      kind: 'dispute',
      ...ours(charge.metadata),
      reference,
      dispute: id,
      state: 'open',
      money: money(amount, currency),
      reason,
    }));

const ours = (metadata: Stripe.Metadata | null) => metadata?.payment_id && { paymentId: metadata.payment_id };
