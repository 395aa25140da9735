import { createHmac } from 'node:crypto';
import { LemonApi } from './lemonsqueezy.api';
import {
  inDays,
  type LemonEvent,
  LemonBooks,
  type Resource,
  type Sale,
  type Variant,
  type Wrong,
} from './lemonsqueezy.books';
import { type Asked, newName, newNumber, type Receiver, type Reply, type Signed, StandIn } from './stand-in';

const TRIES = 4; // at once, and three times within 155 seconds

/** Lemon Squeezy: a store that sells variants, signs what it tells, and hands custom data back in events alone. */
export class LemonSqueezyStandIn extends StandIn<LemonEvent> {
  readonly name = 'lemonsqueezy';
  apiKey = 'a-key-of-the-lemon-squeezy-stand-in';
  webhookSecret = 'a secret of the lemon stand-in';
  readonly books = new LemonBooks();
  private readonly api = new LemonApi(this.books, (name, resource, sale) =>
    this.untold.push(this.event(name, resource, sale)),
  );

  static open = (port?: number): Promise<LemonSqueezyStandIn> => new LemonSqueezyStandIn().listen(port);

  get settings() {
    return {
      LEMONSQUEEZY_API_KEY: this.apiKey,
      LEMONSQUEEZY_STORE_ID: String(this.books.id),
      LEMONSQUEEZY_WEBHOOK_SECRET: this.webhookSecret,
      LEMONSQUEEZY_API_URL: this.url,
    };
  }

  /** Something to sell, for a plan's `providerRefs`. */
  variant = (interval: Variant['interval'] = 'once', more: Partial<Variant> = {}): string =>
    this.books.sell({ interval, price: 0, trialDays: 0, ...more });

  sign(event: LemonEvent, { secret = this.webhookSecret } = {}): Signed {
    const body = JSON.stringify(event);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    return { body, headers: { 'x-signature': signature, 'x-event-name': String(event.meta?.event_name) } };
  }

  /** A subscription is told three times: by its order, by itself and by its first invoice. */
  pay(checkoutUrl: string, wrong: Wrong = {}): LemonEvent[] {
    const id = this.checkoutIn(checkoutUrl);
    const { attributes } = this.find('checkouts', id);
    const { custom_price: unit, checkout_data, checkout_options, variant_id, custom } = attributes;
    const [{ quantity } = { quantity: 1 }] = checkout_data.variant_quantities ?? [];
    const { interval, trialDays } = this.books.variant(variant_id);
    const days = checkout_options.skip_trial ? 0 : trialDays;
    const buyer = { email: checkout_data.email, ...wrong, trial: days > 0 };
    const order = this.books.order(variant_id, unit, quantity, buyer);
    const sale: Sale = { checkout: id, order: order.id, custom, unit: wrong.amount ?? unit, tries: 0 };
    this.books.sales.push(sale);
    if (interval === 'once') return [this.event('order_created', order, sale, wrong)];

    const subscription = this.books.subscribe(order, days);
    sale.subscription = subscription.id;
    const invoice = this.books.charge(sale, 'initial', 'paid', order.attributes.subtotal);
    return [
      this.event('order_created', order, sale, wrong),
      this.event('subscription_created', subscription, sale, wrong),
      this.event('subscription_payment_success', invoice, sale, wrong),
    ];
  }

  /** Someone buys without a checkout of ours: what is told of it names nobody. */
  sellElsewhere(email: string, variant: string, price: number): LemonEvent[] {
    const order = this.books.order(variant, price, 1, { email });
    const sale: Sale = { order: order.id, unit: price, tries: 0 };
    this.books.sales.push(sale);
    if (this.books.variant(variant).interval === 'once') return [this.event('order_created', order, sale)];
    const subscription = this.books.subscribe(order, 0);
    sale.subscription = subscription.id;
    const created = this.event('subscription_created', subscription, sale);
    return [this.event('order_created', order, sale), created, this.billed(sale, 'renewal')];
  }

  /** While they pause, the bill of a period is voided, and nothing is told of it. */
  renew = (checkoutUrl: string): LemonEvent[] => {
    const sale = this.sold(checkoutUrl);
    if (this.books.subscriptionOf(sale).attributes.status === 'paused') {
      this.books.charge(sale, 'renewal', 'void');
      return [];
    }
    return [this.billed(sale, 'renewal'), this.updated(sale, this.books.extend(sale))];
  };

  /** Each time is one more try; after the fifth it is `unpaid`. */
  decline = (checkoutUrl: string): LemonEvent[] => {
    const sale = this.sold(checkoutUrl);
    const { invoice, subscription } = this.books.decline(sale);
    return [this.event('subscription_payment_failed', invoice, sale), this.updated(sale, subscription)];
  };

