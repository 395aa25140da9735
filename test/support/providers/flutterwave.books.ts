import { clock } from '../../../src/kit/clock';
import { newName, newNumber } from './stand-in';

export type Row = Record<string, any>;
type Status = 'successful' | 'failed' | 'pending';
/** How a charge differs from what was asked for. */
export type Wrong = { amount?: unknown; currency?: string; status?: Status; txRef?: string; created?: Date };

const TRIES = 3; // within 90 minutes; then the subscription is cancelled
const FEE = 0.014;

/** What an account over there remembers. */
export class FlutterwaveBooks {
  readonly orders = new Map<string, Row>();
  readonly plans = new Map<number, Row>();
  readonly transactions: Row[] = [];
  readonly subscriptions: Row[] = [];
  readonly refunds: Row[] = [];
  readonly chargebacks: Row[] = [];
  /** Whether the buyer pays their fee on top. */
  feeOnTop = false;
  /** How a refund begins: `completed`, or `pending` until a bank or a wallet has it. */
  refundStatus = 'completed';
  private next = newNumber();

  charge(order: Row, { amount = order.amount, currency = order.currency, status, txRef, created }: Wrong): Row {
    const id = this.next++;
    const app_fee = Number(amount) * FEE;
    const transaction = {
      id,
      tx_ref: txRef ?? order.tx_ref,
      flw_ref: `STANDIN/${id}`,
      amount,
      currency,
      charged_amount: this.feeOnTop ? Number(amount) + app_fee : amount,
      app_fee,
      merchant_fee: 0,
      amount_settled: this.feeOnTop ? amount : Number(amount) - app_fee,
      status: status ?? 'successful',
      processor_response: status === 'failed' ? 'Insufficient funds' : 'Approved',
      payment_type: 'card',
      created_at: (created ?? clock.now()).toISOString(),
      customer: { id: 1, name: 'Anonymous customer', phone_number: null, email: order.customer.email },
    };
    this.transactions.push(transaction);
    return transaction;
  }

  /** Which customer and which plan is all that it says of itself; that it knows its first charge shows in a filter alone. */
  subscribe(order: Row, first: Row): void {
    if (!order.payment_plan || first.status !== 'successful' || order.subscription) return;
    order.subscription = {
      id: newNumber(),
      plan: order.payment_plan,
      amount: order.amount,
      status: 'active',
      created_at: first.created_at,
      customer: { id: 1, customer_email: order.customer.email },
    };
    this.subscriptions.push(order.subscription);
    order.first = first.id;
    order.declined = 0;
  }

  firstOf = (subscription: Row): number => this.orderOf(subscription).first;
  orderOf = (subscription: Row): Row => [...this.orders.values()].find((order) => order.subscription === subscription)!;

  /** One try to charge the next period that fails. @returns whether they gave up */
  decline(order: Row): { transaction: Row; isOver: boolean } {
    const transaction = this.charge(order, { status: 'failed', txRef: newName('flw_renewal') });
    order.declined += 1;
    const isOver = order.declined >= TRIES;
    if (isOver) order.subscription.status = 'cancelled';
    return { transaction, isOver };
  }

  giveBack(transaction: Row, amount: number, comment?: string): Row {
    const refund = { id: newNumber(), transaction_id: transaction.id, amount_refunded: amount, comment };
    const kept = { ...refund, status: this.refundStatus, flw_ref: transaction.flw_ref };
    this.refunds.push(kept);
    return kept;
  }

  leftOf = ({ id, amount }: Row): number =>
    this.refunds
      .filter(({ transaction_id, status }) => transaction_id === id && status !== 'failed')
      .reduce((rest, { amount_refunded }) => rest - amount_refunded, amount);

  dispute(transaction: Row, status: string): Row {
    const { id: transaction_id, tx_ref, flw_ref, amount } = transaction;
    const of = { transaction_id, tx_ref, flw_ref, amount };
    const chargeback = { id: newNumber(), ...of, status, stage: 'new', comment: 'Not received' };
    this.chargebacks.push(chargeback);
    return chargeback;
  }

  /** What would still be charged of a subscription, whatever the coming year brings. */
  foresee = (subscription: string): { amount: number }[] =>
    this.subscriptions
      .filter(({ id, status }) => String(id) === subscription && status === 'active')
      .map(({ amount }) => ({ amount }));
}
