import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Member } from '../../../access/caller';
import { clock } from '../../../kit/clock';
import { Database } from '../../../database/database';
import { NotFound } from '../../../kit/problem';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import { LifecycleService, namesOf } from './lifecycle.service';
import { isDue, type Subscription } from './records/subscription.entity';
import { NothingToCancel } from './subscriptions.errors';
import { SubscriptionsRepository } from './subscriptions.repository';

/** What an organization is subscribed to. */
@Injectable()
export class SubscriptionsService implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly lifecycle: LifecycleService,
    private readonly organizations: OrganizationsService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {}

  onModuleInit(): void {
    this.organizations.onDelete((organizationId) => this.renewNoMore(organizationId));
  }

  /** @throws NotFound without one */
  async get(organizationId: string): Promise<Subscription> {
    const live = await this.subscriptions.live(organizationId);
    if (!live) throw new NotFound();
    return live;
  }

  /**
   * Cancels at the end of the period that is paid for; now, where the last one is still to be collected: nobody is charged for what
   * they cancelled. Twice is as good as once. @throws NotFound, NothingToCancel
   */
  cancel({ organizationId }: Member): Promise<Subscription> {
    return this.db.transaction(async () => {
      await this.organizations.lock(organizationId);
      const subscription = await this.get(organizationId);
      const { id, interval, cancelledAt, planName } = subscription;
      if (interval === 'once') throw new NothingToCancel();

      if (!cancelledAt) {
        await this.subscriptions.change(organizationId, { id }, { cancelledAt: clock.now() });
        await this.activity.record('subscription.cancelled', { type: 'subscription', id }, { organizationId });
        await this.outbox.add('subscription.cancelled', { organizationId, plan: planName });
      }
      if (isDue(subscription, clock.now())) await this.lifecycle.end(subscription, 'time');
      else if (!cancelledAt) await this.outbox.add('subscription.renews-no-more', namesOf(subscription));
      return this.subscriptions.get(organizationId, id);
    });
  }

  /** Nobody pays for an organization that is gone. */
  private async renewNoMore(organizationId: string): Promise<void> {
    for (const subscription of await this.subscriptions.list(organizationId, {})) {
      const { interval, endedAt, startedAt, reference } = subscription;
      if (interval === 'once' || endedAt || !(startedAt || reference)) continue;
      const isOwed = isDue(subscription, clock.now());
      await this.outbox.add(isOwed ? 'subscription.ends-now' : 'subscription.renews-no-more', namesOf(subscription));
    }
    await this.subscriptions.remove(organizationId, {}); // now: what is paid from here on begins nothing
  }
}
