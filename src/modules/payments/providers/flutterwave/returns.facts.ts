import { isId } from '../../../../kit/id';
import type { DisputeFact, RefundStateFact } from '../port/payment.provider';
import type { Chargeback, Refund } from './api.types';
import { moneyOf } from './transactions.facts';

type Paid = { paymentId?: string; reference: string };

/** `completed-momo` and its like name the way. */
function stateOf(status: string): RefundStateFact['status'] {
  if (status === 'failed') return 'returned';
  return status.startsWith('completed') ? 'succeeded' : 'pending';
}

/** Our own bear our id as their comment. */
export const refundFact = ({ id, amount_refunded, status, comment }: Refund, paid: Paid, currency: string) => ({
  kind: 'refund-state' as const,
  ...paid,
  refund: String(id),
  ...(isId(comment) && { refundId: comment }),
  money: moneyOf(amount_refunded, currency),
  status: stateOf(status),
});

/** All that is on its way back, or there. */
export const refundedOf = (refunds: Refund[], currency: string): number =>
  refunds
    .filter(({ status }) => status !== 'failed')
    .reduce((sum, { amount_refunded }) => sum + moneyOf(amount_refunded, currency).amount, 0);

const DISPUTE: Record<string, DisputeFact['state'] | undefined> = {
  initiated: 'open',
  pending: 'open',
  declined: 'open', // by the seller: the bank decides
  accepted: 'lost', // by the seller
  lost: 'lost',
  won: 'won',
};

export function disputeFacts({ id, amount, status, comment }: Chargeback, paid: Paid, currency: string): DisputeFact[] {
  const state = DISPUTE[status];
  if (!state) return [];
  const reason = comment ? { reason: comment } : {};
  return [{ kind: 'dispute', ...paid, dispute: String(id), money: moneyOf(amount, currency), state, ...reason }];
}
