import { clock } from '../../../../kit/clock';
import { isId } from '../../../../kit/id';
import { toMinor } from '../../../../kit/money';
import { plainBill } from '../port/bill';
import type { PaymentFact, SubscriptionFact } from '../port/payment.provider';
import { ProviderRefused } from '../port/providers.errors';
import type { Subscription, Transaction } from './api.types';

const STATUS: Record<string, PaymentFact['status'] | undefined> = {
  successful: 'succeeded',
  pending: 'pending',
  failed: 'failed',
};

/** Of which subscription a transaction is; `among` when several could have charged it. */
export type Owner = { subscription?: Subscription; among?: string[] };

/** `tx_ref` is ours, for a first payment and, it is said, for some renewals; nothing when it is neither ours nor a subscription's. */
export function transactionFacts(transaction: Transaction, { subscription, among }: Owner = {}): PaymentFact[] {
  const { id, tx_ref, created_at, processor_response } = transaction;
  const status = STATUS[transaction.status];
  const isOurs = isId(tx_ref);
  if (!status || (!isOurs && !subscription && !among)) return [];
  return [
    {
      kind: 'payment',
      ...(isOurs && { paymentId: tx_ref }),
      reference: String(id),
      status,
      bill: plainBill(moneyOf(transaction.amount, transaction.currency)),
      at: new Date(created_at).toISOString(),
      ...(subscription && { subscription: String(subscription.id) }),
      ...(among && { among }),
      ...(status === 'failed' && { reason: processor_response }),
    },
  ];
}

/** A cancelled one is paid up to a day that they do not say. */
export const subscriptionFact = ({ id, status }: Subscription, paymentId?: string): SubscriptionFact => ({
  kind: 'subscription',
  reference: String(id),
  ...(paymentId && { paymentId }),
  status: 'active',
  periodEnd: null,
  cancelAt: null,
  renews: status === 'active',
  at: clock.now().toISOString(),
});

/**
 * Which of a customer's subscriptions charged this: one of the same amount that was there by then, and that runs if any of them does.
 * That a renewal names none is assumed; so is that whoever charges this customer this amount is their subscription.
 */
export function ownerAmong(subscriptions: Subscription[], { amount, created_at, plan }: Transaction): Owner {
  const fitting = subscriptions.filter(
    (one) =>
      one.amount === amount && (!plan || one.plan === plan) && Date.parse(one.created_at) <= Date.parse(created_at),
  );
  const running = fitting.filter(({ status }) => status === 'active');
  const [only, ...more] = running.length > 0 ? running : fitting;
  if (!only) return {};
  return more.length === 0 ? { subscription: only } : { among: [only, ...more].map(({ id }) => String(id)) };
}

/** @throws ProviderRefused for what is no amount of money, such as a text: nothing is believed of such an answer. */
export function moneyOf(amount: unknown, currency: string): { amount: number; currency: string } {
  try {
    return { amount: toMinor(amount, currency), currency };
  } catch {
    throw new ProviderRefused({ detail: 'Its amount cannot be read.' });
  }
}
