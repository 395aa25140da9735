import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DAY, fromNow } from '../../kit/clock';
import { CONFIG } from '../../kit/config';
import { Api, jsonIn } from './http';
import { type Bill, billFacts, type LemonSubscription, priceOf, subscriptionFacts } from './lemonsqueezy.facts';
import { inProportion } from '../../kit/money';
import {
  type Checkout,
  type CheckoutOrder,
  type Fact,
  type Handle,
  type Headers,
  PaymentProvider,
  type ProviderEvent,
  type RefundOrder,
} from './payment.provider';
import { BadSignature, ForeignEvent, PlanNotOffered, ProviderRefused } from './providers.errors';

type Settings = {
  NODE_ENV: string;
  LEMONSQUEEZY_API_KEY?: string;
  LEMONSQUEEZY_STORE_ID?: string;
  LEMONSQUEEZY_WEBHOOK_SECRET?: string;
  LEMONSQUEEZY_API_URL: string;
};
type Document<Attributes> = { data: { type: string; id: string; attributes: Attributes } };
type NewCheckout = { url: string; preview: { currency: string; subtotal: number; total: number } };
type Event = Document<Bill | LemonSubscription> & {
  meta: { event_name: string; test_mode?: boolean; custom_data?: { payment_id?: unknown } };
};

/** Lemon Squeezy, the merchant of record: it sells the variant that a plan names, at our price, and adds the tax. */
@Injectable()
export class LemonSqueezyProvider extends PaymentProvider {
  readonly name = 'lemonsqueezy';
  readonly isOn = Boolean(this.settings.LEMONSQUEEZY_API_KEY);
  readonly isLive = null;
  private readonly api = new Api(this.settings.LEMONSQUEEZY_API_URL, {
    accept: 'application/vnd.api+json',
    'content-type': 'application/vnd.api+json',
    authorization: `Bearer ${this.settings.LEMONSQUEEZY_API_KEY}`,
  });

  constructor(@Inject(CONFIG) private readonly settings: Settings) {
    super();
  }

  async createCheckout(order: CheckoutOrder): Promise<Checkout> {
    const { data } = await this.api.send<Document<NewCheckout>>('POST', '/v1/checkouts', {
      data: { type: 'checkouts', ...this.checkoutOf(order) },
    });
    const { url, preview } = data.attributes;
    const { currency, amount } = order.unitPrice;
    const isOurPrice = [preview.subtotal, preview.total].includes(amount * order.quantity); // tax comes on top or is in it
    if (preview.currency !== currency || !isOurPrice)
      throw new PlanNotOffered({ detail: `The store sells this for ${preview.subtotal} ${preview.currency}.` });
    return { url, reference: data.id, live: true };
  }

  readEvent(body: Buffer, headers: Headers): ProviderEvent {
    this.checkSignature(body, headers['x-signature']);
    const { data, meta } = jsonIn(body) as Event;
    const isTest = meta?.test_mode === true && this.settings.NODE_ENV === 'production';
    if (isTest || String(data?.attributes?.store_id) !== this.settings.LEMONSQUEEZY_STORE_ID) throw new ForeignEvent();
    const id = createHash('sha256').update(body).digest('hex'); // `webhook_id` is that of the subscriber, not of the event
    return { id, type: meta.event_name, facts: factsIn(data, meta) };
  }

  async lookUp({ reference, subscription, paymentId }: Handle): Promise<Fact[]> {
    const bill = reference ? await this.api.get<Document<Bill>>(`/v1/${reference}`) : undefined;
    const runs = subscription
      ? await this.api.get<Document<LemonSubscription>>(`/v1/subscriptions/${subscription}`)
      : undefined;
    return [
      ...(bill ? billFacts(reference!, bill.data.attributes, paymentId) : []),
      ...(runs ? subscriptionFacts(subscription!, runs.data.attributes, paymentId) : []),
    ];
  }

  /** There are no idempotency keys, but the bill says what went back already: only the rest of the sum is sent. */
  async refund({ payment, refundedBefore, amount }: RefundOrder): Promise<Fact[]> {
    const { reference, paymentId } = payment;
    const path = `/v1/${reference}`;
    const bill = await this.api.get<Document<Bill>>(path);
    if (!bill) throw new ProviderRefused({ detail: 'There is no such order.' });
    const { type, id, attributes } = bill.data;
    const due =
      inProportion(refundedBefore + amount, priceOf(attributes), attributes.total) - attributes.refunded_amount;
    if (due <= 0) return billFacts(reference, attributes, paymentId);

    const asked = { data: { type, id, attributes: { amount: due } } };
    const { data } = await this.api.send<Document<Bill>>('POST', `${path}/refund`, asked);
    return billFacts(reference, data.attributes, paymentId);
  }

  async cancelSubscription(reference: string): Promise<Fact[]> {
    const path = `/v1/subscriptions/${reference}`;
    const { data } = await this.api.send<Document<LemonSubscription>>('DELETE', path);
    return subscriptionFacts(reference, data.attributes);
  }

  endSubscription(reference: string): Promise<Fact[]> {
    return this.cancelSubscription(reference);
  }

  private checkoutOf({ plan, providerRef, quantity, unitPrice, ...order }: CheckoutOrder): object {
    if (!providerRef) throw new PlanNotOffered();
    return {
      attributes: {
        custom_price: unitPrice.amount * quantity,
        product_options: {
          name: quantity > 1 ? `${plan.name} × ${quantity}` : plan.name,
          ...(plan.description && { description: plan.description }),
          redirect_url: order.successUrl,
          enabled_variants: [Number(providerRef)],
        },
        checkout_options: { discount: false },
        checkout_data: {
          email: order.email,
          custom: { payment_id: order.paymentId, organization_id: order.organizationId },
        },
        expires_at: fromNow(DAY).toISOString(),
        preview: true,
      },
      relationships: {
        store: { data: { type: 'stores', id: this.settings.LEMONSQUEEZY_STORE_ID } },
        variant: { data: { type: 'variants', id: providerRef } },
      },
    };
  }

  private checkSignature(body: Buffer, signature: Headers[string]): void {
    const secret = this.settings.LEMONSQUEEZY_WEBHOOK_SECRET;
    if (!secret || typeof signature !== 'string' || !/^[0-9a-f]{64}$/.test(signature)) throw new BadSignature();
    const wanted = createHmac('sha256', secret).update(body).digest();
    if (!timingSafeEqual(wanted, Buffer.from(signature, 'hex'))) throw new BadSignature();
  }
}

/** A sale that names no payment of ours was made elsewhere in the same store. */
function factsIn({ type, id, attributes }: Event['data'], { event_name, custom_data }: Event['meta']): Fact[] {
  const paymentId = custom_data?.payment_id;
  if (typeof paymentId !== 'string') return [];
  switch (type) {
    case 'orders':
      return billFacts(`orders/${id}`, attributes as Bill, paymentId);
    case 'subscriptions':
      return subscriptionFacts(id, attributes as LemonSubscription, paymentId);
    case 'subscription-invoices':
      return invoiceFacts(`subscription-invoices/${id}`, attributes as Bill, event_name);
    default:
      return [];
  }
}

/** The first one is what the order is about. A declined one stays `pending` while they try again. */
function invoiceFacts(reference: string, bill: Bill, event: string): Fact[] {
  if (bill.billing_reason === 'initial') return [];
  const status = event === 'subscription_payment_failed' ? 'failed' : bill.status;
  return billFacts(reference, { ...bill, status });
}
