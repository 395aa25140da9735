import { createHmac } from 'node:crypto';
import { clock } from '../../../src/kit/clock';
import { complainOfLemonCheckout, complainOfLemonRefund } from './documented';
import { type Asked, newNumber, newName, Refusal, type Reply, type Signed, StandIn } from './stand-in';

type Attributes = Record<string, any>;
type Resource = { type: string; id: string; attributes: Attributes };
export type LemonEvent = { data: Resource; meta: Attributes };
type Wrong = { amount?: number; currency?: string; store?: number; testMode?: boolean };

/** Lemon Squeezy: a store that sells variants, adds 20 % tax, and signs what it tells. */
export class LemonSqueezyStandIn extends StandIn<LemonEvent> {
  readonly name = 'lemonsqueezy';
  apiKey = 'a-key-of-the-lemon-squeezy-stand-in';
  webhookSecret = 'a secret of the lemon stand-in';
  store = newNumber();
  currency = 'USD';
  testMode = true;
  private readonly resources = new Map<string, Resource>();
  private readonly recurring = new Set<string>();

  static open = (port?: number): Promise<LemonSqueezyStandIn> => new LemonSqueezyStandIn().listen(port);

  get settings() {
    return {
      LEMONSQUEEZY_API_KEY: this.apiKey,
      LEMONSQUEEZY_STORE_ID: String(this.store),
      LEMONSQUEEZY_WEBHOOK_SECRET: this.webhookSecret,
      LEMONSQUEEZY_API_URL: this.url,
    };
  }

  /** Something to sell, for a plan's `providerRefs`. */
  variant(interval: 'once' | 'month' | 'year' = 'once'): string {
    const id = String(newNumber());
    if (interval !== 'once') this.recurring.add(id);
    return id;
  }

  sign(event: LemonEvent, { secret = this.webhookSecret } = {}): Signed {
    const body = JSON.stringify(event);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    return { body, headers: { 'x-signature': signature, 'x-event-name': String(event.meta?.event_name) } };
  }

  /** A subscription is told three times: by its order, by itself and by its first invoice. */
  pay(checkoutUrl: string, wrong: Wrong = {}): LemonEvent[] {
    const { attributes } = this.find('checkouts', this.checkoutIn(checkoutUrl));
    const { custom_price, checkout_data, variant_id } = attributes;
    const of = { custom: checkout_data.custom, ...wrong };
    const bill = this.bill(wrong.amount ?? custom_price, wrong);
    const order = this.add('orders', { ...bill, first_order_item: { variant_id: Number(variant_id), quantity: 1 } });
    attributes.order = order.id;
    attributes.custom = checkout_data.custom;
    if (!this.recurring.has(variant_id)) return [this.event('order_created', order, of)];

    const state = {
      order_id: Number(order.id),
      status: 'active',
      cancelled: false,
      renews_at: inDays(30),
      ends_at: null,
    };
    const subscription = this.add('subscriptions', { ...state, store_id: bill.store_id });
    const invoice = { ...bill, subscription_id: Number(subscription.id), billing_reason: 'initial' };
    attributes.subscription = subscription.id;
    return [
      this.event('order_created', order, of),
      this.event('subscription_created', subscription, of),
      this.event('subscription_payment_success', this.add('subscription-invoices', invoice), of),
    ];
  }

  renew = (checkoutUrl: string): LemonEvent[] => {
    const subscription = this.change(checkoutUrl, { status: 'active', renews_at: inDays(60) });
    return [this.charge(checkoutUrl, 'paid'), subscription];
  };

  decline = (checkoutUrl: string): LemonEvent[] => [
    this.charge(checkoutUrl, 'pending'),
    this.change(checkoutUrl, { status: 'past_due' }),
  ];

  end = (checkoutUrl: string): LemonEvent =>
    this.change(checkoutUrl, { status: 'expired', ends_at: inDays(0) }, 'subscription_expired');

  /** Someone sends money back in the dashboard; `amount` is with tax. */
  refund(checkoutUrl: string, amount: number): LemonEvent[] {
    const { attributes } = this.find('checkouts', this.checkoutIn(checkoutUrl));
    const order = this.find('orders', attributes.order);
    giveBack(order, amount);
    return [this.event('order_refunded', order, { custom: attributes.custom })];
  }

  event(name: string, resource: Resource, { custom, store, testMode }: Wrong & { custom?: object } = {}): LemonEvent {
    const test_mode = testMode ?? this.testMode;
    const data = structuredClone(resource);
    Object.assign(data.attributes, { test_mode, ...(store && { store_id: store }) });
    return { data, meta: { test_mode, event_name: name, webhook_id: newName('webhook'), custom_data: custom } };
  }

  protected order(id: string) {
    const { product_options, custom_price } = this.find('checkouts', id).attributes;
    const price = `${custom_price} ${this.currency} (in its smallest unit), and tax`;
    return { title: product_options.name, price, successUrl: product_options.redirect_url };
  }

