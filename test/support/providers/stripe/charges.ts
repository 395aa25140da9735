import { newName } from '../stand-in';
import type { Money, StripeEvent, Thing, Things } from './things';

/** Money that was taken, given back, and fought over. */
export class Charges {
  constructor(private readonly things: Things) {}

  charge({ amount, currency }: Money, metadata: object, customer: string | null = null, settled = true): Thing {
    const charge = newName('ch');
    const state = { status: settled ? 'succeeded' : 'processing', amount_received: settled ? amount : 0 };
    const of = { amount, currency, metadata, customer };
    const intent = this.things.add('payment_intent', { ...of, ...state, id: newName('pi'), latest_charge: charge });
    const books = { amount_captured: amount, amount_refunded: 0, disputed: false, refunded: false };
    this.things.add('charge', { ...of, ...books, id: charge, payment_intent: intent.id });
    return intent;
  }

  chargeOf = (intent: Thing): Thing => this.things.get(intent.latest_charge)!;

  /** `pending` at banks that take days; `requires_action` where the buyer must say where the money is to go. */
  refund(intent: Thing, amount: number, metadata: object, status = 'succeeded') {
    const charge = this.chargeOf(intent);
    this.count(charge, amount);
    const of = { payment_intent: intent.id, charge: charge.id, currency: charge.currency };
    const refund = this.things.add('refund', { id: newName('re'), ...of, amount, metadata, status });
    return { refund, events: [this.event('refund.created', refund), this.event('charge.refunded', charge)] };
  }

  /** The bank took it. */
  settleRefund(refund: Thing): StripeEvent[] {
    return [this.event('refund.updated', Object.assign(refund, { status: 'succeeded' }))];
  }

  /** The bank sent it back, or the buyer never said where to: what was given back becomes less. */
  failRefund(refund: Thing, status: 'failed' | 'canceled' = 'failed'): StripeEvent[] {
    Object.assign(refund, { status, ...(status === 'failed' && { failure_reason: 'expired_or_canceled_card' }) });
    this.count(this.things.get(refund.charge)!, -refund.amount);
    const events = [this.event('refund.updated', refund), this.event('charge.refund.updated', refund)];
    return status === 'failed' ? [this.event('refund.failed', refund), ...events] : events;
  }

  /** An inquiry asks and takes nothing. */
  dispute(intent: Thing, { inquiry = false, amount = intent.amount }: { inquiry?: boolean; amount?: number } = {}) {
    const charge = this.chargeOf(intent);
    charge.disputed = true;
    const of = { payment_intent: intent.id, charge: charge.id, currency: charge.currency, amount };
    const state = { status: inquiry ? 'warning_needs_response' : 'needs_response', reason: 'fraudulent' };
    const dispute = this.things.add('dispute', { id: newName('dp'), ...of, ...state, balance_transactions: [] });
    return [this.event('charge.dispute.created', dispute), ...(inquiry ? [] : this.move(dispute, -amount))];
  }

  escalate(dispute: Thing): StripeEvent[] {
    dispute.status = 'needs_response';
    return [this.event('charge.dispute.updated', dispute), ...this.move(dispute, -dispute.amount)];
  }

  closeDispute(dispute: Thing, status: 'won' | 'lost' | 'warning_closed' | 'prevented'): StripeEvent[] {
    dispute.status = status;
    const back = status === 'won' ? this.move(dispute, dispute.amount) : [];
    return [...back, this.event('charge.dispute.closed', dispute)];
  }

  private move(dispute: Thing, amount: number): StripeEvent[] {
    dispute.balance_transactions.push({ object: 'balance_transaction', amount, currency: dispute.currency });
    return [this.event(`charge.dispute.funds_${amount < 0 ? 'withdrawn' : 'reinstated'}`, dispute)];
  }

  private count(charge: Thing, amount: number): void {
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
  }

  private event = (type: string, thing: Thing): StripeEvent => this.things.event(type, thing);
}
