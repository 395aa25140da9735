import { inProportion } from '../../kit/money';
import { plainBill } from './bill';
import type { Fact, PaymentFact, SubscriptionFact } from './payment.provider';

/** What an order and a subscription's invoice have in common. */
export type Bill = {
  store_id: number;
  status: string;
  currency: string;
  subtotal: number;
  discount_total: number;
  tax_inclusive: boolean;
  total: number; // with the tax, which Lemon Squeezy adds and owes as the merchant of record
  refunded_amount: number; // in all, with its tax
  subscription_id?: number;
  billing_reason?: string;
};

export type LemonSubscription = {
  store_id: number;
  status: string;
  renews_at: string | null;
  ends_at: string | null;
  updated_at: string;
};

/** The price, which is ours to check: what they added to it left out. */
export const priceOf = ({ subtotal, discount_total, total, tax_inclusive }: Bill): number =>
  tax_inclusive ? total : subtotal - discount_total;

const PAYMENT: Record<string, PaymentFact['status'] | undefined> = {
  pending: 'pending',
  paid: 'succeeded',
  refunded: 'succeeded',
  partial_refund: 'succeeded',
  failed: 'failed',
  fraudulent: 'failed',
  void: 'failed',
};

/** `reference` is the path of the bill in the API: `orders/1` or `subscription-invoices/1`. */
export function billFacts(reference: string, bill: Bill, paymentId?: string): Fact[] {
  const status = PAYMENT[bill.status];
  if (!status) return [];
  const money = { amount: priceOf(bill), currency: bill.currency };
  const payment: PaymentFact = {
    kind: 'payment',
    ...(paymentId && { paymentId }),
    reference,
    status,
    bill: plainBill(money),
    ...(bill.subscription_id && { subscription: String(bill.subscription_id) }),
    ...(status === 'failed' && { reason: 'The bank declined it.' }),
  };
  if (!bill.refunded_amount) return [payment];
  const refunded = { ...money, amount: inProportion(bill.refunded_amount, bill.total, money.amount) };
  return [payment, { kind: 'refund', ...(paymentId && { paymentId }), reference, refunded }];
}

const SUBSCRIPTION: Record<string, SubscriptionFact['status'] | undefined> = {
  on_trial: 'active',
  active: 'active',
  cancelled: 'active', // runs to the end of what is paid, then it is `expired`
  paused: 'past_due',
  past_due: 'past_due',
  unpaid: 'past_due',
  expired: 'canceled',
};

export function subscriptionFacts(reference: string, subscription: LemonSubscription, paymentId?: string): Fact[] {
  const status = SUBSCRIPTION[subscription.status];
  if (!status) return [];
  return [
    {
      kind: 'subscription',
      reference,
      ...(paymentId && { paymentId }),
      status,
      periodEnd: timeOf(subscription.ends_at ?? subscription.renews_at),
      cancelAt: subscription.status === 'cancelled' ? timeOf(subscription.ends_at) : null,
      renews: subscription.status !== 'cancelled',
      at: timeOf(subscription.updated_at)!,
    },
  ];
}

const timeOf = (time: string | null): string | null => time && new Date(time).toISOString();
