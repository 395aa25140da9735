import { clock } from '../../kit/clock';
import { isId } from '../../kit/db/id';
import { toMinor } from '../../kit/money';
import { plainBill } from './bill';
import type { Fact, PaymentFact } from './payment.provider';
import { ProviderRefused } from './providers.errors';

export type Transaction = {
  id: number;
  tx_ref: string;
  amount: number;
  currency: string;
  status: string;
  processor_response?: string;
};
export type Refund = { transaction_id: number; amount_refunded: number; status: string };
export type Subscription = { id: number; status: string };

const STATUS: Record<string, PaymentFact['status'] | undefined> = {
  successful: 'succeeded',
  pending: 'pending',
  failed: 'failed',
};

export function transactionFacts(transaction: Transaction, subscription?: Subscription, refunded = 0): Fact[] {
  const { id, tx_ref, amount, currency, processor_response } = transaction;
  const status = STATUS[transaction.status];
  const paymentId = isId(tx_ref) ? { paymentId: tx_ref } : undefined;
  if (!status || (!paymentId && !subscription)) return []; // not sold by us, or a renewal that is still to be paid
  const payment: PaymentFact = {
    kind: 'payment',
    ...paymentId,
    reference: String(id),
    status,
    bill: plainBill({ amount: minorUnits(amount, currency), currency }),
    ...(subscription && { subscription: String(subscription.id) }),
    ...(status === 'failed' && { reason: processor_response }),
  };
  const { reference } = payment as PaymentFact & { reference: string };
  return [
    payment,
    ...(subscription ? subscriptionFacts(subscription, paymentId) : []),
    ...(refunded > 0
      ? [{ kind: 'refund', ...paymentId, reference, refunded: { amount: refunded, currency } } as const]
      : []),
  ];
}

/** A cancelled one is paid up to a day that they do not say. */
export const subscriptionFacts = ({ id, status }: Subscription, began?: { paymentId: string }): Fact[] => [
  {
    kind: 'subscription',
    reference: String(id),
    ...began,
    status: 'active',
    periodEnd: null,
    cancelAt: null,
    renews: status === 'active',
    at: clock.now().toISOString(),
  },
];

/** All that is on its way back, or there. */
export const refundedOf = (refunds: Refund[], transaction: string, currency: string): number =>
  refunds
    .filter(({ transaction_id, status }) => String(transaction_id) === transaction && status !== 'failed')
    .reduce((sum, { amount_refunded }) => sum + minorUnits(amount_refunded, currency), 0);

/** @throws ProviderRefused for what is no amount of money, such as a text: nothing is believed of such an answer. */
export function minorUnits(amount: unknown, currency: string): number {
  try {
    return toMinor(amount, currency);
  } catch {
    throw new ProviderRefused({ detail: 'Its amount cannot be read.' });
  }
}
