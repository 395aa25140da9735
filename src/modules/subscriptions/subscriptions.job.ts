import { Injectable, Logger } from '@nestjs/common';
import { Cron, CronExpression } from '@nestjs/schedule';
import { Database } from '../../kit/db/database';
import { On } from '../../kit/outbox/on';
import { OrganizationsService } from '../organizations/organizations.service';
import type { Fact, ProviderName, SubscriptionFact } from '../providers/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import { SilenceService } from './silence.service';
import type { Subscription } from './subscription.entity';
import { SubscriptionsRepository } from './subscriptions.repository';
import { TermsService } from './terms.service';

const AT_ONCE = 100;
type Names = { provider: ProviderName; paymentId: string; reference: string | null };

/** What must happen to subscriptions without anyone asking. */
@Injectable()
export class SubscriptionsJob {
  private readonly logger = new Logger(SubscriptionsJob.name);

  constructor(
    private readonly db: Database,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly terms: TermsService,
    private readonly organizations: OrganizationsService,
    private readonly providers: ProvidersService,
    private readonly silence: SilenceService,
  ) {}

  /** Tells the provider that a subscription is over at the end of its period. Fails, and is tried again, while its name there is not known. */
  @On('subscription.renews-no-more')
  async tellProvider({ provider: name, paymentId, reference }: Names): Promise<void> {
    const provider = this.providers.get(name);
    const known = reference ?? (await this.subscriptions.begunBy(paymentId))?.reference;
    const called = known ?? (await provider.lookUp({ paymentId })).find(isSubscription)?.reference;
    if (!called) throw new Error(`What ${name} calls the subscription of payment ${paymentId} is not known yet.`);

    const facts = await provider.cancelSubscription(called);
    await this.db.transaction(async () => {
      for (const fact of facts.filter(isSubscription)) await this.terms.observe(name, fact);
    });
  }

  /** Takes the plan from those whose time is over. */
  @Cron(CronExpression.EVERY_10_MINUTES, { waitForCompletion: true })
  async sweep(): Promise<void> {
    for (let last: string | undefined = ''; last !== undefined;) {
      const overdue = await this.subscriptions.overdue(AT_ONCE, last);
      for (const subscription of overdue)
        await this.expire(subscription).catch((error: unknown) =>
          this.logger.warn({ err: error }, 'A subscription stays until the next sweep.'),
        );
      last = overdue.length === AT_ONCE ? overdue.at(-1)!.id : undefined;
    }
  }

  private async expire(overdue: Subscription): Promise<void> {
    if (!(await this.silence.isBroken(overdue))) return; // it may have been paid, and we were not told
    const { organizationId, id } = overdue;
    await this.db.transaction(async () => {
      await this.organizations.lock(organizationId);
      const subscription = await this.subscriptions.find(organizationId, { id });
      if (subscription && this.subscriptions.isOverdue(subscription))
        await this.terms.end(subscription, { tell: 'all' });
    });
  }
}

const isSubscription = (fact: Fact): fact is SubscriptionFact => fact.kind === 'subscription';
