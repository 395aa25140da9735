import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../../kit/config';
import { toMajor } from '../../kit/money';
import {
  minorUnits,
  type Refund,
  refundedOf,
  type Subscription,
  subscriptionFacts,
  type Transaction,
  transactionFacts,
} from './flutterwave.facts';
import { Api, jsonIn } from './http';
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
import { BadSignature, PlanNotOffered, ProviderAway } from './providers.errors';

type Settings = {
  FLUTTERWAVE_SECRET_KEY?: string;
  FLUTTERWAVE_WEBHOOK_HASH?: string;
  FLUTTERWAVE_API_URL: string;
};
type Envelope<Data> = { status: string; data: Data };
type PaymentPlan = { amount: number; currency: string; interval: string };

const INTERVAL = { month: 'monthly', year: 'yearly' };

/**
 * Flutterwave, API v3. Its webhooks carry a shared password and no signature: what they say is a hint, and the truth is asked for.
 * A subscription that it ends by itself is not named by any event; it lapses, since no renewal comes.
 */
@Injectable()
export class FlutterwaveProvider extends PaymentProvider {
  readonly name = 'flutterwave';
  readonly isOn = Boolean(this.settings.FLUTTERWAVE_SECRET_KEY);
  readonly isLive = !this.settings.FLUTTERWAVE_SECRET_KEY?.startsWith('FLWSECK_TEST');
  private readonly api = new Api(this.settings.FLUTTERWAVE_API_URL, {
    accept: 'application/json',
    'content-type': 'application/json',
    authorization: `Bearer ${this.settings.FLUTTERWAVE_SECRET_KEY}`,
  });

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
    const { FLUTTERWAVE_WEBHOOK_HASH: wanted } = this.settings;
    const given = headers['verif-hash'];
    if (!wanted || typeof given !== 'string' || !timingSafeEqual(digest(given), digest(wanted)))
      throw new BadSignature();
    const { event, type, data } = jsonIn(body) as { event?: unknown; type?: unknown; data?: { id?: unknown } };
    const reference = data?.id;
    const isCharge = event === 'charge.completed' && Number.isSafeInteger(reference); // an older API has texts for ids
    return {
      id: digest(body).toString('hex'), // they send none
      type: String(event ?? type),
      facts: [],
      ...(isCharge && { ask: { reference: String(reference) } }),
    };
  }

  async lookUp({ reference, paymentId }: Handle): Promise<Fact[]> {
    const path = reference ? `${reference}/verify` : `verify_by_reference?tx_ref=${paymentId}`;
    const transaction = (await this.api.get<Envelope<Transaction>>(`/v3/transactions/${path}`))?.data;
    if (!transaction && reference) throw new ProviderAway(); // they told of it before it is to be seen: let them tell again
    if (!transaction || (!reference && transaction.tx_ref !== paymentId)) return [];
    if (transaction.status !== 'successful') return transactionFacts(transaction);

    const id = String(transaction.id);
    const [subscriptions, refunded] = await Promise.all([
      this.api.get<Envelope<Subscription[]>>(`/v3/subscriptions?transaction_id=${id}`),
      this.refunded(id, transaction.currency),
    ]);
    return transactionFacts(transaction, subscriptions?.data[0], refunded);
  }

  /** There are no idempotency keys, but the refunds are listed: only the rest of the sum is sent. */
  async refund({ refundId, payment, paid, refundedBefore, amount }: RefundOrder): Promise<Fact[]> {
    const { reference, paymentId } = payment;
    const before = await this.refunded(reference, paid.currency);
    const due = refundedBefore + amount - before;
    if (due > 0)
      await this.api.send('POST', `/v3/transactions/${reference}/refund`, {
        amount: toMajor(due, paid.currency),
        comments: refundId,
      });
    const refunded = { ...paid, amount: Math.max(before, refundedBefore + amount) };
    return [{ kind: 'refund', ...(paymentId && { paymentId }), reference, refunded }];
  }

  async cancelSubscription(reference: string): Promise<Fact[]> {
    const path = `/v3/subscriptions/${reference}/cancel`;
    const { data } = await this.api.send<Envelope<Subscription>>('PUT', path, {});
    return subscriptionFacts(data);
  }

  endSubscription(reference: string): Promise<Fact[]> {
    return this.cancelSubscription(reference);
  }

  private async refunded(transaction: string, currency: string): Promise<number> {
    const answer = await this.api.get<Envelope<Refund[]>>(`/v3/refunds?id=${transaction}`);
    return refundedOf(answer?.data ?? [], transaction, currency);
  }

  /** The renewals take what the plan over there says, which therefore has to say what ours does. */
  private async paymentPlan(order: CheckoutOrder, interval: 'month' | 'year', amount: number): Promise<number> {
    const { currency } = order.unitPrice;
    const answer =
      order.providerRef && (await this.api.get<Envelope<PaymentPlan>>(`/v3/payment-plans/${order.providerRef}`));
    if (!answer) throw new PlanNotOffered();
    const { data } = answer;
    const isOurs = data.currency === currency && data.interval === INTERVAL[interval];
    if (!isOurs || minorUnits(data.amount, currency) !== amount)
      throw new PlanNotOffered({
        detail: `Flutterwave sells this for ${data.amount} ${data.currency} ${data.interval}.`,
      });
    return Number(order.providerRef);
  }
}

const digest = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest();
