import { createHmac } from 'node:crypto';
import { FlutterwaveApi } from './flutterwave.api';
import { FlutterwaveBooks, type Row, type Wrong } from './flutterwave.books';
import { type Asked, newName, newNumber, type Reply, type Signed, StandIn } from './stand-in';

export type FlutterwaveEvent = { event?: string; type?: string; data: Row };

/**
 * Flutterwave, API v3: its webhooks carry a password and no signature, and say what they like. A renewal names no subscription, and comes
 * under a reference that they made or under the first one's.
 */
export class FlutterwaveStandIn extends StandIn<FlutterwaveEvent> {
  readonly name = 'flutterwave';
  secretKey = 'FLWSECK_TEST-a-stand-in-X';
  webhookHash = 'a hash of the flutterwave stand-in';
  readonly books = new FlutterwaveBooks();
  private readonly api = new FlutterwaveApi(this.books);

  static open = (port?: number): Promise<FlutterwaveStandIn> => new FlutterwaveStandIn().listen(port);

  get settings() {
    return {
      FLUTTERWAVE_SECRET_KEY: this.secretKey,
      FLUTTERWAVE_WEBHOOK_HASH: this.webhookHash,
      FLUTTERWAVE_API_URL: this.url,
    };
  }

  /** Something that renews itself, for a plan's `providerRefs`. `amount` is written with a point. */
  plan(plan: { amount: number; currency: string; interval: 'monthly' | 'yearly' }): string {
    const id = newNumber();
    this.books.plans.set(id, { id, ...plan, name: 'A plan', status: 'active' });
    return String(id);
  }

  sign = (event: FlutterwaveEvent, { hash = this.webhookHash } = {}): Signed => ({
    body: JSON.stringify(event),
    headers: { 'verif-hash': hash },
  });

  /** As API v4 does: texts for ids, and a signature made with the same secret. */
  signAsV4(event: FlutterwaveEvent, { hash = this.webhookHash } = {}): Signed {
    const body = JSON.stringify(event);
    return { body, headers: { 'flutterwave-signature': createHmac('sha256', hash).update(body).digest('base64') } };
  }

  /** @param wrong how it differs, in their books: what the event says can be changed afterwards. */
  pay(checkoutUrl: string, wrong: Wrong = {}): FlutterwaveEvent[] {
    const order = this.ordered(checkoutUrl);
    const transaction = this.books.charge(order, wrong);
    this.books.subscribe(order, transaction);
    return [told(transaction)];
  }

  /** Mobile money and bank transfers may take hours, and then tell or not. */
  settle(checkoutUrl: string, status: 'successful' | 'failed' = 'successful'): FlutterwaveEvent[] {
    const order = this.ordered(checkoutUrl);
    const transaction = this.books.transactions.findLast(({ tx_ref }) => tx_ref === order.tx_ref)!;
    transaction.status = status;
    this.books.subscribe(order, transaction);
    return [told(transaction)];
  }

  /** The next month is charged, under a reference that they make, or under ours once more. */
  renew = (checkoutUrl: string, under: 'theirs' | 'ours' = 'theirs'): FlutterwaveEvent[] => {
    const order = this.ordered(checkoutUrl);
    order.declined = 0;
    return [told(this.books.charge(order, under === 'ours' ? {} : { txRef: newName('flw_renewal') }))];
  };

  /** Each time is one try; the third ends it. */
  decline = (checkoutUrl: string): FlutterwaveEvent[] => {
    const order = this.ordered(checkoutUrl);
    const { transaction, isOver } = this.books.decline(order);
    return [told(transaction), ...(isOver ? [this.cancelled(order)] : [])];
  };

  /** By the link in their mail: what the API cancels is told by nobody. */
  cancelByMail(checkoutUrl: string): FlutterwaveEvent[] {
    const order = this.ordered(checkoutUrl);
    order.subscription.status = 'cancelled';
    return [this.cancelled(order)];
  }

  /** Another product of the same account sells something. */
  sellElsewhere = (email: string, amount: number, currency = 'USD'): FlutterwaveEvent[] => [
    told(this.books.charge({ tx_ref: newName('shop'), amount, currency, customer: { email } }, {})),
  ];

  /** Someone sends money back in the dashboard. */
  refund = (checkoutUrl: string, amount: number): Row => this.books.giveBack(this.charged(checkoutUrl), amount);

  /** What a bank says of the last charge. */
  dispute = (checkoutUrl: string, status: string): Row => this.books.dispute(this.charged(checkoutUrl), status);

  protected order(id: string) {
    const { customizations, amount: price, currency, redirect_url } = this.ordered(id);
    return { title: customizations?.title ?? id, price: `${price} ${currency}`, successUrl: redirect_url };
  }

  protected answer(asked: Asked): Reply {
    return this.api.answer(asked, this.secretKey, this.url);
  }

  private ordered = (checkoutUrl: string): Row =>
    this.books.orders.get(decodeURIComponent(this.checkoutIn(checkoutUrl)))!;

  private charged(checkoutUrl: string): Row {
    const { tx_ref, customer } = this.ordered(checkoutUrl);
    const isOf = (one: Row) => one.tx_ref === tx_ref || one.customer.email === customer.email;
    return this.books.transactions.findLast((one) => one.status === 'successful' && isOf(one))!;
  }

  /** It names the customer and the plan, and no subscription. */
  private cancelled({ amount, currency, customer, payment_plan: id }: Row): FlutterwaveEvent {
    const plan = { id, amount, currency, interval: 'monthly', status: 'active' };
    return { event: 'subscription.cancelled', data: { status: 'deactivated', currency, amount, customer, plan } };
  }
}

const told = (transaction: Row): FlutterwaveEvent => ({ event: 'charge.completed', data: { ...transaction } });
