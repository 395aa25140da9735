import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../../../config/config';
import { ProviderApi, jsonIn } from './port/provider-api';
import type {
  Billed,
  Checkout as NewCheckout,
  Document,
  Invoice,
  Order,
  Resource,
  Subscription,
} from './lemonsqueezy/api.types';
import { billFacts, invoiceFacts, orderFacts } from './lemonsqueezy/bills.facts';
import { checkoutOf } from './lemonsqueezy/checkout';
import { Questions } from './lemonsqueezy/questions';
import { isOver, subscriptionFacts } from './lemonsqueezy/subscriptions.facts';
import {
  type Checkout,
  type CheckoutOrder,
  type Fact,
  type Handle,
  type Headers,
  PaymentProvider,
  type ProviderEvent,
  type RefundOrder,
} from './port/payment.provider';
import { BadSignature, ForeignEvent, PlanNotOffered, ProviderRefused } from './port/providers.errors';

type Settings = {
  NODE_ENV: string;
  LEMONSQUEEZY_API_KEY?: string;
  LEMONSQUEEZY_STORE_ID?: string;
  LEMONSQUEEZY_WEBHOOK_SECRET?: string;
  LEMONSQUEEZY_API_URL: string;
};
type Event = {
  data: Resource<Order | Invoice | Subscription>;
  meta: { event_name: string; test_mode?: boolean; custom_data?: { payment_id?: unknown } };
};

/** Lemon Squeezy, the merchant of record: it sells the variant that a plan names, at our price, and adds the tax. */
@Injectable()
export class LemonSqueezyProvider extends PaymentProvider {
  readonly name = 'lemonsqueezy';
  readonly isOn = Boolean(this.settings.LEMONSQUEEZY_API_KEY);
  readonly isLive = null; // its keys do not show it
  override readonly isMerchantOfRecord = true;
  private readonly api = new ProviderApi(this.settings.LEMONSQUEEZY_API_URL, {
    accept: 'application/vnd.api+json',
    'content-type': 'application/vnd.api+json',
    authorization: `Bearer ${this.settings.LEMONSQUEEZY_API_KEY}`,
  });
  private readonly questions = new Questions(this.api, this.settings.LEMONSQUEEZY_STORE_ID ?? '');

  constructor(@Inject(CONFIG) private readonly settings: Settings) {
    super();
  }

  async createCheckout(order: CheckoutOrder): Promise<Checkout> {
    const asked = { data: checkoutOf(order, this.settings.LEMONSQUEEZY_STORE_ID ?? '') };
    const { data } = await this.api.send<Document<NewCheckout>>('POST', '/v1/checkouts', asked);
    const { url, preview, test_mode } = data.attributes;
    const { currency, amount } = order.unitPrice;
    const isOurPrice = [preview.subtotal, preview.total].includes(amount * order.quantity); // tax comes on top or is in it
    if (preview.currency !== currency || !isOurPrice)
      throw new PlanNotOffered({ detail: `The store sells this for ${preview.subtotal} ${preview.currency}.` });
    return { url, reference: data.id, live: !test_mode };
  }

  readEvent(body: Buffer, headers: Headers): ProviderEvent {
    this.checkSignature(body, headers['x-signature']);
    const { data, meta } = jsonIn(body) as Event;
    const isTest = meta?.test_mode === true && this.settings.NODE_ENV === 'production';
    if (isTest || String(data?.attributes?.store_id) !== this.settings.LEMONSQUEEZY_STORE_ID) throw new ForeignEvent();
    const id = createHash('sha256').update(body).digest('hex'); // `webhook_id` is that of the subscriber, not of the event
    return { id, type: meta.event_name, facts: factsIn(data, meta) };
  }

  /** A subscription's order is told as paid only to whoever names the payment that it is: it would look like a renewal. */
  lookUp({ subscription, reference, paymentId, checkout, buyer }: Handle): Promise<Fact[]> {
    if (subscription) return this.questions.subscription(subscription, paymentId, reference);
    if (reference) return this.questions.bill(reference, paymentId);
    return paymentId && buyer ? this.questions.likely(paymentId, buyer, checkout) : Promise.resolve([]);
  }

  /** There are no idempotency keys, but the bill says what went back already: only the rest of the sum is sent. */
  async refund({ payment, refundedBefore, amount }: RefundOrder): Promise<Fact[]> {
    const { reference, paymentId } = payment;
    const bill = (await this.api.get<Document<Billed>>(`/v1/${reference}`))?.data;
    if (!bill) throw new ProviderRefused({ detail: 'There is no such order.' });
    const due = refundedBefore + amount - bill.attributes.refunded_amount;
    if (due <= 0) return billFacts(bill, paymentId);

    const asked = { data: { type: bill.type, id: bill.id, attributes: { amount: due } } };
    const { data } = await this.api.send<Document<Billed>>('POST', `/v1/${reference}/refund`, asked);
    return billFacts(data, paymentId);
  }

  /** What is cancelled, has ended or is not there collects nothing: that is no error. */
  async cancelSubscription(reference: string): Promise<Fact[]> {
    const path = `/v1/subscriptions/${reference}`;
    const answer = await this.api.send<Document<Subscription>>('DELETE', path).catch(async (error: unknown) => {
      const now = await this.api.get<Document<Subscription>>(path);
      if (now && !isOver(now.data.attributes)) throw error;
      return now;
    });
    return answer ? subscriptionFacts(answer.data) : [];
  }

  /** There is no way to end one now: no period is renewed any more, but a declined bill may still be tried, and succeed. */
  endSubscription(reference: string): Promise<Fact[]> {
    return this.cancelSubscription(reference);
  }

  private checkSignature(body: Buffer, signature: Headers[string]): void {
    const secret = this.settings.LEMONSQUEEZY_WEBHOOK_SECRET;
    if (!secret || typeof signature !== 'string' || !/^[0-9a-f]{64}$/.test(signature)) throw new BadSignature();
    const wanted = createHmac('sha256', secret).update(body).digest();
    if (!timingSafeEqual(wanted, Buffer.from(signature, 'hex'))) throw new BadSignature();
  }
}

/** A sale that names no payment of ours was made elsewhere in the same store. */
function factsIn(data: Event['data'], { event_name, custom_data }: Event['meta']): Fact[] {
  const paymentId = custom_data?.payment_id;
  if (typeof paymentId !== 'string') return [];
  switch (data.type) {
    case 'orders':
      return orderFacts(data as Resource<Order>, { paymentId });
    case 'subscriptions':
      return subscriptionFacts(data as Resource<Subscription>, paymentId);
    case 'subscription-invoices':
      return invoiceFacts(data as Resource<Invoice>, paymentId, event_name);
    default:
      return [];
  }
}
