import { Inject, Injectable } from '@nestjs/common';
import type StripeClient from 'stripe';
import { ask } from '../../kit/ask';
import { clock } from '../../kit/clock';
import { CONFIG } from '../../kit/config';
import { BadRequest } from '../../kit/errors/problem';
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
import { BadSignature, ForeignEvent, ProviderAway, ProviderRefused } from './providers.errors';
import { readStripeEvent } from './stripe.events';
import {
  chargeFacts,
  disputeFacts,
  idOf,
  invoiceFacts,
  sessionFacts,
  subscriptionFacts,
  toStripe,
} from './stripe.facts';

/** Loaded with the first call: most of a start's time is the reading of files, and these are 219. */
const stripe = () => require('stripe') as typeof StripeClient;

type Settings = { STRIPE_SECRET_KEY?: string; STRIPE_WEBHOOK_SECRET?: string; STRIPE_API_URL: string };
const TOLERANCE = 300; // seconds that a signature may be old, as Stripe advises
const PATIENCE = 10_000; // someone waits for the answer

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
    const { id, url } = await this.stripe.checkout.sessions.create(sessionOf(order), options).catch(explain);
    if (!url) throw new ProviderRefused();
    return { url, reference: id, live: this.isLive };
  }

  readEvent(body: Buffer, headers: Headers): ProviderEvent {
    const event = this.signed(body, headers['stripe-signature']);
    if ((event.livemode === true) !== this.isLive || event.account) throw new ForeignEvent();
    return readStripeEvent(event);
  }

  async lookUp({ checkout, reference }: Handle): Promise<Fact[]> {
    const first = checkout ? await this.checkoutFacts(checkout).catch(explain) : [];
    return [...first, ...(reference ? await this.paidFacts(reference).catch(explain) : [])];
  }

  async refund({ refundId, payment, paid, amount, reason }: RefundOrder): Promise<Fact[]> {
    const { reference, paymentId } = payment;
    const intent = isInvoice(reference) ? await this.intentOf(reference).catch(explain) : reference;
    if (!intent) throw new ProviderRefused({ detail: 'Nothing was charged for this invoice.' });
    const metadata = {
      refund_id: refundId,
      reference,
      ...(paymentId && { payment_id: paymentId }),
      ...(reason && { reason: reason.slice(0, 500) }),
    };
    const params = { payment_intent: intent, amount: toStripe({ ...paid, amount }), metadata, expand: ['charge'] };
    const { charge } = await this.stripe.refunds.create(params, { idempotencyKey: refundId }).catch(explain);
    return chargeFacts(charge as StripeClient.Charge, reference);
  }

  async cancelSubscription(reference: string): Promise<Fact[]> {
    const atPeriodEnd = { cancel_at_period_end: true };
    return subscriptionFacts(await this.stripe.subscriptions.update(reference, atPeriodEnd).catch(explain), now());
  }

  async endSubscription(reference: string): Promise<Fact[]> {
    return subscriptionFacts(await this.stripe.subscriptions.cancel(reference).catch(explain), now());
  }

  private async checkoutFacts(id: string): Promise<Fact[]> {
    const session = await this.stripe.checkout.sessions.retrieve(id, { expand: ['subscription'] });
    const { subscription } = session;
    return [...sessionFacts(session), ...(isWhole(subscription) ? subscriptionFacts(subscription, now()) : [])];
  }

  private async paidFacts(reference: string): Promise<Fact[]> {
    if (!isInvoice(reference)) return this.intentFacts(reference);
    const invoice = await this.stripe.invoices.retrieve(reference);
    const intent = await this.intentOf(reference);
    return [...invoiceFacts(invoice), ...(intent ? await this.intentFacts(intent, reference) : [])];
  }

  /** What became of the money afterwards. */
  private async intentFacts(id: string, invoice?: string): Promise<Fact[]> {
    const intent = await this.stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] });
    const charge = intent.latest_charge;
    const reference = invoice ?? (intent.metadata.payment_id ? id : await this.invoiceOf(id));
    if (!isWhole(charge) || !reference) return [];
    const disputes = charge.disputed ? (await this.stripe.disputes.list({ payment_intent: id })).data : [];
    return [...chargeFacts(charge, reference), ...disputeFacts(disputes, charge, reference)];
  }

  private async intentOf(invoice: string): Promise<string | null> {
    const { data } = await this.stripe.invoicePayments.list({ invoice, status: 'paid' });
    return idOf(data[0]?.payment.payment_intent);
  }

  private async invoiceOf(intent: string): Promise<string | null> {
    const payment = { type: 'payment_intent', payment_intent: intent } as const;
    return idOf((await this.stripe.invoicePayments.list({ payment })).data[0]?.invoice);
  }

  private signed(body: Buffer, signature: Headers[string]): StripeClient.Event {
    const secret = this.settings.STRIPE_WEBHOOK_SECRET;
    if (typeof signature !== 'string' || !secret) throw new BadSignature();
    try {
      const receivedAt = clock.now().getTime();
      return this.stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE, undefined, receivedAt);
    } catch (error) {
      throw error instanceof stripe().errors.StripeSignatureVerificationError ? new BadSignature() : new BadRequest();
    }
  }

  private get stripe(): StripeClient {
    return (this.client ??= clientOf(this.settings));
  }
}

