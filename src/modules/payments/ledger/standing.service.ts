import { Injectable } from '@nestjs/common';
import { clock } from '../../../kit/clock';
import { AttentionService } from '../attention/attention.service';
import { LifecycleService } from '../subscriptions/lifecycle.service';
import { endOfPeriod } from '../plans/plan.entity';
import type { Subscription } from '../subscriptions/records/subscription.entity';
import { PlanInForce } from '../attention/attention.errors';
import { TermsService } from '../subscriptions/terms.service';
import type { Payment } from './records/payment.entity';
import { PaymentsRepository } from './records/payments.repository';
import { RefundStatesService } from './records/refund-states.service';
import { paidBy } from './records/standing';

/** Has subscriptions follow what was paid for them. Part of a transaction, under the organization's lock. */
@Injectable()
export class StandingService {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly refunds: RefundStatesService,
    private readonly terms: TermsService,
    private readonly lifecycle: LifecycleService,
    private readonly attention: AttentionService,
  ) {}

  /** @returns whether all that is paid gives something; without a subscription, because its organization is gone, nothing does */
  async reckon({ organizationId, id }: Pick<Subscription, 'organizationId' | 'id'>): Promise<boolean> {
    const subscription = await this.terms.find(organizationId, id);
    if (!subscription) return false;
    const payments = await this.payments.list(organizationId, { subscriptionId: id });
    const kept = new Set<Payment>();
    for (const payment of payments)
      if (payment.status === 'refunded' && (await this.refunds.keepsAccess(payment))) kept.add(payment);
    return this.lifecycle.follow(subscription, paidBy(payments, kept, subscription.interval, clock.now()));
  }

  /** The same after news of this payment: where it stands and gives nothing, a person is to see it. */
  async reckonWith({ organizationId, subscriptionId, id, provider, ...payment }: Payment): Promise<void> {
    if (await this.reckon({ organizationId, id: subscriptionId })) return;
    const { amount, currency, reference, status, paidAt } = payment;
    const subscription = await this.terms.find(organizationId, subscriptionId);
    const wasServed = subscription?.endedFor === 'provider' && paidAt! <= subscription.endedAt!; // its news was late
    if (status !== 'succeeded' || amount === 0 || wasServed) return;
    const about = { kind: 'paid-for-nothing' as const, provider, about: id, organizationId, paymentId: id };
    await this.attention.raise({ ...about, amount, currency, details: { reference, subscriptionId } });
  }

  /** Gives back what a payment paid for; where that is over, it begins now. @throws PlanInForce */
  async restore({ id, organizationId, subscriptionId, coversTo }: Payment): Promise<void> {
    const subscription = await this.terms.find(organizationId, subscriptionId);
    if (!subscription?.endedAt) return;
    const coversFrom = clock.now();
    const fresh = { coversFrom, coversTo: endOfPeriod(coversFrom, subscription.interval) };
    if (coversTo && coversTo <= coversFrom) await this.payments.change(organizationId, { id }, fresh);
    await this.reckon(subscription);
    const after = await this.terms.find(organizationId, subscriptionId);
    if (after?.endedAt && !(await this.lifecycle.restore(after))) throw new PlanInForce();
  }
}
