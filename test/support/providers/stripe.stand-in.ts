import { createHmac } from 'node:crypto';
import { clock } from '../../../src/kit/clock';
import { decodeForm } from './form';
import { type Asked, type Reply, type Signed, StandIn } from './stand-in';
import { Answers, refusal } from './stripe/answers';
import { Orders } from './stripe/orders';
import type { Terms } from './stripe/subscriptions';
import { StripeBooks, type StripeEvent, type Thing } from './stripe.books';
import { complaintsAbout } from './stripe.schema';

type Parameters = Record<string, any>;
type Dispute = { inquiry?: boolean; amount?: number };
type Wrong = { amount?: number; currency?: string };

/** Stripe: API version 2026-10-28. Parameters are checked against its own types, answers look like its own examples. */
export class StripeStandIn extends StandIn<StripeEvent> {
  readonly name = 'stripe';
  readonly books = new StripeBooks();
  secretKey = 'sk_test_51TenantryStandIn';
  webhookSecret = 'whsec_a_stand_in_for_stripe';
  private readonly answers = new Answers(this.books.things);
  private readonly orders = new Orders(this.books, this.answers, this.untold);
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

  /** @param wrong another amount or currency than was asked for @param terms what is agreed beside the price */
  pay(checkoutUrl: string, wrong: Wrong = {}, terms: Terms = {}): StripeEvent[] {
    const session = this.session(checkoutUrl);
    if (session.mode === 'payment') return this.books.payOnce(session, { ...priceOf(session), ...wrong });
    return this.books.subscribe(session, terms, wrong);
  }

  /** Pays by a bank that takes days: first this, then `settle`. */
  payLater(checkoutUrl: string): StripeEvent[] {
    const session = this.session(checkoutUrl);
    return this.books.payOnce(session, priceOf(session), false);
  }

  settle = (checkoutUrl: string): StripeEvent => this.books.settle(this.session(checkoutUrl));

  expire(checkoutUrl: string): StripeEvent {
    const session = Object.assign(this.session(checkoutUrl), { status: 'expired' });
    return this.books.event('checkout.session.expired', session);
  }

  /** The next period begins now, and is paid. */
  renew(checkoutUrl: string, wrong: Wrong = {}): StripeEvent[] {
    const subscription = this.subscription(checkoutUrl);
    this.books.get(subscription.customer)!.terms.card = 'good';
    return this.books.subscriptions.collected(subscription, this.books.subscriptions.advance(subscription, wrong));
  }

  /** The next period begins now, and the card is declined. */
  decline(checkoutUrl: string): StripeEvent[] {
    const subscription = this.subscription(checkoutUrl);
    this.books.get(subscription.customer)!.terms.card = 'bad';
    return this.books.timeline.collect(subscription, this.books.subscriptions.advance(subscription));
  }

  /** Whoever had no money has some now: what stands open is paid. */
  collect(checkoutUrl: string): StripeEvent[] {
    const subscription = this.subscription(checkoutUrl);
    this.books.get(subscription.customer)!.terms.card = 'good';
    return this.books.invoices
      .openOf(subscription)
      .flatMap((invoice) => this.books.timeline.collect(subscription, invoice));
  }

  /** What happened at Stripe by itself until now: to all subscriptions, or to one. */
  catchUp = (only?: Thing): StripeEvent[] => this.books.timeline.run(this.books.things.now, only);

  /** The subscription is over. */
  end = (checkoutUrl: string): StripeEvent => this.books.subscriptions.end(this.subscription(checkoutUrl))[0]!;

  /** Someone sends money back in Stripe's dashboard. */
  refund = (checkoutUrl: string, amount: number, status?: string): StripeEvent[] =>
    this.books.charges.refund(this.intent(checkoutUrl), amount, {}, status).events;