const askStripe = ((url: string, request: RequestInit) =>
  ask(url, { ...request, redirect: 'error', within: PATIENCE })) as typeof fetch;

function clientOf({ STRIPE_SECRET_KEY = '', STRIPE_API_URL }: Settings): StripeClient {
  const { hostname, port, protocol } = new URL(STRIPE_API_URL);
  return new (stripe())(STRIPE_SECRET_KEY, {
    host: hostname,
    port: port || (protocol === 'http:' ? 80 : 443),
    protocol: protocol === 'http:' ? 'http' : 'https',
    httpClient: stripe().createFetchHttpClient(askStripe),
    maxNetworkRetries: 2,
    telemetry: false,
  });
}

/** The price goes along whole: nothing that was set up over there can change it. */
function sessionOf({ plan, unitPrice, quantity, ...order }: CheckoutOrder): StripeClient.Checkout.SessionCreateParams {
  const metadata = { payment_id: order.paymentId, organization_id: order.organizationId };
  const isOnce = plan.interval === 'once';
  const price_data = {
    currency: unitPrice.currency.toLowerCase(),
    unit_amount: toStripe(unitPrice),
    product_data: { name: plan.name, ...(plan.description && { description: plan.description }) },
    ...(plan.interval !== 'once' && { recurring: { interval: plan.interval } }),
  };
  return {
    mode: isOnce ? 'payment' : 'subscription',
    client_reference_id: order.paymentId,
    customer_email: order.email,
    line_items: [{ price_data, quantity }],
    success_url: order.successUrl,
    cancel_url: order.cancelUrl,
    metadata,
    adaptive_pricing: { enabled: false }, // else the buyer's bank may be charged in a currency that is not the plan's
    ...(isOnce ? { payment_intent_data: { metadata } } : { subscription_data: { metadata } }),
  };
}

const now = (): string => clock.now().toISOString();
const isInvoice = (reference: string): boolean => reference.startsWith('in_');
const isWhole = <T>(expanded: string | T | null): expanded is T => typeof expanded === 'object' && expanded !== null;

function explain(error: unknown): never {
  if (!(error instanceof stripe().errors.StripeError)) throw error;
  const { statusCode = 0, message } = error;
  if (statusCode === 0 || statusCode >= 500 || [408, 409, 429].includes(statusCode)) throw new ProviderAway();
  const isOurs = statusCode === 401 || statusCode === 403; // a wrong key is not the caller's business
  throw new ProviderRefused(isOurs ? {} : { detail: message.slice(0, 300) });
}
