import { createHmac } from 'node:crypto';
import { clock } from '../../../src/kit/clock';
import { decodeForm } from './form';
import { type Asked, Refusal, type Reply, type Signed, StandIn } from './stand-in';
import { StripeBooks, type StripeEvent, type Thing } from './stripe.books';
import { complaintsAbout } from './stripe.schema';

type Parameters = Record<string, any>;
type Wrong = { amount?: number; currency?: string };

/** Stripe: API version 2026-10-28. Parameters are checked against its own types, answers look like its own examples. */
export class StripeStandIn extends StandIn<StripeEvent> {
  readonly name = 'stripe';
  readonly books = new StripeBooks();
  secretKey = 'sk_test_51TenantryStandIn';
  webhookSecret = 'whsec_a_stand_in_for_stripe';
  private readonly replies = new Map<string, { asked: string; reply: Reply }>();

  static open = (port?: number): Promise<StripeStandIn> => new StripeStandIn().listen(port);

  get settings() {
    return { STRIPE_SECRET_KEY: this.secretKey, STRIPE_WEBHOOK_SECRET: this.webhookSecret, STRIPE_API_URL: this.url };
  }

  sign(event: StripeEvent, { secret = this.webhookSecret, at = clock.now() } = {}): Signed {
    const body = JSON.stringify(event, undefined, 2);
    const t = Math.floor(at.getTime() / 1000);
    const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
    return { body, headers: { 'stripe-signature': `t=${t},v1=${v1}` } };
  }

  pay(checkoutUrl: string, wrong: Wrong = {}): StripeEvent[] {
    const session = this.session(this.checkoutIn(checkoutUrl));
    const paid = { ...priceOf(session), ...wrong };
    return session.mode === 'payment' ? this.books.payOnce(session, paid) : this.books.subscribe(session, paid);
  }

  /** Pays by a bank that takes days: first this, then `settle`. */
  payLater(checkoutUrl: string): StripeEvent[] {
    const session = this.session(this.checkoutIn(checkoutUrl));
    return this.books.payOnce(session, priceOf(session), false);
  }

  settle = (checkoutUrl: string): StripeEvent => this.books.settle(this.session(this.checkoutIn(checkoutUrl)));

  expire(checkoutUrl: string): StripeEvent {
    const session = this.session(this.checkoutIn(checkoutUrl));
    return this.books.event('checkout.session.expired', Object.assign(session, { status: 'expired' }));
  }

  renew = (checkoutUrl: string): StripeEvent[] =>
    this.books.renew(this.subscription(checkoutUrl), priceOf(this.session(this.checkoutIn(checkoutUrl))));

  decline = (checkoutUrl: string): StripeEvent[] =>
    this.books.decline(this.subscription(checkoutUrl), priceOf(this.session(this.checkoutIn(checkoutUrl))));

  /** The subscription is over. */
  end(checkoutUrl: string): StripeEvent {
    const subscription = Object.assign(this.subscription(checkoutUrl), { status: 'canceled' });
    return this.books.event('customer.subscription.deleted', subscription);
  }

  /** Someone sends money back in Stripe's dashboard. */
  refund = (checkoutUrl: string, amount: number): StripeEvent[] =>
    this.books.refund(this.intent(checkoutUrl), amount, {}).events;

  dispute = (checkoutUrl: string): StripeEvent[] => this.books.dispute(this.intent(checkoutUrl));

  protected order(id: string) {
    const session = this.session(id);
    const { price_data, quantity } = session.parameters.line_items[0];
    const price = `${session.amount_total} ${session.currency.toUpperCase()} (in its smallest unit)`;
    const title = `${quantity} × ${price_data.product_data.name}`;
    return { title, price, successUrl: session.success_url, cancelUrl: session.cancel_url };
  }