  /** One of the tries succeeds: also after someone cancelled. */
  recover = (checkoutUrl: string): LemonEvent[] => {
    const sale = this.sold(checkoutUrl);
    const invoice = this.books.recover(sale);
    const isOver = this.books.subscriptionOf(sale).attributes.cancelled === true;
    return [
      this.event('subscription_payment_recovered', invoice, sale),
      ...(isOver ? [] : [this.updated(sale, this.books.extend(sale))]),
    ];
  };

  end = (checkoutUrl: string): LemonEvent =>
    this.turn(checkoutUrl, { status: 'expired', ends_at: inDays(0) }, 'subscription_expired');

  pause = (checkoutUrl: string, resumesInDays?: number): LemonEvent => {
    const resumes_at = resumesInDays === undefined ? null : inDays(resumesInDays);
    return this.turn(checkoutUrl, { status: 'paused', pause: { mode: 'void', resumes_at } }, 'subscription_paused');
  };

  unpause = (checkoutUrl: string): LemonEvent =>
    this.turn(checkoutUrl, { status: 'active', pause: null }, 'subscription_unpaused');

  /** In the customer portal, which bills what is left of the period; not for who pays by PayPal. */
  move(checkoutUrl: string, { variant, quantity = 1 }: { variant?: string; quantity?: number }): LemonEvent[] {
    const sale = this.sold(checkoutUrl);
    const subscription = this.books.subscriptionOf(sale);
    if (subscription.attributes.payment_processor === 'paypal') throw new Error('Not for PayPal.');
    if (variant) sale.unit = this.books.variant(variant).price;
    const first_subscription_item = { id: newNumber(), quantity };
    this.books.change(subscription, { first_subscription_item, ...(variant && { variant_id: Number(variant) }) });
    return [
      this.updated(sale, subscription),
      ...(variant ? [this.event('subscription_plan_changed', subscription, sale)] : []),
      this.billed(sale, 'updated', Math.max(1, Math.round(sale.unit / 3))),
    ];
  }

  /** They find that an order was fraudulent, and tell nobody. */
  defraud = (checkoutUrl: string): void =>
    void this.books.change(this.find('orders', this.sold(checkoutUrl).order), { status: 'fraudulent' });

  /** Someone sends money back in the dashboard; `amount` is with tax. */
  refund(checkoutUrl: string, amount: number): LemonEvent[] {
    const sale = this.sold(checkoutUrl);
    return [this.event('order_refunded', this.books.giveBack(this.find('orders', sale.order), amount), sale)];
  }

  /** The same, of the last bill of a subscription. */
  refundInvoice(checkoutUrl: string, amount: number): LemonEvent[] {
    const sale = this.sold(checkoutUrl);
    const invoice = this.books.invoicesOf(sale.subscription!).at(-1)!;
    return [this.event('subscription_payment_refunded', this.books.giveBack(invoice, amount), sale)];
  }

  event(name: string, resource: Resource, sale?: Sale, { store, testMode }: Wrong = {}): LemonEvent {
    const test_mode = testMode ?? this.books.testMode;
    const data = structuredClone(resource);
    Object.assign(data.attributes, { test_mode, ...(store && { store_id: store }) });
    const meta = { test_mode, event_name: name, webhook_id: newName('webhook') };
    return { data, meta: { ...meta, ...(sale?.custom && { custom_data: sale.custom }) } };
  }

  /** As often as they try. @returns whether it was heard */
  async tellOrGiveUp(event: LemonEvent, to: Receiver<{ status: number }>): Promise<boolean> {
    for (let tries = 0; tries < TRIES; tries++) if ((await this.deliver(event, to)).status === 200) return true;
    return false;
  }

  sold = (checkoutUrl: string): Sale => this.books.sale({ checkout: this.checkoutIn(checkoutUrl) });

  protected order(id: string) {
    const { product_options, custom_price } = this.find('checkouts', id).attributes;
    const price = `${custom_price} ${this.books.currency} (in its smallest unit), and tax`;
    return { title: product_options.name, price, successUrl: product_options.redirect_url };
  }

  protected answer(asked: Asked): Reply {
    return this.api.answer(asked, this.apiKey, this.url);
  }

  private billed = (sale: Sale, reason: 'renewal' | 'updated', price?: number): LemonEvent =>
    this.event('subscription_payment_success', this.books.charge(sale, reason, 'paid', price), sale);

  private updated = (sale: Sale, subscription: Resource): LemonEvent =>
    this.event('subscription_updated', subscription, sale);

  private turn(checkoutUrl: string, changes: object, name: string): LemonEvent {
    const sale = this.sold(checkoutUrl);
    return this.event(name, this.books.change(this.books.subscriptionOf(sale), changes), sale);
  }

  private find = (type: string, id: string): Resource => this.books.find(type, id)!;
}
