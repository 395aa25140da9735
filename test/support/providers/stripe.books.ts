import { clock } from '../../../src/kit/clock';
import { newName } from './stand-in';
import { example } from './stripe.schema';

/** As Stripe's own objects are: we write and read what the examples hold. */
export type Thing = Record<string, any> & { id: string };
export type StripeEvent = Thing & { type: string; data: { object: Thing } };

const seconds = (): number => Math.floor(clock.now().getTime() / 1000);
const MONTH = 30 * 24 * 60 * 60;

/** What Stripe remembers. Each deed answers with the events that tell of it. */
export class StripeBooks {
  private readonly things = new Map<string, Thing>();
  livemode = false;

  get = (id: string): Thing | undefined => this.things.get(id);
  all = (object: string): Thing[] => [...this.things.values()].filter((thing) => thing.object === object);

  openSession(parameters: Record<string, any>, origin: string): Thing {
    const { line_items, mode, metadata, client_reference_id, customer_email, success_url, cancel_url } = parameters;
    const prices = line_items.map(({ price_data, quantity = 1 }: Thing) => price_data.unit_amount * quantity);
    const amount = prices.reduce((sum: number, price: number) => sum + price, 0);
    const { currency } = line_items[0].price_data;
    const id = newName('cs_test');
    const given = { mode, metadata, client_reference_id, customer_email, success_url, cancel_url, currency };
    const none = { payment_intent: null, subscription: null, invoice: null, currency_conversion: null };
    const state = { amount_subtotal: amount, amount_total: amount, payment_status: 'unpaid', status: 'open' };
    return this.add('checkout.session', {
      ...given,
      ...none,
      ...state,
      id,
      url: `${origin}/checkout/${id}`,
      parameters,
    });
  }

  /** @param paid what goes wrong: another amount, another currency. */
  payOnce(session: Thing, paid: { amount: number; currency: string }, settled = true): StripeEvent[] {
    const metadata = session.parameters.payment_intent_data?.metadata ?? {};
    const intent = this.charge(paid, metadata, settled);
    const total = { amount_total: paid.amount, currency: paid.currency };
    const payment_status = settled ? 'paid' : 'unpaid';
    Object.assign(session, { ...total, payment_status, status: 'complete', payment_intent: intent.id });
    return [this.event('checkout.session.completed', session)];
  }

  settle(session: Thing): StripeEvent {
    session.payment_status = 'paid';
    return this.event('checkout.session.async_payment_succeeded', session);
  }

  subscribe(session: Thing, paid: { amount: number; currency: string }): StripeEvent[] {
    const metadata = session.parameters.subscription_data?.metadata ?? {};
    const subscription = this.add('subscription', { id: newName('sub'), metadata, status: 'active', cancel_at: null });
    Object.assign(subscription, { cancel_at_period_end: false, canceled_at: null, ended_at: null });
    this.extend(subscription);
    const invoice = this.bill(subscription, paid, 'subscription_create');
    const total = { amount_total: paid.amount, currency: paid.currency };
    const names = { subscription: subscription.id, invoice: invoice.id };
    Object.assign(session, { ...total, ...names, payment_status: 'paid', status: 'complete' });
    return [
      this.event('customer.subscription.created', subscription),
      this.event('invoice.paid', invoice),
      this.event('checkout.session.completed', session),
    ];
  }

  renew(subscription: Thing, paid: { amount: number; currency: string }): StripeEvent[] {
    this.extend(subscription);
    const invoice = this.bill(subscription, paid, 'subscription_cycle');
    subscription.status = 'active';
    return [this.event('invoice.paid', invoice), this.event('customer.subscription.updated', subscription)];
  }

  decline(subscription: Thing, due: { amount: number; currency: string }): StripeEvent[] {
    const invoice = this.bill(subscription, due, 'subscription_cycle', false);
    subscription.status = 'past_due';
    return [this.event('invoice.payment_failed', invoice), this.event('customer.subscription.updated', subscription)];
  }

  refund(intent: Thing, amount: number, metadata: object): { refund: Thing; events: StripeEvent[] } {
    const charge = this.get(intent.latest_charge)!;
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded === charge.amount;
    const of = { payment_intent: intent.id, charge: charge.id, currency: charge.currency };
    const refund = this.add('refund', { id: newName('re'), ...of, amount, metadata, status: 'succeeded' });
    return { refund, events: [this.event('charge.refunded', charge)] };
  }

  dispute(intent: Thing): StripeEvent[] {
    const charge = this.get(intent.latest_charge)!;
    charge.disputed = true;
    const of = { payment_intent: intent.id, charge: charge.id, currency: charge.currency, amount: charge.amount };
    const state = { status: 'needs_response', reason: 'fraudulent' };
    return [this.event('charge.dispute.created', this.add('dispute', { id: newName('dp'), ...of, ...state }))];
  }

  event(type: string, object: Thing): StripeEvent {
    const { parameters: _ours, ...shown } = object;
    const data = { object: structuredClone(shown) };
    const facts = { id: newName('evt'), type, data, created: seconds(), livemode: this.livemode };
    return { ...example('event'), ...facts } as unknown as StripeEvent;
  }

  private extend(subscription: Thing): void {
    const item = subscription.items.data[0];
    const start = item.subscription === subscription.id ? item.current_period_end : seconds();
    Object.assign(item, {
      subscription: subscription.id,
      current_period_start: start,
      current_period_end: start + MONTH,
    });
  }

  private bill(
    subscription: Thing,
    { amount, currency }: { amount: number; currency: string },
    reason: string,
    paid = true,
  ): Thing {
    const details = { subscription: subscription.id, metadata: subscription.metadata };
    const invoice = this.add('invoice', {
      id: newName('in'),
      amount_due: amount,
      amount_paid: paid ? amount : 0,
      amount_remaining: paid ? 0 : amount,
      currency,
      billing_reason: reason,
      status: paid ? 'paid' : 'open',
      parent: { type: 'subscription_details', quote_details: null, subscription_details: details },
    });
    if (!paid) return invoice;
    const payment = { type: 'payment_intent', payment_intent: this.charge({ amount, currency }, {}).id };
    this.add('invoice_payment', {
      id: newName('inpay'),
      invoice: invoice.id,
      amount_paid: amount,
      payment,
      status: 'paid',
    });
    return invoice;
  }

  private charge({ amount, currency }: { amount: number; currency: string }, metadata: object, settled = true): Thing {
    const charge = newName('ch');
    const state = { status: settled ? 'succeeded' : 'processing', amount_received: settled ? amount : 0 };
    const of = { amount, currency, metadata };
    const intent = this.add('payment_intent', { ...of, ...state, id: newName('pi'), latest_charge: charge });
    const books = { amount_captured: amount, amount_refunded: 0, disputed: false, refunded: false };
    this.add('charge', { ...of, ...books, id: charge, payment_intent: intent.id });
    return intent;
  }

  private add(kind: string, thing: Record<string, unknown>): Thing {
    const whole = { ...example(kind), livemode: this.livemode, created: seconds(), ...thing } as unknown as Thing;
    this.things.set(whole.id, whole);
    return whole;
  }
}