  protected answer(asked: Asked): Reply {
    if (asked.headers.authorization !== `Bearer ${this.secretKey}`) throw refusal(401, 'Invalid API Key provided');
    const parameters = decodeForm(asked.method === 'GET' ? asked.query.toString() : asked.body) as Parameters;
    const operation = `${asked.method} ${asked.path.replace(/\/[a-z]+_[A-Za-z0-9_]*\d[A-Za-z0-9_]*$/, '/{id}')}`;
    const complaint = complaintsAbout(operation, parameters);
    if (complaint) throw refusal(400, `Received unknown or wrong parameter: ${complaint}`, 'parameter_unknown');
    const key = asked.headers['idempotency-key'];
    if (asked.method === 'GET') return { body: this.read(operation, asked.path.split('/').at(-1)!, parameters) };
    if (typeof key !== 'string') throw refusal(400, 'A request that changes something wants an Idempotency-Key here.');
    return this.once(key, `${operation} ${asked.body}`, () =>
      this.change(operation, asked.path.split('/').at(-1)!, parameters),
    );
  }

  private once(key: string, asked: string, deed: () => unknown): Reply {
    const before = this.replies.get(key);
    if (before && before.asked !== asked)
      throw refusal(
        400,
        'Keys for idempotent requests can only be used with the same parameters.',
        'idempotency_error',
      );
    const reply = before?.reply ?? { body: structuredClone(deed()) };
    this.replies.set(key, { asked, reply });
    return reply;
  }

  private change(operation: string, id: string, parameters: Parameters): unknown {
    if (operation === 'POST /v1/checkout/sessions') return shown(this.books.openSession(parameters, this.url));
    if (operation === 'POST /v1/refunds') return this.makeRefund(parameters);
    if (operation !== 'POST /v1/subscriptions/{id}') throw refusal(404, 'Unrecognized request URL');
    const subscription = Object.assign(this.find(id), parameters);
    this.untold.push(this.books.event('customer.subscription.updated', subscription));
    return subscription;
  }

  private makeRefund({ payment_intent, amount, metadata = {}, expand = [] }: Parameters): Thing {
    const intent = this.find(payment_intent);
    const charge = this.find(intent.latest_charge);
    if (amount > charge.amount - charge.amount_refunded)
      throw refusal(400, `Refund amount (${amount}) is greater than unrefunded amount on charge`);
    const { refund, events } = this.books.refund(intent, amount, metadata);
    this.untold.push(...events);
    return expand.includes('charge') ? { ...refund, charge } : refund;
  }

  private read(operation: string, id: string, { invoice, payment, payment_intent, expand = [] }: Parameters): unknown {
    const intent = payment_intent ?? payment?.payment_intent;
    if (operation.endsWith('{id}')) return this.expanded(shown(this.find(id)), expand);
    const isOf = (thing: Thing) => thing.invoice === invoice || thing.payment?.payment_intent === intent;
    const data = operation.endsWith('invoice_payments')
      ? this.books.all('invoice_payment').filter((thing) => (invoice ? thing.invoice === invoice : isOf(thing)))
      : this.books.all('dispute').filter((thing) => thing.payment_intent === intent);
    return { object: 'list', data, has_more: false, url: '/' };
  }

  private expanded = (thing: Thing, names: string[]): Thing =>
    names.reduce((whole, name) => (thing[name] ? { ...whole, [name]: this.find(thing[name]) } : whole), thing);

  private session = (id: string): Thing => this.find(id);
  private subscription = (checkoutUrl: string): Thing =>
    this.find(this.session(this.checkoutIn(checkoutUrl)).subscription);

  private intent(checkoutUrl: string): Thing {
    const { payment_intent, invoice } = this.session(this.checkoutIn(checkoutUrl));
    const paid = this.books.all('invoice_payment').find((payment) => payment.invoice === invoice);
    return this.find(payment_intent ?? paid?.payment.payment_intent);
  }

  private find(id: string): Thing {
    const thing = this.books.get(id);
    if (!thing) throw refusal(404, `No such object: '${id}'`, 'resource_missing');
    return thing;
  }
}

const shown = ({ parameters: _ours, ...thing }: Thing): Thing => thing;

function priceOf({ parameters }: Thing): { amount: number; currency: string } {
  const [{ price_data, quantity }] = parameters.line_items;
  return { amount: price_data.unit_amount * quantity, currency: price_data.currency };
}

function refusal(status: number, message: string, code?: string): Refusal {
  const type = code === 'idempotency_error' ? code : 'invalid_request_error';
  return new Refusal(status, { error: { type, message, code } });
}
