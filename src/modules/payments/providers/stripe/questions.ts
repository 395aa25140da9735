import type Stripe from 'stripe';
import { clock } from '../../../../kit/clock';
import type { Fact, Handle } from '../port/payment.provider';
import { disputeFacts } from './facts/disputes.facts';
import { metadataOf } from './facts/invoices';
import { idOf, isWhole, ours } from './facts/names';
import { invoiceFacts, sessionFacts } from './facts/payments.facts';
import { refundFact } from './facts/refunds.facts';
import { subscriptionFacts } from './facts/subscriptions.facts';

const BACK = 24; // invoices: two years of months. Whatever webhooks were lost, it is not longer ago

/** How things stand at Stripe: what webhooks would have told, had they come. */
export class StripeQuestions {
  constructor(private readonly stripe: Stripe) {}

  async about({ checkout, reference, subscription }: Handle): Promise<Fact[]> {
    const session = checkout ? await this.session(checkout) : null;
    const called = subscription ?? idOf(session?.subscription);
    const told = called ? await this.aboutSubscription(called, session) : [];
    const paid = reference ?? idOf(session?.payment_intent);
    const isTold = told.some((fact) => fact.kind === 'payment' && fact.reference === paid);
    const rest = paid && !isTold ? await this.aboutPaid(paid) : [];
    return [...(session ? sessionFacts(session) : []), ...told, ...rest];
  }

  /** What was charged for an invoice. */
  async intentOf(invoice: string): Promise<string | null> {
    const { data } = await this.stripe.invoicePayments.list({ invoice, status: 'paid' });
    return idOf(data[0]?.payment.payment_intent);
  }

  private session(id: string): Promise<Stripe.Checkout.Session> {
    return this.stripe.checkout.sessions.retrieve(id, { expand: ['subscription', 'invoice'] });
  }

  /** Its renewals, too, of which nobody told us. */
  private async aboutSubscription(id: string, session: Stripe.Checkout.Session | null): Promise<Fact[]> {
    const known = isWhole(session?.subscription) && session.subscription.id === id ? session.subscription : null;
    const subscription = known ?? (await this.stripe.subscriptions.retrieve(id));
    if (!subscription.metadata.payment_id) return [];
    const { data } = await this.stripe.invoices.list({ subscription: id, limit: BACK, expand: ['data.payments'] });
    return [
      ...subscriptionFacts(subscription, clock.now().toISOString()),
      ...data.toReversed().flatMap(invoiceFacts), // the oldest first
      ...(await this.afterInvoices(subscription, data)),
    ];
  }

  /** One request for all that the customer was ever charged, however many invoices there are. */
  private async afterInvoices({ customer }: Stripe.Subscription, invoices: Stripe.Invoice[]): Promise<Fact[]> {
    const names = new Map(
      invoices.flatMap((invoice) => intentsOf(invoice).map((intent) => [intent, invoice] as const)),
    );
    if (names.size === 0) return [];
    const of = { customer: idOf(customer)!, limit: 100, expand: ['data.refunds'] };
    const facts: Fact[] = [];
    for (const charge of (await this.stripe.charges.list(of)).data) {
      const invoice = names.get(idOf(charge.payment_intent) ?? '');
      if (invoice) facts.push(...(await this.afterwards(charge, invoice.id, firstOf(invoice))));
    }
    return facts;
  }

  private async aboutPaid(reference: string): Promise<Fact[]> {
    if (!isInvoice(reference)) return this.aboutIntent(reference);
    const invoice = await this.stripe.invoices.retrieve(reference, { expand: ['payments'] });
    const [intent] = intentsOf(invoice);
    return [...invoiceFacts(invoice), ...(intent ? await this.aboutIntent(intent, invoice) : [])];
  }

  private async aboutIntent(id: string, known?: Stripe.Invoice): Promise<Fact[]> {
    const intent = await this.stripe.paymentIntents.retrieve(id, { expand: ['latest_charge.refunds'] });
    const charge = intent.latest_charge;
    if (!isWhole(charge)) return [];
    if (intent.metadata.payment_id) return this.afterwards(charge, id, ours(intent.metadata));
    const invoice = known ?? (await this.invoiceOf(id));
    return invoice && metadataOf(invoice) ? this.afterwards(charge, invoice.id, firstOf(invoice)) : [];
  }

  /** What became of the money: refunds, also those that failed, and disputes. */
  private async afterwards(charge: Stripe.Charge, reference: string, name: { paymentId?: string }): Promise<Fact[]> {
    const { id, refunds, disputed } = charge;
    const all = refunds?.has_more ? await this.stripe.refunds.list({ charge: id, limit: 100 }) : refunds;
    const disputes = disputed ? (await this.stripe.disputes.list({ charge: id })).data : [];
    return [
      ...(all?.data ?? []).map((refund) => refundFact(refund, reference, name)),
      ...disputes.flatMap((dispute) => disputeFacts(dispute, reference, name)),
    ];
  }

  private async invoiceOf(intent: string): Promise<Stripe.Invoice | null> {
    const payment = { type: 'payment_intent', payment_intent: intent } as const;
    const { data } = await this.stripe.invoicePayments.list({ payment, expand: ['data.invoice'] });
    const invoice = data[0]?.invoice;
    return isWhole(invoice) && !invoice.deleted ? (invoice as Stripe.Invoice) : null;
  }
}

export const isInvoice = (reference: string): boolean => reference.startsWith('in_');

const intentsOf = ({ payments }: Stripe.Invoice): string[] =>
  (payments?.data ?? []).flatMap(({ payment }) => idOf(payment.payment_intent) ?? []);

/** A renewal has no name of ours. */
const firstOf = (invoice: Stripe.Invoice) =>
  invoice.billing_reason === 'subscription_create' ? ours(metadataOf(invoice)) : {};
