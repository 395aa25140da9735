import { SECOND } from '../../../../kit/clock';
import type { ProviderApi } from '../port/provider-api';
import type { Fact, Handle } from '../port/payment.provider';
import type { Billed, Checkout, Document, Invoice, Listed, Order, Resource, Subscription } from './api.types';
import { billFacts, invoiceFacts, likelyFact, orderFacts } from './bills.facts';
import { subscriptionFacts } from './subscriptions.facts';

const TAKEN = ['paid', 'partial_refund'];

/** What can be asked. Custom data, which would name our payment, is in no answer: only events carry it. */
export class Questions {
  constructor(
    private readonly api: ProviderApi,
    private readonly store: string,
  ) {}

  /** It, its order and all its invoices, in one question. One that was voided, as they are in a pause, is news only to who asks about it. */
  async subscription(reference: string, paymentId?: string, about?: string | null): Promise<Fact[]> {
    const path = `/v1/subscriptions/${reference}?include=order,subscription-invoices`;
    const answer = await this.api.get<Document<Subscription>>(path);
    if (!answer) return [];
    const included = answer.included ?? [];
    const orders = ofType<Order>(included, 'orders').flatMap((order) =>
      orderFacts(order, { paymentId, subscription: reference }),
    );
    const invoices = ofType<Invoice>(included, 'subscription-invoices').filter(
      ({ id, attributes }) => attributes.status !== 'void' || about === `subscription-invoices/${id}`,
    );
    return [
      ...orders.filter(({ kind }) => paymentId || kind !== 'payment'),
      ...invoices.flatMap((invoice) => invoiceFacts(invoice, paymentId)),
      ...subscriptionFacts(answer.data, paymentId),
    ];
  }

  /** A bill, and with an order the subscription that it began. */
  async bill(reference: string, paymentId?: string): Promise<Fact[]> {
    const isOrder = reference.startsWith('orders/');
    const answer = await this.api.get<Document<Billed>>(`/v1/${reference}${isOrder ? '?include=subscriptions' : ''}`);
    if (!answer) return [];
    const begun = ofType<Subscription>(answer.included ?? [], 'subscriptions');
    const facts = isOrder
      ? orderFacts(answer.data as Resource<Order>, { paymentId, subscription: begun[0]?.id })
      : billFacts(answer.data, paymentId);
    return [...facts, ...begun.flatMap((one) => subscriptionFacts(one, paymentId))];
  }

  /** What the buyer bought of this variant since the checkout was opened: perhaps there, perhaps not. */
  async likely(paymentId: string, { email, since }: NonNullable<Handle['buyer']>, checkout?: string | null) {
    const sold = checkout ? await this.api.get<Document<Checkout>>(`/v1/checkouts/${checkout}`) : undefined;
    const asked = { 'filter[store_id]': this.store, 'filter[user_email]': email, 'page[size]': '100' };
    const orders = await this.api.get<Listed<Order>>(`/v1/orders?${new URLSearchParams(asked).toString()}`);
    const opened = Date.parse(since) - SECOND; // theirs are cut to the second
    return (orders?.data ?? [])
      .filter(({ attributes }) => TAKEN.includes(attributes.status) && Date.parse(attributes.created_at) > opened)
      .filter(
        ({ attributes: { first_order_item: item } }) => !sold || item?.variant_id === sold.data.attributes.variant_id,
      )
      .map((order) => likelyFact(order, paymentId));
  }
}

const ofType = <Attributes>(resources: Resource[], type: string): Resource<Attributes>[] =>
  resources.filter((one): one is Resource<Attributes> => one.type === type);
