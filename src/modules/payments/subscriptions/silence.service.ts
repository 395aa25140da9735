import { Injectable } from '@nestjs/common';
import { clock, DAY, fromNow } from '../../../kit/clock';
import { sqlTime } from '../../../database/database';
import type { ProviderName } from '../providers/port/payment.provider';
import type { Subscription } from './records/subscription.entity';
import { SubscriptionsRepository } from './subscriptions.repository';

/** How somebody above asks a provider how a subscription stands; tells whether there was an answer. */
type Ask = (subscription: Subscription) => Promise<boolean>;

/** Nobody is ended because a provider was silent, or away: it is asked before, and once a day in any case. */
@Injectable()
export class SilenceService {
  private ask: Ask = () => Promise.resolve(true);

  constructor(private readonly subscriptions: SubscriptionsRepository) {}

  /** Says how to ask. */
  onAsk(ask: Ask): void {
    this.ask = ask;
  }

  /** Some of a provider's that renew and were not asked about within a day: whose period ends first, first. */
  due(provider: ProviderName, limit: number): Promise<Subscription[]> {
    return this.subscriptions.unasked(provider, sqlTime(fromNow(-DAY)), limit);
  }

  /** Whether what we know of it is its provider's word of the last day; asks for it, once a day. */
  async isBroken(subscription: Subscription): Promise<boolean> {
    const { answeredAt, askedAt, interval, cancelledAt } = subscription;
    if (interval === 'once' || cancelledAt) return true; // there is nothing to wait for
    if (isOfToday(answeredAt)) return true;
    return isOfToday(askedAt) ? false : this.ask(subscription);
  }

  /** Writes down that its provider was asked, and whether there was an answer. */
  async note({ organizationId, id }: Subscription, isAnswer: boolean): Promise<void> {
    const now = clock.now();
    await this.subscriptions.change(organizationId, { id }, { askedAt: now, ...(isAnswer && { answeredAt: now }) });
  }
}

const isOfToday = (time: Date | null): boolean => time !== null && time > fromNow(-DAY);
