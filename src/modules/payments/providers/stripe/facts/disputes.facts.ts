import type Stripe from 'stripe';
import type { DisputeFact } from '../../port/payment.provider';
import { moneyOf, sum } from './amounts';

const STATE: Record<string, DisputeFact['state'] | undefined> = {
  needs_response: 'open',
  under_review: 'open',
  appeal_needs_response: 'open',
  appeal_under_review: 'open',
  won: 'won',
  lost: 'lost',
};

/** An inquiry (`warning_…`) takes no money; it may become a dispute. */
export function disputeFacts(
  dispute: Stripe.Dispute,
  reference: string,
  paymentId: { paymentId?: string },
): DisputeFact[] {
  const { id, amount, currency, reason } = dispute;
  const state = stateOf(dispute);
  return state
    ? [{ kind: 'dispute', ...paymentId, reference, dispute: id, state, money: moneyOf(amount, currency), reason }]
    : [];
}

/** One that was prevented is a blocked one, which costs nothing, or one that the network settled with the seller's money. */
function stateOf({ status, balance_transactions = [] }: Stripe.Dispute): DisputeFact['state'] | undefined {
  if (status !== 'prevented') return STATE[status];
  return sum(balance_transactions.map(({ amount }) => amount)) < 0 ? 'lost' : undefined;
}
