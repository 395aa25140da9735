import { Inject, Injectable } from '@nestjs/common';
import type StripeClient from 'stripe';
import { clock } from '../../../kit/clock';
import { CONFIG } from '../../../config/config';
import { jsonIn } from './port/provider-api';
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
import { BadSignature, ForeignEvent, ProviderRefused } from './port/providers.errors';
import { toStripe } from './stripe/facts/amounts';
import { sessionOf } from './stripe/checkout';
import { clientOf, explain, stripe } from './stripe/client';
import { StripeEndings } from './stripe/endings';
import { readStripeEvent } from './stripe/events';
import { isInvoice, StripeQuestions } from './stripe/questions';
import { refundFact } from './stripe/facts/refunds.facts';

type Settings = { STRIPE_SECRET_KEY?: string; STRIPE_WEBHOOK_SECRET?: string; STRIPE_API_URL: string };
const TOLERANCE = 300; // seconds that a signature may be old, as Stripe advises

/** Stripe, through its own client, which repeats what got lost, under the same idempotency key. */
@Injectable()
export class StripeProvider extends PaymentProvider {
  readonly name = 'stripe';
  readonly isOn = Boolean(this.settings.STRIPE_SECRET_KEY);
  readonly isLive = /^[rs]k_live_/.test(this.settings.STRIPE_SECRET_KEY ?? '');
  private client?: StripeClient;

  constructor(@Inject(CONFIG) private readonly settings: Settings) {
    super();
  }

  async createCheckout(order: CheckoutOrder): Promise<Checkout> {
    const options = { idempotencyKey: order.paymentId };
    const session = await this.stripe.checkout.sessions.create(sessionOf(order), options).catch(explain);
    if (!session.url) throw new ProviderRefused();
    return { url: session.url, reference: session.id, live: session.livemode };
  }

  readEvent(body: Buffer, headers: Headers): ProviderEvent {
    const event = this.signed(body, headers['stripe-signature']);
    if ((event.livemode === true) !== this.isLive || event.account) throw new ForeignEvent();
    return readStripeEvent(event);
  }

  lookUp(payment: Handle): Promise<Fact[]> {
    return new StripeQuestions(this.stripe).about(payment).catch(explain);
  }

  async refund(order: RefundOrder): Promise<Fact[]> {
    const { reference } = order.payment;
    const questions = new StripeQuestions(this.stripe);
    const intent = isInvoice(reference) ? await questions.intentOf(reference).catch(explain) : reference;
    if (!intent) throw new ProviderRefused({ detail: 'Nothing was charged for this invoice.' });
    const made = await this.refundMade(intent, order).catch(explain);
    const refund = made ?? (await this.makeRefund(intent, order).catch(explain));
    return [refundFact(refund, reference)];
  }

  cancelSubscription(reference: string): Promise<Fact[]> {
    return new StripeEndings(this.stripe).atPeriodEnd(reference).catch(explain);
  }

  endSubscription(reference: string): Promise<Fact[]> {
    return new StripeEndings(this.stripe).now(reference).catch(explain);
  }

  /** Stripe forgets an idempotency key after a day, and we may ask for longer. */
  private async refundMade(payment_intent: string, { refundId }: RefundOrder) {
    const { data } = await this.stripe.refunds.list({ payment_intent, limit: 100 });
    return data.find(({ metadata }) => metadata?.refund_id === refundId);
  }

  private makeRefund(payment_intent: string, { refundId, payment, paid, amount, reason }: RefundOrder) {
    const { reference, paymentId } = payment;
    const metadata = {
      refund_id: refundId,
      reference,
      ...(paymentId && { payment_id: paymentId }),
      ...(reason && { reason: reason.slice(0, 500) }),
    };
    const order = { payment_intent, amount: toStripe({ ...paid, amount }), metadata };
    return this.stripe.refunds.create(order, { idempotencyKey: refundId });
  }

  private signed(body: Buffer, signature: Headers[string]): StripeClient.Event {
    const secret = this.settings.STRIPE_WEBHOOK_SECRET;
    if (typeof signature !== 'string' || !secret) throw new BadSignature();
    try {
      const receivedAt = clock.now().getTime();
      return this.stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE, undefined, receivedAt);
    } catch (error) {
      if (error instanceof stripe().errors.StripeSignatureVerificationError) throw new BadSignature();
      return jsonIn(body) as StripeClient.Event; // genuine; of a kind that this client does not read, or no JSON at all
    }
  }

  private get stripe(): StripeClient {
    return (this.client ??= clientOf(this.settings.STRIPE_SECRET_KEY ?? '', this.settings.STRIPE_API_URL));
  }
}
