import { Injectable } from '@nestjs/common';
import { Outbox } from '../../../outbox/outbox';
import type { ProviderName, SubscriptionFact } from '../providers/port/payment.provider';
import { TermsService } from '../subscriptions/terms.service';
import { missing, type Outcome } from './records/outcome';
import type { Payment } from './records/payment.entity';
import { PaymentsRepository } from './records/payments.repository';
import { StandingService } from './standing.service';

/** What a provider says of a subscription, held against what was paid for it. Part of a transaction. */
@Injectable()
export class StatementsService {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly terms: TermsService,
    private readonly standing: StandingService,
    private readonly outbox: Outbox,
  ) {}

  /** One that says that it began with another payment than the one it names is not believed. */
  async observe(provider: ProviderName, fact: SubscriptionFact): Promise<Outcome> {
    const { paymentId, order } = fact;
    const began = paymentId === undefined ? null : await this.payments.named(provider, { paymentId, reference: null });
    const paid = began?.reference ?? null;
    if (order !== undefined && paid !== null && paid !== order) return 'refused';
    const subscription = await this.terms.observe(provider, fact, order !== undefined && paid === order);
    if (subscription) await this.standing.reckon(subscription);
    else if (began && fact.status !== 'canceled' && fact.renews) await this.endOrphan(began, fact);
    return subscription || began ? 'applied' : missing(paymentId);
  }

  /** Its organization is gone: nobody pays for that any more. */
  private endOrphan({ id: paymentId, provider }: Payment, { reference }: SubscriptionFact): Promise<void> {
    return this.outbox.add('subscription.ends-now', { provider, paymentId, reference });
  }
}
