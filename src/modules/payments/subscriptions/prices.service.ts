import { Injectable } from '@nestjs/common';
import { AttentionService } from '../attention/attention.service';
import { PlansService } from '../plans/plans.service';
import type { SubscriptionFact } from '../providers/port/payment.provider';
import { termsOf } from './records/items';
import { isNews } from './records/statement';
import { soldOf, type Subscription } from './records/subscription.entity';
import { SubscriptionsRepository } from './subscriptions.repository';

/** What a subscription is billed by. */
@Injectable()
export class PricesService {
  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly plans: PlansService,
    private readonly attention: AttentionService,
  ) {}

  /** Terms follow the items: the newest price that we know. One that we do not know changes nothing, and is for a person to see. */
  async follow(subscription: Subscription, { items = [], at }: SubscriptionFact): Promise<void> {
    const { organizationId, id, provider, reference, paymentId } = subscription;
    if (items.length === 0) return;
    const sold = soldOf(subscription);
    const terms = termsOf(items, sold, await this.plans.all(), provider);
    const pricedAt = new Date(at);
    if (terms && isNews({ ...subscription, at: subscription.pricedAt }, { ...terms, at: pricedAt }))
      await this.subscriptions.change(organizationId, { id }, { ...terms, sold, pricedAt });
    if (terms || items.some(({ price }) => price === subscription.price)) return;
    const { price } = items[0]!;
    await this.subscriptions.change(organizationId, { id }, { price, sold });
    const details = { reference, items };
    await this.attention.raise({
      kind: 'price-unknown',
      provider,
      about: `${id}:${price}`,
      organizationId,
      paymentId,
      details,
    });
  }
}