  /** @param how `latest`: about what was taken last, instead of first */
  dispute(checkoutUrl: string, { latest = false, ...how }: Dispute & { latest?: boolean } = {}): StripeEvent[] {
    return this.books.charges.dispute(this.intents(checkoutUrl).at(latest ? -1 : 0)!, how);
  }

  /** The dispute about a checkout comes to its end. */
  closeDispute(checkoutUrl: string, how: 'won' | 'lost' | 'warning_closed' | 'prevented'): StripeEvent[] {
    const intents = this.intents(checkoutUrl).map(({ id }) => id);
    const disputes = this.books.all('dispute').filter(({ payment_intent }) => intents.includes(payment_intent));
    return this.books.charges.closeDispute(disputes.at(-1)!, how);
  }

  subscription = (checkoutUrl: string): Thing => this.answers.find(this.session(checkoutUrl).subscription);

  /** What the first payment took. */
  intent = (checkoutUrl: string): Thing => this.intents(checkoutUrl)[0]!;

  /** What was taken, the first time first. */
  private intents(checkoutUrl: string): Thing[] {
    const { payment_intent, subscription } = this.session(checkoutUrl);
    if (!subscription) return [this.answers.find(payment_intent)];
    const { customer } = this.answers.find(subscription);
    return this.books.things.of('payment_intent', 'customer', customer);
  }

  protected order(id: string) {
    const session = this.answers.find(id);
    const { price_data, quantity } = session.parameters.line_items[0];
    const price = `${session.amount_total} ${session.currency.toUpperCase()} (in its smallest unit)`;
    const title = `${quantity} × ${price_data.product_data.name}`;
    return { title, price, successUrl: session.success_url, cancelUrl: session.cancel_url };
  }

  protected answer({ method, path, query, body, headers }: Asked): Reply {
    if (headers.authorization !== `Bearer ${this.secretKey}`) throw refusal(401, 'Invalid API Key provided');
    const parameters = decodeForm(method === 'POST' ? body : query.toString()) as Parameters;
    const id = /\/([a-z]+_[A-Za-z0-9_]*\d[A-Za-z0-9_]*)(?=\/|$)/.exec(path)?.[1] ?? '';
    const operation = `${method} ${id ? path.replace(id, '{id}') : path}`;
    const complaint = complaintsAbout(operation, parameters);
    if (complaint) throw refusal(400, `Received unknown or wrong parameter: ${complaint}`, 'parameter_unknown');
    if (method === 'GET')
      return { body: id ? this.answers.one(id, parameters) : this.answers.list(LISTED[operation]!, parameters) };
    const deed = () => this.orders.take(operation, id, parameters, this.url);
    if (method === 'DELETE') return { body: deed() }; // it knows no idempotency keys
    const key = headers['idempotency-key'];
    if (typeof key !== 'string') throw refusal(400, 'A request that changes something wants an Idempotency-Key here.');
    return this.once(key, `${operation} ${body}`, deed);
  }

  private once(key: string, asked: string, deed: () => unknown): Reply {
    const before = this.replies.get(key);
    const said = 'Keys for idempotent requests can only be used with the same parameters.';
    if (before && before.asked !== asked) throw refusal(400, said, 'idempotency_error');
    const reply = before?.reply ?? { body: structuredClone(deed()) };
    this.replies.set(key, { asked, reply });
    return reply;
  }

  private session = (checkoutUrl: string): Thing => this.answers.find(this.checkoutIn(checkoutUrl));
}

const LISTED: Record<string, string> = {
  'GET /v1/invoice_payments': 'invoice_payment',
  'GET /v1/disputes': 'dispute',
  'GET /v1/invoices': 'invoice',
  'GET /v1/charges': 'charge',
  'GET /v1/refunds': 'refund',
};

function priceOf({ parameters }: Thing): { amount: number; currency: string } {
  const [{ price_data, quantity }] = parameters.line_items;
  return { amount: price_data.unit_amount * quantity, currency: price_data.currency };
}
