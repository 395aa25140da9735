import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { clock } from '../../kit/clock';
import { Database } from '../../kit/db/database';
import { NotFound } from '../../kit/errors/problem';
import { Outbox } from '../../kit/outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import { OrganizationsService } from '../organizations/organizations.service';
import type { Subscription } from './subscription.entity';
import { NothingToCancel } from './subscriptions.errors';
import { SubscriptionsRepository } from './subscriptions.repository';

/** What an organization is subscribed to. */
@Injectable()
export class SubscriptionsService implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly organizations: OrganizationsService,
    private readonly outbox: Outbox,
    private readonly activity: ActivityService,
  ) {}

  onModuleInit(): void {
    this.organizations.beforeDelete((organizationId) => this.renewNoMore(organizationId));
  }

  /** @throws NotFound without one */
  async get(organizationId: string): Promise<Subscription> {
    const live = await this.subscriptions.live(organizationId);
    if (!live) throw new NotFound();
    return live;
  }

  /** Cancels at the end of the period that is paid for; twice is as good as once. @throws NotFound, NothingToCancel */
  cancel({ organizationId }: Member): Promise<Subscription> {
    return this.db.transaction(async () => {
      await this.organizations.lock(organizationId);
      const { id, interval, cancelledAt, planName, ...subscription } = await this.get(organizationId);
      if (interval === 'once') throw new NothingToCancel();

      if (!cancelledAt) {
        await this.subscriptions.change(organizationId, { id }, { cancelledAt: clock.now() });
        await this.activity.record('subscription.cancelled', { type: 'subscription', id }, { organizationId });
        await this.outbox.add('subscription.cancelled', { organizationId, plan: planName });
        await this.outbox.add('subscription.renews-no-more', namesOf(subscription));
      }
      return this.get(organizationId);
    });
  }

  /** Nobody pays for an organization that is gone. */
  private async renewNoMore(organizationId: string): Promise<void> {
    const open = await this.subscriptions.list(organizationId, {});
    for (const subscription of open)
      if (
        subscription.interval !== 'once' &&
        !subscription.endedAt &&
        (subscription.startedAt || subscription.reference)
      )
        await this.outbox.add('subscription.renews-no-more', namesOf(subscription));
  }
}

const namesOf = ({ provider, paymentId, reference }: Pick<Subscription, 'provider' | 'paymentId' | 'reference'>) => ({
  provider,
  paymentId,
  reference,
});
