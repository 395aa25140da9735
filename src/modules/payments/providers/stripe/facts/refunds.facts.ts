import type Stripe from 'stripe';
import type { RefundStateFact } from '../../port/payment.provider';
import { moneyOf } from './amounts';
import { ours } from './names';

const STATUS: Record<string, RefundStateFact['status'] | undefined> = {
  pending: 'pending',
  requires_action: 'pending', // the buyer has to say where the money is to go
  succeeded: 'succeeded',
  failed: 'returned',
  canceled: 'returned',
};

/** @param reference what we call the payment: a subscription's is its invoice, which a refund does not name */
export function refundFact(
  refund: Stripe.Refund,
  reference: string,
  paymentId = ours(refund.metadata),
): RefundStateFact {
  const { id, amount, currency, metadata, failure_reason: reason } = refund;
  return {
    kind: 'refund-state',
    ...paymentId,
    reference,
    refund: id,
    ...(metadata?.refund_id && { refundId: metadata.refund_id }),
    money: moneyOf(amount, currency),
    status: STATUS[refund.status ?? 'succeeded'] ?? 'pending',
    ...(reason && { reason }),
  };
}