  protected answer({ method, path, headers, body }: Asked): Reply {
    const [, , type = '', id = '', deed] = path.split('/');
    if (headers.authorization !== `Bearer ${this.apiKey}`) throw refusal(401, 'Unauthenticated.');
    if (headers.accept !== 'application/vnd.api+json') throw refusal(406, 'Not JSON:API');
    if (method === 'GET') return { body: { data: this.find(type, id) } };
    if (headers['content-type'] !== 'application/vnd.api+json') throw refusal(415, 'Not JSON:API');
    if (method === 'POST' && path === '/v1/checkouts')
      return { status: 201, body: this.openCheckout(JSON.parse(body)) };
    if (method === 'POST' && deed === 'refund') return { body: { data: this.sendBack(type, id, JSON.parse(body)) } };
    if (method !== 'DELETE' || type !== 'subscriptions') throw refusal(404, 'Not found');
    const { attributes } = this.find(type, id);
    Object.assign(attributes, { status: 'cancelled', cancelled: true, ends_at: attributes.renews_at, ...updated() });
    this.untold.push(
      this.event('subscription_cancelled', this.find(type, id), { custom: this.customOf('subscription', id) }),
    );
    return { body: { data: this.find(type, id) } };
  }

  private openCheckout(asked: any): object {
    refuse(complainOfLemonCheckout(asked));
    const { attributes, relationships } = asked.data;
    if (relationships.store.data.id !== String(this.store)) throw refusal(404, 'The related store does not exist.');
    const total = this.bill(attributes.custom_price);
    const preview = { currency: total.currency, subtotal: total.subtotal, tax: total.tax, total: total.total };
    const variant_id = relationships.variant.data.id;
    const checkout = this.add('checkouts', {
      ...attributes,
      variant_id,
      store_id: this.store,
      ...(attributes.preview && { preview }),
    });
    checkout.attributes.url = `${this.url}/checkout/${checkout.id}`;
    return { data: checkout };
  }

  private sendBack(type: string, id: string, asked: any): Resource {
    refuse(complainOfLemonRefund(asked));
    const bill = this.find(type, id);
    const { total, refunded_amount } = bill.attributes;
    const amount = asked.data.attributes?.amount ?? total - refunded_amount;
    if (amount > total - refunded_amount) throw refusal(422, 'The amount is more than what is left.');
    giveBack(bill, amount);
    const name = type === 'orders' ? 'order_refunded' : 'subscription_payment_refunded';
    const custom =
      type === 'orders'
        ? this.customOf('order', id)
        : this.customOf('subscription', String(bill.attributes.subscription_id));
    this.untold.push(this.event(name, bill, { custom }));
    return bill;
  }

  private charge(checkoutUrl: string, status: string): LemonEvent {
    const { attributes } = this.find('checkouts', this.checkoutIn(checkoutUrl));
    const of = { subscription_id: Number(attributes.subscription), billing_reason: 'renewal', status };
    const invoice = this.add('subscription-invoices', { ...this.bill(attributes.custom_price), ...of });
    const name = status === 'paid' ? 'subscription_payment_success' : 'subscription_payment_failed';
    return this.event(name, invoice, { custom: attributes.custom });
  }

  private change(checkoutUrl: string, changes: object, name = 'subscription_updated'): LemonEvent {
    const { attributes } = this.find('checkouts', this.checkoutIn(checkoutUrl));
    const subscription = this.find('subscriptions', attributes.subscription);
    Object.assign(subscription.attributes, changes, updated());
    return this.event(name, subscription, { custom: attributes.custom });
  }

  private customOf = (what: 'order' | 'subscription', id: string): object | undefined =>
    [...this.resources.values()].find(({ attributes }) => attributes[what] === id)?.attributes.custom;

  private bill(price: number, { currency = this.currency, store = this.store }: Wrong = {}): Attributes {
    const tax = Math.round(price / 5);
    const sums = { subtotal: price, discount_total: 0, tax, total: price + tax, tax_inclusive: false };
    return {
      store_id: store,
      currency,
      ...sums,
      status: 'paid',
      refunded: false,
      refunded_amount: 0,
      refunded_at: null,
    };
  }

  private add(type: string, attributes: Attributes): Resource {
    const id = type === 'checkouts' ? newName('checkout') : String(newNumber());
    const resource = { type, id, attributes: { ...attributes, created_at: inDays(0), ...updated() } };
    this.resources.set(`${type}/${id}`, resource);
    return resource;
  }

  private find(type: string, id: string): Resource {
    const resource = this.resources.get(`${type}/${id}`);
    if (!resource) throw refusal(404, 'Not found');
    return resource;
  }
}

function giveBack({ attributes }: Resource, amount: number): void {
  const refunded_amount = attributes.refunded_amount + amount;
  const refunded = refunded_amount === attributes.total;
  Object.assign(attributes, { refunded_amount, refunded, status: refunded ? 'refunded' : 'partial_refund' });
}

const inDays = (days: number): string =>
  new Date(clock.now().getTime() + days * 86_400_000).toISOString().replace('Z', '000Z');
const updated = () => ({ updated_at: inDays(0) });

const refusal = (status: number, detail: string): Refusal =>
  new Refusal(status, { jsonapi: { version: '1.0' }, errors: [{ detail, status: String(status) }] }, status !== 404);

function refuse(complaint: string | undefined): void {
  if (complaint) throw refusal(422, complaint);
}
