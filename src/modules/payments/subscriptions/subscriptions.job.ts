import { Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { clock } from '../../../kit/clock';
import { Database } from '../../../database/database';
import { forEach, Job } from '../../../jobs/job';
import { On } from '../../../outbox/outbox.handlers';
import type { Fact, PaymentProvider, ProviderName, SubscriptionFact } from '../providers/port/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import { isOverdue } from './records/in-force';
import { LifecycleService } from './lifecycle.service';
import { SilenceService } from './silence.service';
import type { Subscription } from './records/subscription.entity';
import { SubscriptionsRepository } from './subscriptions.repository';
import { TermsService } from './terms.service';

const AT_ONCE = 100;
type Names = { provider: ProviderName; paymentId: string; reference: string | null };

/** What must happen to subscriptions without anyone asking. */
@Injectable()
export class SubscriptionsJob {
  constructor(
    private readonly db: Database,
    private readonly subscriptions: SubscriptionsRepository,
    private readonly terms: TermsService,
    private readonly lifecycle: LifecycleService,
    private readonly providers: ProvidersService,
    private readonly silence: SilenceService,
  ) {}

  /** Tells the provider that a subscription is over at the end of its period. */
  @On('subscription.renews-no-more')
  tellProvider(names: Names): Promise<void> {
    return this.tell(names, (provider, reference) => provider.cancelSubscription(reference));
  }

  /** Tells the provider that it is over now, and has nothing collected any more. */
  @On('subscription.ends-now')
  endNow(names: Names): Promise<void> {
    return this.tell(names, (provider, reference) => provider.endSubscription(reference));
  }

  /** Takes the plan from those whose time is over. */
  @Job('subscriptions.sweep', CronExpression.EVERY_10_MINUTES)
  async sweep(): Promise<void> {
    await forEach(this.overdue(), (one) => this.expire(one));
  }

  private async *overdue(): AsyncIterable<Subscription> {
    for (let after = '', due: Subscription[] = []; ; after = due.at(-1)!.id) {
      due = await this.subscriptions.due(AT_ONCE, after);
      yield* due.filter((one) => isOverdue(one, clock.now()));
      if (due.length < AT_ONCE) return;
    }
  }

  /** Nobody ends for silence: it may have been paid, and we were not told. */
  private async expire(overdue: Subscription): Promise<void> {
    if (await this.silence.isBroken(overdue)) await this.lifecycle.expire(overdue);
  }

  /** Fails, and is tried again, while its name there is not known. */
  private async tell(
    { provider: name, paymentId, reference }: Names,
    ask: (provider: PaymentProvider, reference: string) => Promise<Fact[]>,
  ): Promise<void> {
    const provider = this.providers.get(name);
    const known = reference ?? (await this.subscriptions.begunBy(paymentId))?.reference;
    const called = known ?? (await provider.lookUp({ paymentId })).find(isSubscription)?.reference;
    if (!called) throw new Error(`What ${name} calls the subscription of payment ${paymentId} is not known yet.`);

    const facts = await ask(provider, called);
    await this.db.transaction(async () => {
      for (const fact of facts.filter(isSubscription)) await this.terms.observe(name, fact);
    });
  }
}

const isSubscription = (fact: Fact): fact is SubscriptionFact => fact.kind === 'subscription';
