import type { Bill, Fact, Item, LikelyFact, PaymentFact } from '../port/payment.provider';
import type { Billed, Invoice, Order, Resource } from './api.types';
import { timeOf } from './times';

const STATUS: Record<string, PaymentFact['status'] | undefined> = {
  pending: 'pending',
  paid: 'succeeded',
  refunded: 'succeeded',
  partial_refund: 'succeeded',
  failed: 'failed',
  void: 'failed',
}; // and `fraudulent`, which counts as if it had never been paid

type Names = { paymentId?: string; subscription?: string };
type Details = { items?: Item[]; covers?: Bill['covers']; at?: string };

/** Of tax that the price contains it is not documented whether `subtotal` contains it, too; what was taken does. */
export function billOf({ currency, subtotal, discount_total: discount, tax, tax_inclusive, total }: Billed): Bill {
  const price = tax_inclusive ? { subtotal: total + discount, tax: 0 } : { subtotal, tax };
  return { currency, ...price, discount, total, balance: 0, paid: total };
}

/** What the path of a bill in the API answers: `orders/1` or `subscription-invoices/1`. */
export const billFacts = (bill: Resource<Billed>, paymentId?: string): Fact[] =>
  bill.type === 'orders'
    ? orderFacts(bill as Resource<Order>, { paymentId })
    : invoiceFacts(bill as Resource<Invoice>, paymentId);

export const orderFacts = ({ id, attributes }: Resource<Order>, names: Names): Fact[] =>
  factsOf(`orders/${id}`, attributes, { ...names, items: itemsOf(attributes) });

/**
 * The first invoice of a subscription is what its order is about: of it only a refund is news. One for a change (`updated`) pays for no
 * further period. A declined one stays `pending` while they try again; only the event says that it was. When it was paid is not said: it
 * is what changed it last, but for a refund.
 */
export function invoiceFacts({ id, attributes }: Resource<Invoice>, paymentId?: string, event?: string): Fact[] {
  const reference = `subscription-invoices/${id}`;
  if (attributes.billing_reason === 'initial') return paymentId ? refundFacts(reference, attributes, paymentId) : [];
  const status = event === 'subscription_payment_failed' ? 'failed' : attributes.status;
  const at = timeOf(attributes.refunded_amount ? attributes.created_at : attributes.updated_at);
  const names = {
    at,
    subscription: String(attributes.subscription_id),
    ...(attributes.billing_reason === 'updated' && { covers: { from: at, to: at } }),
  };
  return factsOf(reference, { ...attributes, status }, names);
}

/** Bought by the same person since; nothing over there names the payment. */
export const likelyFact = ({ id, attributes }: Resource<Order>, paymentId: string): LikelyFact => ({
  kind: 'likely',
  paymentId,
  reference: `orders/${id}`,
  bill: billOf(attributes),
});

function factsOf(
  reference: string,
  billed: Billed,
  { paymentId, subscription, items, covers, at = timeOf(billed.created_at) }: Names & Details,
): Fact[] {
  const status = STATUS[billed.status];
  const named = { ...(paymentId && { paymentId }), reference };
  const bill = { ...billOf(billed), ...(covers && { covers }) };
  const payment: PaymentFact = {
    kind: 'payment',
    ...named,
    status: status!,
    bill,
    ...(items && { items }),
    at,
    ...(subscription && { subscription }),
    ...(status === 'failed' && { reason: billed.status === 'void' ? 'It was voided.' : 'The bank declined it.' }),
  };
  const money = { amount: bill.paid, currency: bill.currency };
  const fraud: Fact = {
    kind: 'dispute',
    ...named,
    dispute: `${reference}:fraud`,
    money,
    state: 'lost',
    reason: 'fraud',
  };
  return [
    ...(status ? [payment] : []),
    ...refundFacts(reference, billed, paymentId),
    ...(billed.status === 'fraudulent' ? [fraud] : []),
  ];
}

function refundFacts(reference: string, { refunded_amount: amount, currency }: Billed, paymentId?: string): Fact[] {
  if (!amount) return [];
  return [{ kind: 'refund', ...(paymentId && { paymentId }), reference, refunded: { amount, currency } }];
}

function itemsOf({ first_order_item: item }: Order): Item[] | undefined {
  if (!item) return undefined;
  return [{ price: String(item.variant_id), quantity: item.quantity, unitAmount: item.price, interval: null }];
}
