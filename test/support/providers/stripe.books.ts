import { newName } from './stand-in';
import { Changes } from './stripe/changes';
import { Charges } from './stripe/charges';
import { Invoices } from './stripe/invoices';
import { otherProduct } from './stripe/other-product';
import { Subscriptions, type Terms } from './stripe/subscriptions';
import { type Money, type StripeEvent, type Thing, Things } from './stripe/things';
import { Timeline } from './stripe/timeline';

export type { StripeEvent, Thing } from './stripe/things';
const DAY = 24 * 60 * 60;
type Wrong = Partial<Money>;

/** Stripe's books. Each deed answers with the events that tell of it. */
export class StripeBooks {
  readonly charges: Charges;
  readonly invoices: Invoices;
  readonly subscriptions: Subscriptions;
  readonly changes: Changes;
  readonly timeline: Timeline;

  constructor(readonly things = new Things()) {
    this.charges = new Charges(things);
    this.invoices = new Invoices(things, this.charges);
    this.subscriptions = new Subscriptions(things, this.invoices);
    this.changes = new Changes(things, this.invoices, this.subscriptions);
    this.timeline = new Timeline(things, this.invoices, this.subscriptions);
  }

  get = (id: string): Thing | undefined => this.things.get(id);
  all = (object: string): Thing[] => this.things.all(object);
  event = (type: string, thing: Thing): StripeEvent => this.things.event(type, thing);

  openSession(parameters: Record<string, any>, origin: string): Thing {
    const { line_items, mode, metadata, client_reference_id, customer_email, success_url, cancel_url } = parameters;
    const prices = line_items.map(({ price_data, quantity = 1 }: Thing) => price_data.unit_amount * quantity);
    const amount = prices.reduce((all: number, price: number) => all + price, 0);
    const { currency } = line_items[0].price_data;
    const id = newName('cs_test');
    const given = { mode, metadata, client_reference_id, customer_email, success_url, cancel_url, currency };
    const none = { payment_intent: null, subscription: null, invoice: null, currency_conversion: null };
    const sums = { amount_subtotal: amount, amount_total: amount, total_details: noDetails };
    const state = { ...sums, payment_status: 'unpaid', status: 'open' };
    return this.things.add('checkout.session', {
      ...given,
      ...none,
      ...state,
      id,
      url: `${origin}/checkout/${id}`,
      parameters,
    });
  }

  payOnce(session: Thing, paid: Money, settled = true): StripeEvent[] {
    const metadata = session.parameters.payment_intent_data?.metadata ?? {};
    const intent = this.charges.charge(paid, metadata, null, settled);
    const total = { amount_total: paid.amount, currency: paid.currency };
    const payment_status = settled ? 'paid' : 'unpaid';
    Object.assign(session, { ...total, payment_status, status: 'complete', payment_intent: intent.id });
    return [this.event('checkout.session.completed', session)];
  }

  settle(session: Thing): StripeEvent {
    session.payment_status = 'paid';
    return this.event('checkout.session.async_payment_succeeded', session);
  }

  subscribe(session: Thing, terms: Terms, wrong: Wrong): StripeEvent[] {
    const { line_items, subscription_data } = session.parameters;
    const [{ price_data, quantity = 1 }] = line_items;
    const { unit_amount: amount, currency, recurring } = price_data;
    const order = {
      amount,
      currency,
      quantity,
      interval: recurring.interval,
      metadata: subscription_data?.metadata ?? {},
    };
    const { subscription, invoice, events } = this.subscriptions.begin(order, terms, wrong);
    const names = { subscription: subscription.id, invoice: invoice.id, customer: subscription.customer };
    const { subtotal: amount_subtotal, total: amount_total, currency: billed } = invoice;
    const payment_status = terms.trialDays ? 'no_payment_required' : 'paid';
    const sums = { amount_subtotal, amount_total, currency: billed, total_details: detailsOf(invoice) };
    Object.assign(session, { ...sums, ...names, payment_status, status: 'complete' });
    return [...events, this.event('checkout.session.completed', session)];
  }

  /** Everything that Stripe still would collect of a subscription, were every card good and every open invoice paid by its link. */
  foresee(subscription: string, days = 365): (Money & { at: string })[] {
    const future = new StripeBooks(this.things.copy());
    const known = new Set(future.all('charge').map(({ id }) => id));
    const of = future.get(subscription)!;
    future.get(of.customer)!.terms.card = 'good';
    for (const invoice of future.invoices.openOf(of)) future.invoices.pay(invoice);
    for (const draft of future.invoices.of(of))
      if (draft.status === 'draft' && draft.auto_advance) future.invoices.pay(draft);
    future.timeline.run(this.things.now + days * DAY, of);
    return future
      .all('charge')
      .filter(({ id, customer }) => customer === of.customer && !known.has(id))
      .map(({ amount, currency, created }) => ({ amount, currency, at: new Date(created * 1000).toISOString() }));
  }

  otherProduct = (): StripeEvent[] => otherProduct(this.things, this.charges, this.subscriptions);
}

const noDetails = { amount_discount: 0, amount_shipping: 0, amount_tax: 0 };

function detailsOf({ total_discount_amounts, total_taxes }: Thing) {
  const sum = (parts: Thing[]) => parts.reduce((all, { amount }) => all + amount, 0);
  return { ...noDetails, amount_discount: sum(total_discount_amounts), amount_tax: sum(total_taxes) };
}
