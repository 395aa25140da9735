import { newName } from '../stand-in';
import type { Charges } from './charges';
import { type Line, lineOf, reckon } from './pricing';
import type { Money, StripeEvent, Thing, Things } from './things';

const DAY = 24 * 60 * 60;
/** When a declined one is tried again, in days after the time before. */
const RETRIES = [3, 5, 7];

/** What is billed, and how it is collected. */
export class Invoices {
  constructor(
    private readonly things: Things,
    private readonly charges: Charges,
  ) {}

  /** @param wrong what goes wrong at Stripe: another sum is taken than the lines say */
  bill(subscription: Thing, reason: string, lines: Line[], wrong: Partial<Money> = {}): Thing {
    const customer = this.things.get(subscription.customer)!;
    const { coupon, tax } = subscription.terms;
    const sums = reckon({ lines, coupon, tax, startingBalance: customer.balance });
    customer.balance = sums.ending_balance;
    const { amount = sums.amount_due, currency = subscription.currency } = wrong;
    const details = { subscription: subscription.id, metadata: subscription.metadata };
    const invoice = this.things.add('invoice', {
      id: newName('in'),
      customer: customer.id,
      ...sums,
      ...(wrong.amount !== undefined && { total: amount, amount_due: amount, amount_remaining: amount }),
      currency,
      billing_reason: reason,
      status: 'open',
      auto_advance: true,
      attempted: false,
      next_payment_attempt: this.things.now,
      parent: { type: 'subscription_details', quote_details: null, subscription_details: details },
      total_pretax_credit_amounts: null,
    });
    const data = lines.map((line) => lineOf(line, subscription));
    invoice.lines = { object: 'list', data, has_more: false, url: `/v1/invoices/${invoice.id}/lines` };
    subscription.latest_invoice = invoice.id;
    return invoice;
  }

  /** @param where `elsewhere`: someone says that it was paid by a bank transfer, say */
  pay(invoice: Thing, where: 'here' | 'elsewhere' = 'here'): StripeEvent[] {
    const { amount_due: amount, currency, customer } = invoice;
    const isTaken = where === 'here' && amount > 0;
    const settled = { status: 'paid', amount_paid: isTaken ? amount : 0, amount_remaining: 0, attempted: true };
    const transitions = { ...invoice.status_transitions, paid_at: this.things.now };
    Object.assign(invoice, settled, {
      auto_advance: false,
      next_payment_attempt: null,
      status_transitions: transitions,
    });
    if (isTaken) {
      const payment = {
        type: 'payment_intent',
        payment_intent: this.charges.charge({ amount, currency }, {}, customer).id,
      };
      const of = { invoice: invoice.id, amount_paid: amount, amount_requested: amount, currency };
      this.things.add('invoice_payment', { id: newName('inpay'), ...of, payment, status: 'paid' });
    }
    return [this.things.event('invoice.paid', invoice)];
  }

  /** The bank says no. @returns whether it will be asked again */
  decline(invoice: Thing): { events: StripeEvent[]; again: boolean } {
    const days = RETRIES[invoice.attempt_count];
    Object.assign(invoice, { attempted: true, attempt_count: invoice.attempt_count + 1 });
    invoice.next_payment_attempt = days ? this.things.now + days * DAY : null;
    return { events: [this.things.event('invoice.payment_failed', invoice)], again: days !== undefined };
  }

  /** Kept, but not collected. */
  shelve(invoice: Thing, status: 'draft' | 'open' | 'void' | 'uncollectible'): void {
    Object.assign(invoice, { status, auto_advance: false, next_payment_attempt: null });
  }

  openOf = (subscription: Thing): Thing[] => this.of(subscription).filter(({ status }) => status === 'open');

  of = (subscription: Thing): Thing[] =>
    this.things
      .all('invoice')
      .filter(({ parent }) => parent.subscription_details.subscription === subscription.id)
      .toReversed();
}
