import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { clock } from '../../../kit/clock';
import { CONFIG } from '../../../config/config';
import { toMajor } from '../../../kit/money';
import type { Refund, Subscription } from './flutterwave/api.types';
import { type Envelope, Questions } from './flutterwave/questions';
import { refundedOf, refundFact } from './flutterwave/returns.facts';
import { moneyOf, subscriptionFact } from './flutterwave/transactions.facts';
import { ProviderApi, jsonIn } from './port/provider-api';
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
import { BadSignature, PlanNotOffered, ProviderAway, ProviderRefused } from './port/providers.errors';

type Settings = {
  FLUTTERWAVE_SECRET_KEY?: string;
  FLUTTERWAVE_WEBHOOK_HASH?: string;
  FLUTTERWAVE_API_URL: string;
};
type Event = { event?: unknown; type?: unknown; data?: Record<string, unknown> & { customer?: { email?: unknown } } };

const INTERVAL = { month: 'monthly', year: 'yearly' };
const NOT_THERE = [400, 404]; // 400 of a transaction that they do not know

/**
 * Flutterwave, API v3. Its webhooks carry a shared password and no signature: what they say is a hint, and the truth is asked for.
 * A subscription that it ends by itself may be named by no event; it lapses, since no renewal comes.
 */
@Injectable()
export class FlutterwaveProvider extends PaymentProvider {
  readonly name = 'flutterwave';
  readonly isOn = Boolean(this.settings.FLUTTERWAVE_SECRET_KEY);
  readonly isLive = !this.settings.FLUTTERWAVE_SECRET_KEY?.startsWith('FLWSECK_TEST');
  private readonly api = new ProviderApi(
    this.settings.FLUTTERWAVE_API_URL,
    {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${this.settings.FLUTTERWAVE_SECRET_KEY}`,
    },
    NOT_THERE,
  );
  private readonly questions = new Questions(this.api);

  constructor(@Inject(CONFIG) private readonly settings: Settings) {
    super();
  }

  async createCheckout(order: CheckoutOrder): Promise<Checkout> {
    const { plan, unitPrice, quantity, paymentId, organizationId } = order;
    const money = { ...unitPrice, amount: unitPrice.amount * quantity };
    const { data } = await this.api.send<Envelope<{ link: string }>>('POST', '/v3/payments', {
      tx_ref: paymentId,
      amount: toMajor(money.amount, money.currency),
      currency: money.currency,
      redirect_url: order.successUrl,
      customer: { email: order.email },
      customizations: { title: plan.name, ...(plan.description && { description: plan.description }) },
      meta: { organization_id: organizationId },
      ...(plan.interval !== 'once' && { payment_plan: await this.paymentPlan(order, plan.interval, money.amount) }),
    });
    return { url: data.link, reference: null, live: this.isLive };
  }

  readEvent(body: Buffer, headers: Headers): ProviderEvent {
    this.checkSender(body, headers);
    const { event, type, data } = jsonIn(body) as Event;
    const ask = askedBy(event, data);
    const isForeign = typeof event === 'string' ? event === 'charge.completed' && !ask : typeof type === 'string';
    return {
      id: digest(body).toString('hex'), // they send none
      type: String(event ?? type),
      facts: [],
      ...(ask && { ask }),
      ...(isForeign && { strange: 'other-api-version' }),
    };
  }

  async lookUp({ reference, paymentId, subscription, buyer }: Handle): Promise<Fact[]> {
    const transaction = reference
      ? await this.questions.transaction(reference)
      : paymentId
        ? await this.questions.named(paymentId)
        : undefined;
    if (!transaction && reference) throw new ProviderAway(); // they told of it before it is to be seen: let them tell again
    const email = buyer?.email ?? transaction?.customer.email;
    const isAsked = subscription || (!reference && !paymentId);
    return [
      ...(transaction ? await this.questions.facts(transaction) : []),
      ...(email && isAsked ? await this.questions.customer(email, subscription, paymentId) : []),
    ];
  }

  /** There are no idempotency keys, but the refunds are listed: only the rest of the sum is sent. */
  async refund({ refundId, payment, paid, refundedBefore, amount }: RefundOrder): Promise<Fact[]> {
    const { reference, paymentId } = payment;
    const refunds = await this.questions.refunds(reference);
    const due = refundedBefore + amount - refundedOf(refunds, paid.currency);
    if (due > 0) {
      const asked = { amount: toMajor(due, paid.currency), comments: refundId };
      const path = `/v3/transactions/${reference}/refund`;
      const { data } = await this.api.send<Envelope<Refund>>('POST', path, asked);
      refunds.push({ ...data, comment: refundId });
    }
    const names = { ...(paymentId && { paymentId }), reference };
    return refunds.map((refund) => refundFact(refund, names, paid.currency));
  }

  /** What is cancelled already, or is not there, collects nothing: that is no error. Their answer to it is not documented. */
  async cancelSubscription(reference: string): Promise<Fact[]> {
    const path = `/v3/subscriptions/${reference}/cancel`;
    const answer = await this.api.send<Envelope<Subscription>>('PUT', path, {}).catch((error: unknown) => {
      if (error instanceof ProviderRefused && /cancel|not found/i.test(error.extras.detail ?? '')) return undefined;
      throw error;
    });
    return answer ? [subscriptionFact(answer.data)] : [];
  }

  /** It charges nothing between two periods: a cancelled one is over. */
  endSubscription(reference: string): Promise<Fact[]> {
    return this.cancelSubscription(reference);
  }

  /** v3 sends the password itself, v4 a signature made with it. */
  private checkSender(body: Buffer, headers: Headers): void {
    const { FLUTTERWAVE_WEBHOOK_HASH: hash } = this.settings;
    const { 'verif-hash': given, 'flutterwave-signature': signature } = headers;
    if (!hash) throw new BadSignature();
    const isRight = (one: unknown, wanted: string) =>
      typeof one === 'string' && timingSafeEqual(digest(one), digest(wanted));
    const signed = createHmac('sha256', hash).update(body).digest('base64');
    if (!isRight(given, hash) && !(given === undefined && isRight(signature, signed))) throw new BadSignature();
  }

  /** The renewals take what the plan over there says, which therefore has to say what ours does. */
  private async paymentPlan(order: CheckoutOrder, interval: 'month' | 'year', amount: number): Promise<number> {
    const { currency } = order.unitPrice;
    const plan = order.providerRef && (await this.questions.paymentPlan(order.providerRef));
    if (!plan) throw new PlanNotOffered();
    const isOurs = plan.currency === currency && plan.interval === INTERVAL[interval];
    if (!isOurs || moneyOf(plan.amount, currency).amount !== amount)
      throw new PlanNotOffered({
        detail: `Flutterwave sells this for ${plan.amount} ${plan.currency} ${plan.interval}.`,
      });
    return Number(order.providerRef);
  }
}

/** What an event hints at: a charge, what became of one, or a subscription that was cancelled, of which it names the customer alone. */
function askedBy(event: unknown, data: Event['data']): Handle | undefined {
  const email = data?.customer?.email;
  if (event === 'subscription.cancelled')
    return typeof email === 'string' ? { buyer: { email, since: clock.now().toISOString() } } : undefined;
  const about = /^(refund|chargeback)\./.test(String(event)) ? (data?.transaction_id ?? data?.tx_id) : undefined;
  const reference = event === 'charge.completed' ? data?.id : about;
  return Number.isSafeInteger(reference) ? { reference: String(reference) } : undefined;
}

const digest = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest();
