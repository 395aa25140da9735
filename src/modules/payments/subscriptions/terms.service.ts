import { Injectable, Logger } from '@nestjs/common';
import { clock } from '../../../kit/clock';
import { Outbox } from '../../../outbox/outbox';
import { OrganizationsService } from '../../organizations/organizations.service';
import type { ProviderName, SubscriptionFact } from '../providers/port/payment.provider';
import { LifecycleService } from './lifecycle.service';
import { PricesService } from './prices.service';
import { SettleService } from './settle.service';
import { stateOf } from './records/statement';
import type { Subscription, Terms } from './records/subscription.entity';
import { SubscriptionsRepository } from './subscriptions.repository';

type Sale = Omit<Terms, 'price'> & Pick<Subscription, 'paymentId' | 'provider' | 'currency'> & Partial<Subscription>;

/** What a subscription is about, as its provider says: its name, its state, its items. Each is part of a transaction. */
@Injectable()
export class TermsService {
  private readonly logger = new Logger(TermsService.name);

  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly organizations: OrganizationsService,
    private readonly lifecycle: LifecycleService,
    private readonly settling: SettleService,
    private readonly prices: PricesService,
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

  /**
   * Takes over what a provider says of a subscription, under the lock of its organization.
   * @param isProved whether what it says it began with is what was paid here: then the name is its own, whatever it was called before
   * @returns as it was before; null when it is nobody's that we know
   */
  async observe(provider: ProviderName, fact: SubscriptionFact, isProved = false): Promise<Subscription | null> {
    const known = await this.subscriptions.named(provider, fact.reference, fact.paymentId);
    if (!known) return null;
    await this.organizations.lock(known.organizationId);
    const subscription = await this.subscriptions.get(known.organizationId, known.id);
    if (!(await this.link(subscription, fact.reference, isProved))) return subscription;

    await this.takeState(subscription, fact);
    await this.prices.follow(subscription, fact);
    if (fact.status === 'canceled') await this.close(subscription, new Date(fact.at));
    if (subscription.liveFor) await this.settling.settle(subscription.organizationId);
    return subscription;
  }

  /** Remembers what the provider calls it. @returns false when that is not what it called it before, and nothing proves it */
  async link(subscription: Subscription, called: string, isProved = false): Promise<boolean> {
    const { organizationId, id, reference } = subscription;
    if (reference === called) return true;
    if (reference !== null) this.logger.warn({ subscriptionId: id, reference, called }, 'It has two names.');
    if (reference !== null && !isProved) return false;
    await this.subscriptions.change(organizationId, { id }, { reference: called });
    return true;
  }

  private async takeState(subscription: Subscription, fact: SubscriptionFact): Promise<void> {
    const { organizationId, id, cancelledAt, planName, endedAt } = subscription;
    const state = stateOf(subscription, fact);
    await this.subscriptions.change(organizationId, { id }, state);
    const isCancelled = state.cancelledAt && !cancelledAt && !endedAt && fact.status !== 'canceled';
    if (isCancelled) await this.outbox.add('subscription.cancelled', { organizationId, plan: planName });
  }

  /** Its provider ended it: for ever, unless we had ended it before, and money came for it all the same. */
  private async close(subscription: Subscription, at: Date): Promise<void> {
    const { organizationId, id, endedAt, endedFor } = subscription;
    const since = at < clock.now() ? at : clock.now();
    if (endedFor === null) await this.lifecycle.end(subscription, 'provider', since);
    else if (endedFor === 'provider' && endedAt && since < endedAt)
      await this.subscriptions.change(organizationId, { id }, { endedAt: since });
  }
}
