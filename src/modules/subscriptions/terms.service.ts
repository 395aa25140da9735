import { Injectable, Logger } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { clock } from '../../kit/clock';
import { Outbox } from '../../kit/outbox/outbox';
import { OrganizationsService } from '../organizations/organizations.service';
import type { ProviderName, SubscriptionFact } from '../providers/payment.provider';
import { endOfPeriod, later } from './period';
import type { Subscription } from './subscription.entity';
import { SubscriptionsRepository } from './subscriptions.repository';

type Sale = Pick<
  Subscription,
  'paymentId' | 'provider' | 'plan' | 'planName' | 'interval' | 'quantity' | 'amount' | 'currency' | 'limits'
> & { live?: boolean };

/**
 * How a subscription begins, goes on and ends; the organization's plan follows. Each is part of a transaction, may be told twice
 * and in any order: what began does not begin again, and what ended stays so.
 */
@Injectable()
export class TermsService {
  private readonly logger = new Logger(TermsService.name);

  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly organizations: OrganizationsService,
    private readonly outbox: Outbox,
  ) {}

  /** Writes down what is to be paid for. */
  open(organizationId: string, sale: Sale & { id: string }): Promise<Subscription> {
    return this.subscriptions.add(organizationId, { ...sale, pastDue: false });
  }

  find(organizationId: string, id: string): Promise<Subscription | null> {
    return this.subscriptions.find(organizationId, { id });
  }

  /** Has whoever wants to change what this organization is on wait for one another. Before any other lock: two in another order would block each other. */
  lock(organizationId: string): Promise<void> {
    return this.organizations.lock(organizationId);
  }

  /** The one that counts. */
  live(organizationId: string): Promise<Subscription | null> {
    return this.subscriptions.live(organizationId);
  }

  /** Remembers whether it is paid with real money: for some providers only their answer tells. */
  async markLive(organizationId: string, id: string, live: boolean): Promise<void> {
    await this.subscriptions.change(organizationId, { id }, { live });
  }

  named(provider: ProviderName, reference: string): Promise<Subscription | null> {
    return this.subscriptions.named(provider, reference);
  }

  /** The price was paid in full: the first payment begins the subscription, each carries it on for a period. */
  async pay(subscription: Subscription, isFirst: boolean): Promise<void> {
    const { organizationId, id, interval, startedAt } = subscription;
    const paidUntil = later(subscription.paidUntil, endOfPeriod(clock.now(), interval));
    await this.subscriptions.change(organizationId, { id }, { paidUntil });
    if (isFirst && !startedAt && !subscription.endedAt) await this.begin(subscription);
  }

  /** Takes over what a provider says of a subscription. @returns false when it is nobody's that we know */
  async observe(provider: ProviderName, fact: SubscriptionFact): Promise<boolean> {
    const known = await this.subscriptions.named(provider, fact.reference, fact.paymentId);
    if (!known) return false;
    await this.organizations.lock(known.organizationId);
    const subscription = await this.subscriptions.get(known.organizationId, known.id);
    if (!(await this.link(subscription, fact.reference))) return true;

    if (isNews(subscription, fact)) await this.take(subscription, fact);
    if (fact.status === 'canceled') await this.end(subscription, { tell: 'people' });
    return true;
  }

  /** Remembers what the provider calls it. @returns false when that is not what it called it before */
  async link({ organizationId, id, reference }: Subscription, called: string): Promise<boolean> {
    if (reference === null) await this.subscriptions.change(organizationId, { id }, { reference: called });
    else if (reference !== called) this.logger.warn({ subscriptionId: id, reference, called }, 'It has two names.');
    return reference === null || reference === called;
  }

  /** Ends it, whatever was paid: the money went back, or its time is over. */
  async end(subscription: Subscription, { tell }: { tell: 'all' | 'people' | 'provider' }): Promise<void> {
    const { organizationId, id, liveFor, planName, provider, paymentId, interval } = subscription;
    const ended = { endedAt: clock.now(), liveFor: null };
    if ((await this.subscriptions.change(organizationId, { id, endedAt: IsNull() }, ended)) === 0) return;

    if (liveFor) await this.organizations.setPlan(organizationId, null);
    if (liveFor && tell !== 'provider') await this.outbox.add('subscription.ended', { organizationId, plan: planName });
    if (interval !== 'once' && tell !== 'people')
      await this.outbox.add('subscription.renews-no-more', { provider, paymentId, reference: subscription.reference });
  }

  private async begin(subscription: Subscription): Promise<void> {
    const { organizationId, id, paymentId, plan: code, limits } = subscription;
    const begun = await this.subscriptions.list(organizationId, { startedAt: Not(IsNull()) });
    const isSuperseded = begun.some((other) => other.paymentId > paymentId); // news of an older order came late
    const startedAt = clock.now();
    if (isSuperseded) {
      await this.subscriptions.change(organizationId, { id }, { startedAt });
      return this.end(subscription, { tell: 'provider' });
    }
    for (const former of begun) await this.end(former, { tell: 'provider' });
    await this.subscriptions.change(organizationId, { id }, { startedAt, liveFor: organizationId });
    await this.organizations.setPlan(organizationId, { code, limits: limits as object });
  }

  private async take({ organizationId, id, cancelledAt, periodEnd, planName }: Subscription, fact: SubscriptionFact) {
    const cancelled = fact.renews ? null : (cancelledAt ?? clock.now());
    await this.subscriptions.change(
      organizationId,
      { id },
      {
        statedAt: new Date(fact.at),
        periodEnd: fact.periodEnd ? new Date(fact.periodEnd) : periodEnd,
        pastDue: fact.status === 'past_due',
        cancelledAt: cancelled,
      },
    );
    if (cancelled && !cancelledAt) await this.outbox.add('subscription.cancelled', { organizationId, plan: planName });
  }
}

/** The newest holds; of two at the same moment the one that reaches further. */
function isNews({ statedAt, periodEnd }: Subscription, fact: SubscriptionFact): boolean {
  const at = Date.parse(fact.at);
  if (!statedAt || at !== statedAt.getTime()) return !statedAt || at > statedAt.getTime();
  return fact.periodEnd !== null && (periodEnd === null || Date.parse(fact.periodEnd) > periodEnd.getTime());
}
