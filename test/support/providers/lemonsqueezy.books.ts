import { clock, DAY } from '../../../src/kit/clock';
import { newName, newNumber } from './stand-in';

type Attributes = Record<string, any>;
export type Resource = { type: string; id: string; attributes: Attributes };
export type LemonEvent = { data: Resource; meta: Attributes };
/** How a payment differs from what was asked for; `amount` is the price, before discount and tax. */
export type Wrong = { amount?: number; currency?: string; store?: number; testMode?: boolean; email?: string };
export type Variant = { interval: 'once' | 'month' | 'year'; price: number; trialDays: number };
/** Who bought, and what came of it; `custom` is what no answer hands back. */
export type Sale = {
  checkout?: string;
  order: string;
  custom?: object;
  subscription?: string;
  unit: number;
  tries: number;
};

const TRIES = 5; // the first, and four again
const DAYS_APART = 4; // `renews_at` says the next try, then
const DAYS = { once: 0, month: 30, year: 365 };

/** What a store over there remembers, and what happens in it. */
export class LemonBooks {
  readonly id = newNumber();
  currency = 'USD';
  testMode = true;
  tax = { percent: 0, inclusive: false };
  /** Taken off every bill. */
  discount = 0;
  readonly sales: Sale[] = [];
  private readonly resources = new Map<string, Resource>();
  private readonly variants = new Map<string, Variant>();

  sell(variant: Variant): string {
    const id = String(newNumber());
    this.variants.set(id, variant);
    return id;
  }

  variant = (id: unknown): Variant => this.variants.get(String(id)) ?? { interval: 'once', price: 0, trialDays: 0 };
  all = (type: string): Resource[] => [...this.resources.values()].filter((one) => one.type === type);
  find = (type: string, id: string): Resource | undefined => this.resources.get(`${type}/${id}`);
  sale = (of: Partial<Sale>): Sale =>
    this.sales.findLast((sale) => Object.entries(of).every(([name, value]) => sale[name as keyof Sale] === value))!;
  subscriptionOf = ({ subscription }: Sale): Resource => this.find('subscriptions', subscription!)!;
  invoicesOf = (subscription: string): Resource[] =>
    this.all('subscription-invoices').filter(({ attributes }) => String(attributes.subscription_id) === subscription);

  add(type: string, attributes: Attributes): Resource {
    const id = type === 'checkouts' ? newName('checkout') : String(newNumber());
    const resource = { type, id, attributes: { ...attributes, created_at: inDays(0), ...updated() } };
    this.resources.set(`${type}/${id}`, resource);
    return resource;
  }

  change(resource: Resource, changes: object): Resource {
    Object.assign(resource.attributes, changes, updated());
    return resource;
  }

  bill(price: number, { currency = this.currency, store = this.id }: Wrong = {}): Attributes {
    const { percent, inclusive: tax_inclusive } = this.tax;
    const discount_total = Math.min(this.discount, price);
    const left = price - discount_total;
    const tax = Math.round((left * percent) / (tax_inclusive ? 100 + percent : 100));
    return {
      store_id: store,
      currency,
      subtotal: price,
      discount_total,
      tax,
      tax_inclusive,
      total: tax_inclusive ? left : left + tax,
      status: 'paid',
      refunded: false,
      refunded_amount: 0,
      refunded_at: null,
    };
  }

  /** Someone buys; in a trial for nothing. */
  order(variantId: string, unit: number, quantity: number, wrong: Wrong & { trial?: boolean }): Resource {
    const item = { variant_id: Number(variantId), price: wrong.amount ?? unit, quantity };
    const price = wrong.trial ? 0 : (wrong.amount ?? unit * quantity);
    return this.add('orders', { ...this.bill(price, wrong), user_email: wrong.email, first_order_item: item });
  }

  subscribe(order: Resource, trialDays: number): Resource {
    const { store_id, user_email, first_order_item: item } = order.attributes;
    return this.add('subscriptions', {
      store_id,
      order_id: Number(order.id),
      variant_id: item.variant_id,
      user_email,
      status: trialDays ? 'on_trial' : 'active',
      payment_processor: 'stripe',
      pause: null,
      cancelled: false,
      trial_ends_at: trialDays ? inDays(trialDays) : null,
      renews_at: inDays(trialDays || DAYS[this.variant(item.variant_id).interval]),
      ends_at: null,
      first_subscription_item: trialDays ? null : { id: newNumber(), quantity: item.quantity },
    });
  }

  /** One more bill of a subscription. */
  charge(sale: Sale, reason: 'initial' | 'renewal' | 'updated', status = 'paid', price?: number): Resource {
    const { attributes } = this.subscriptionOf(sale);
    const due = price ?? sale.unit * (attributes.first_subscription_item?.quantity ?? 1);
    const of = { subscription_id: Number(sale.subscription), billing_reason: reason, status };
    return this.add('subscription-invoices', { ...this.bill(due, { store: attributes.store_id }), ...of });
  }

  /** The next period has begun. */
  extend(sale: Sale): Resource {
    const subscription = this.subscriptionOf(sale);
    const { renews_at, variant_id, first_subscription_item: item } = subscription.attributes;
    const from = Math.max(Date.parse(renews_at), clock.now().getTime());
    const state = { status: 'active', trial_ends_at: null, first_subscription_item: item ?? { id: 1, quantity: 1 } };
    const days = DAYS[this.variant(variant_id).interval];
    return this.change(subscription, { ...state, renews_at: at(from + days * DAY) });
  }

  /** A bank declines: the bill stays open, and they try again until they give up. */
  decline(sale: Sale): { invoice: Resource; subscription: Resource } {
    const invoice = this.open(sale) ?? this.charge(sale, 'renewal', 'pending');
    sale.tries += 1;
    const state = sale.tries < TRIES ? { status: 'past_due', renews_at: inDays(DAYS_APART) } : { status: 'unpaid' };
    return { invoice: this.change(invoice, {}), subscription: this.change(this.subscriptionOf(sale), state) };
  }

  recover(sale: Sale): Resource {
    sale.tries = 0;
    return this.change(this.open(sale)!, { status: 'paid' });
  }

  open = ({ subscription }: Sale): Resource | undefined =>
    this.invoicesOf(subscription!).find(({ attributes }) => attributes.status === 'pending');

  giveBack(bill: Resource, amount: number): Resource {
    const { refunded_amount: before, total } = bill.attributes;
    const refunded = before + amount === total;
    const status = refunded ? 'refunded' : 'partial_refund';
    return this.change(bill, { refunded_amount: before + amount, refunded, status });
  }

  /** What would still be collected of a subscription, whatever the coming year brings: what renews, and what is tried again. */
  foresee(subscription: string): { amount: number; how: 'renewal' | 'retry' }[] {
    const sale = this.sale({ subscription });
    const { status, first_subscription_item: item } = this.subscriptionOf(sale).attributes;
    const open = sale.tries > 0 && sale.tries < TRIES && status !== 'expired' ? this.open(sale) : undefined;
    const renews = ['active', 'on_trial', 'past_due', 'paused'].includes(status);
    return [
      ...(renews ? [{ amount: sale.unit * (item?.quantity ?? 1), how: 'renewal' as const }] : []),
      ...(open ? [{ amount: open.attributes.total, how: 'retry' as const }] : []),
    ];
  }
}

export const inDays = (days: number): string => at(clock.now().getTime() + days * DAY);
const at = (time: number): string => new Date(time).toISOString().replace('Z', '000Z');
const updated = () => ({ updated_at: inDays(0) });
