import { complainOfLemonCheckout, complainOfLemonRefund } from './documented';
import type { LemonBooks, Resource, Sale } from './lemonsqueezy.books';
import { type Asked, Refusal, type Reply } from './stand-in';

const INCLUDED: Record<string, string[]> = {
  orders: ['subscriptions'],
  subscriptions: ['order', 'subscription-invoices'],
};
const FILTERS = ['filter[store_id]', 'filter[user_email]', 'page[size]', 'page[number]'];

/** What its API answers: never custom data. */
export class LemonApi {
  constructor(
    private readonly books: LemonBooks,
    private readonly told: (event: string, resource: Resource, sale: Sale) => void,
  ) {}

  answer({ method, path, query, headers, body }: Asked, apiKey: string, origin: string): Reply {
    const [, , type = '', id = '', deed] = path.split('/');
    if (headers.authorization !== `Bearer ${apiKey}`) throw refusal(401, 'Unauthenticated.');
    if (headers.accept !== 'application/vnd.api+json') throw refusal(406, 'Not JSON:API');
    if (method === 'GET') return { body: id ? this.read(type, id, query) : this.list(type, query) };
    if (headers['content-type'] !== 'application/vnd.api+json') throw refusal(415, 'Not JSON:API');
    if (method === 'POST' && path === '/v1/checkouts')
      return { status: 201, body: this.openCheckout(JSON.parse(body), origin) };
    if (method === 'POST' && deed === 'refund') return { body: { data: this.sendBack(type, id, JSON.parse(body)) } };
    if (method !== 'DELETE' || type !== 'subscriptions') throw refusal(404, 'Not found');
    return { body: { data: this.cancel(id) } };
  }

  private read(type: string, id: string, query: URLSearchParams): object {
    const resource = this.find(type, id);
    const include = query.get('include')?.split(',') ?? [];
    if (include.some((name) => !INCLUDED[type]?.includes(name))) throw refusal(400, 'That cannot be included.');
    const { custom: _custom, ...attributes } = resource.attributes;
    const data = { ...resource, attributes };
    if (include.length === 0) return { data };
    if (type === 'subscriptions')
      return { data, included: [this.find('orders', String(attributes.order_id)), ...this.books.invoicesOf(id)] };
    const begun = this.books.all('subscriptions').filter((one) => String(one.attributes.order_id) === id);
    return { data, included: begun };
  }

  private list(type: string, query: URLSearchParams): object {
    if (type !== 'orders') throw refusal(404, 'Not found');
    const unknown = [...query.keys()].find((name) => !FILTERS.includes(name));
    if (unknown) throw refusal(400, `${unknown} is no filter.`);
    const isOf = ({ attributes: { store_id, user_email } }: Resource) =>
      String(store_id) === query.get('filter[store_id]') && user_email === query.get('filter[user_email]');
    const found = this.books.all('orders').filter(isOf);
    return { data: found.toReversed().slice(0, Number(query.get('page[size]') ?? 10)) };
  }

  private openCheckout(asked: any, origin: string): object {
    refuse(complainOfLemonCheckout(asked));
    const { attributes, relationships } = asked.data;
    if (relationships.store.data.id !== String(this.books.id)) throw refusal(404, 'The related store does not exist.');
    const { custom, ...checkout_data } = attributes.checkout_data;
    const [{ quantity } = { quantity: 1 }] = checkout_data.variant_quantities ?? [];
    const { currency, subtotal, tax, total } = this.books.bill(attributes.custom_price * quantity);
    const checkout = this.books.add('checkouts', {
      ...attributes,
      checkout_data: { ...checkout_data, custom: [] },
      custom,
      variant_id: Number(relationships.variant.data.id),
      store_id: this.books.id,
      test_mode: this.books.testMode,
      ...(attributes.preview && { preview: { currency, subtotal, tax, total } }),
    });
    checkout.attributes.url = `${origin}/checkout/${checkout.id}`;
    return this.read('checkouts', checkout.id, new URLSearchParams());
  }

  private sendBack(type: string, id: string, asked: any): Resource {
    refuse(complainOfLemonRefund(asked));
    const bill = this.find(type, id);
    const { total, refunded_amount, subscription_id } = bill.attributes;
    const amount = asked.data.attributes?.amount ?? total - refunded_amount;
    if (amount > total - refunded_amount) throw refusal(422, 'The amount is more than what is left.');
    this.books.giveBack(bill, amount);
    if (type === 'orders') this.told('order_refunded', bill, this.books.sale({ order: id }));
    else this.told('subscription_payment_refunded', bill, this.books.sale({ subscription: String(subscription_id) }));
    return bill;
  }

  /** What has been cancelled is not cancelled again. */
  private cancel(id: string): Resource {
    const subscription = this.find('subscriptions', id);
    const { status, renews_at } = subscription.attributes;
    if (status === 'cancelled' || status === 'expired') throw refusal(422, `The subscription is ${status}.`, false);
    this.books.change(subscription, { status: 'cancelled', cancelled: true, ends_at: renews_at });
    this.told('subscription_cancelled', subscription, this.books.sale({ subscription: id }));
    return subscription;
  }

  private find(type: string, id: string): Resource {
    const resource = this.books.find(type, id);
    if (!resource) throw refusal(404, 'Not found');
    return resource;
  }
}

const refusal = (status: number, detail: string, isFault = status !== 404): Refusal =>
  new Refusal(status, { jsonapi: { version: '1.0' }, errors: [{ detail, status: String(status) }] }, isFault);

function refuse(complaint: string | undefined): void {
  if (complaint) throw refusal(422, complaint);
}
