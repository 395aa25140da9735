import { newName } from '../stand-in';
import type { Invoices } from './invoices';
import { itemOf, type Sold } from './items';
import { next } from './periods';
import type { Coupon, Line, Tax } from './pricing';
import type { Money, StripeEvent, Thing, Things } from './things';

export type Order = Sold & { metadata: object };
export type Terms = { coupon?: Coupon; tax?: Tax; balance?: number; trialDays?: number };
const DAY = 24 * 60 * 60;

const NOTHING = {
  cancel_at: null,
  cancel_at_period_end: false,
  canceled_at: null,
  ended_at: null,
  pause_collection: null,
  pending_update: null,
  trial_start: null,
  trial_end: null,
  billing_mode: { type: 'flexible', flexible: { proration_discounts: 'included' } },
};

/** What someone pays for again and again. */
export class Subscriptions {
  constructor(
    private readonly things: Things,
    private readonly invoices: Invoices,
  ) {}

  begin({ metadata, ...sold }: Order, { balance = 0, trialDays, ...terms }: Terms, wrong: Partial<Money> = {}) {
    const customer = this.things.add('customer', { id: newName('cus'), balance, terms: { card: 'good' } });
    const id = newName('sub');
    const start = this.things.now;
    const end = trialDays ? start + trialDays * DAY : next(start, start, sold.interval);
    const items = { object: 'list', data: [itemOf(id, sold, { start, end })], has_more: false, url: '/' };
    const subscription = this.things.add('subscription', {
      ...NOTHING,
      id,
      customer: customer.id,
      metadata,
      currency: wrong.currency ?? sold.currency,
      items,
      billing_cycle_anchor: trialDays ? end : start,
      status: trialDays ? 'trialing' : 'active',
      ...(trialDays && { trial_start: start, trial_end: end }),
      terms: { ...terms, pending: [] },
    });
    const lines = linesOf(items.data, Boolean(trialDays));
    const invoice = this.invoices.bill(subscription, 'subscription_create', lines, wrong);
    const [paid] = this.invoices.pay(invoice);
    return { subscription, invoice, events: [this.tell('created', subscription), paid!] };
  }

  /** The next period begins, and is billed with what waited for it. A trial is over by then. */
  advance(subscription: Thing, wrong: Partial<Money> = {}): Thing {
    const { items, billing_cycle_anchor: anchor, terms } = subscription;
    const first = Math.min(...items.data.map((item: Thing) => item.current_period_end));
    const due = items.data.filter((item: Thing) => item.current_period_end === first);
    for (const item of due) {
      const current_period_end = next(anchor, first, item.price.recurring.interval);
      Object.assign(item, { current_period_start: first, current_period_end });
    }
    if (subscription.status === 'trialing') subscription.status = 'active';
    const lines = [...terms.pending.splice(0), ...linesOf(due)];
    return this.invoices.bill(subscription, 'subscription_cycle', lines, wrong);
  }

  /** What a coupon or a tax, from now on, does to each bill. */
  agree(subscription: Thing, terms: Pick<Terms, 'coupon' | 'tax'>): StripeEvent[] {
    Object.assign(subscription.terms, terms);
    return [this.tell('updated', subscription)];
  }

  collected(subscription: Thing, invoice: Thing): StripeEvent[] {
    const events = this.invoices.pay(invoice);
    const isLatest = subscription.latest_invoice === invoice.id;
    if (isLatest && subscription.status !== 'canceled') subscription.status = 'active';
    return [...events, this.tell('updated', subscription)];
  }

  declined(subscription: Thing, invoice: Thing, after: 'canceled' | 'unpaid' | 'past_due'): StripeEvent[] {
    const { events, again } = this.invoices.decline(invoice);
    if (!again && after === 'canceled') return [...events, ...this.end(subscription)];
    subscription.status = again ? 'past_due' : after;
    return [...events, this.tell('updated', subscription)];
  }

  /** What was billed is not collected by itself any more; it stands open, and whoever has the link may pay. */
  end(subscription: Thing): StripeEvent[] {
    const { now } = this.things;
    Object.assign(subscription, { status: 'canceled', ended_at: now, canceled_at: subscription.canceled_at ?? now });
    for (const invoice of this.invoices
      .of(subscription)
      .filter(({ status }) => status === 'open' || status === 'draft'))
      this.invoices.shelve(invoice, invoice.status);
    return [this.tell('deleted', subscription)];
  }

  tell = (what: string, subscription: Thing): StripeEvent =>
    this.things.event(`customer.subscription.${what}`, subscription);
}

const linesOf = (items: Thing[], isFree = false): Line[] =>
  items.map(({ id, price, quantity, current_period_start: start, current_period_end: end }) => ({
    amount: isFree ? 0 : price.unit_amount * quantity,
    quantity,
    price: price.id,
    start,
    end,
    proration: false,
    item: id,
  }));
