import type Stripe from 'stripe';
import { clock } from '../../../../kit/clock';
import type { SubscriptionFact } from '../port/payment.provider';
import { isRefused } from './client';
import { subscriptionFacts } from './facts/subscriptions.facts';

/** How a subscription at Stripe comes to its end. Stripe refuses what was done before, even as though it were not there: then we look. */
export class StripeEndings {
  constructor(private readonly stripe: Stripe) {}

  async atPeriodEnd(id: string): Promise<SubscriptionFact[]> {
    return this.told(id, this.stripe.subscriptions.update(id, { cancel_at_period_end: true }), renewsNoMore);
  }

  /** Nothing is credited, and what was billed and not paid is not collected. */
  async now(id: string): Promise<SubscriptionFact[]> {
    const ended = await this.told(
      id,
      this.stripe.subscriptions.cancel(id, { invoice_now: false, prorate: false }),
      isOver,
    );
    await this.collectNoMore(id);
    return ended;
  }

  /** A subscription's draft can neither be deleted nor voided: it is kept from being sent. */
  private async collectNoMore(subscription: string): Promise<void> {
    const open = await this.stripe.invoices.list({ subscription, status: 'open', limit: 100 });
    for (const { id } of open.data) await this.stripe.invoices.voidInvoice(id);
    const drafts = await this.stripe.invoices.list({ subscription, status: 'draft', limit: 100 });
    for (const { id, auto_advance } of drafts.data)
      if (auto_advance) await this.stripe.invoices.update(id, { auto_advance: false });
  }

  private async told(
    id: string,
    change: Promise<Stripe.Subscription>,
    isDone: (subscription: Stripe.Subscription) => boolean,
  ) {
    const stands = await change.catch(async (error: unknown) => {
      const before = isRefused(error) ? await this.stripe.subscriptions.retrieve(id) : null;
      if (before && isDone(before)) return before;
      throw error;
    });
    return subscriptionFacts(stands, clock.now().toISOString());
  }
}

const isOver = ({ status }: Stripe.Subscription): boolean => status === 'canceled' || status === 'incomplete_expired';
const renewsNoMore = (subscription: Stripe.Subscription): boolean =>
  isOver(subscription) || subscription.cancel_at_period_end || subscription.cancel_at !== null;
