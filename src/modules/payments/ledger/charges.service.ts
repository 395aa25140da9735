import { Injectable, Logger } from '@nestjs/common';
import type { AttentionKind } from '../attention/attention.entity';
import { AttentionService } from '../attention/attention.service';
import type { PaymentFact } from '../providers/port/payment.provider';
import { soldOf, type Subscription } from '../subscriptions/records/subscription.entity';
import { TermsService } from '../subscriptions/terms.service';
import { chargedAt, judge, linesOf, spanOf, type Verdict } from './records/bill';
import type { Outcome } from './records/outcome';
import { further, type Payment } from './records/payment.entity';
import { PaymentNewsService } from './records/payment-news.service';
import { PaymentsRepository } from './records/payments.repository';
import { RefundStatesService } from './records/refund-states.service';
import { StandingService } from './standing.service';

/** How a charge is known to be of a subscription. */
export type KnownBy = 'name' | 'likeness' | 'person';

/** Money that was taken for one payment, or that someone tried to take. Part of a transaction, under the locks of its organization and itself. */
@Injectable()
export class ChargesService {
  private readonly logger = new Logger(ChargesService.name);

  constructor(
    private readonly payments: PaymentsRepository,
    private readonly terms: TermsService,
    private readonly refunds: RefundStatesService,
    private readonly standing: StandingService,
    private readonly attention: AttentionService,
    private readonly news: PaymentNewsService,
  ) {}

  /** It is under way, or failed. */
  async proceed(payment: Payment, { status, reason, reference }: PaymentFact): Promise<Outcome> {
    if (further(payment.status, status) === payment.status) return 'applied';
    const failed = status === 'failed';
    const failureReason = failed ? { failureReason: reason?.slice(0, 255) ?? null } : {};
    await this.payments.change(payment.organizationId, { id: payment.id }, { status, ...failureReason });
    if (failed && reference !== null) await this.news.tell('payment.failed', payment, { reason: reason ?? null }); // without one it was a checkout that nobody used
    return 'applied';
  }

  /**
   * It was paid. What begins something must be what was asked, as must be what nobody but its likeness says is ours; what renews the
   * subscription that its provider names counts whatever it costs, and what a person accepts.
   */
  async succeed(payment: Payment, fact: PaymentFact, by: KnownBy = 'name'): Promise<Outcome> {
    const subscription = await this.terms.find(payment.organizationId, payment.subscriptionId);
    if (payment.isPaid) {
      if (fact.subscription && subscription) await this.terms.link(subscription, fact.subscription);
      return 'applied';
    }
    const isFirst = !subscription || subscription.paymentId === payment.id;
    const begins = isFirst || !subscription.startedAt;
    const verdict = this.verdictOn(payment, fact, subscription, by === 'name' ? begins : by === 'likeness');
    if (verdict === 'differs') {
      const refused = await this.refuse('amount-differs', payment, fact, subscription);
      return begins && !isFirst ? 'waiting' : refused; // the news of the first payment may be late
    }

    if (fact.subscription && subscription) await this.terms.link(subscription, fact.subscription, begins);
    await this.count(payment, fact, subscription);
    if (verdict === 'overpaid') await this.raise('overpaid', payment, fact, subscription);
    return 'applied';
  }

  /** One charge too many: of the price again, or of a sum of its own. */
  refuseAgain(payment: Payment, fact: PaymentFact, of: Subscription | null): Promise<Outcome> {
    const isTwice = judge(fact.bill, this.asked(payment, of), payment.provider) !== 'differs';
    return this.refuse(isTwice ? 'paid-twice' : 'amount-differs', payment, fact, of);
  }

  /** Grants nothing: for a person to decide. */
  async refuse(kind: AttentionKind, payment: Payment, fact: PaymentFact, of: Subscription | null): Promise<Outcome> {
    const { reference, bill } = fact;
    this.logger.warn({ paymentId: payment.id, reference, bill, kind }, 'Money came that counts for nothing yet.');
    await this.raise(kind, payment, fact, of);
    return 'refused';
  }

  private verdictOn(payment: Payment, { bill }: PaymentFact, of: Subscription | null, isJudged: boolean): Verdict {
    return isJudged ? judge(bill, this.asked(payment, of), payment.provider) : 'counts';
  }

  /** The price as it was asked for; what came of the items since is no part of it. */
  private asked({ amount, currency }: Payment, of: Subscription | null) {
    return of ? { amount: soldOf(of).amount, currency: of.currency } : { amount, currency };
  }

  private async count(payment: Payment, fact: PaymentFact, of: Subscription | null): Promise<void> {
    const { organizationId, id, subscriptionId } = payment;
    const { reference, bill } = fact;
    const paidAt = chargedAt(fact);
    const others = (await this.payments.list(organizationId, { subscriptionId })).filter((other) => other.id !== id);
    const span = of && spanOf(bill, paidAt, of.interval, others);
    const paid = Object.assign(payment, linesOf(bill), { reference, paidAt });
    const refundedAmount = await this.refunds.backOf(paid); // it may have been told of before
    Object.assign(paid, { refundedAmount });
    const status = further(payment.status, paid.isBack ? 'refunded' : 'succeeded');
    const covered = span?.to ? { coversFrom: span.from, coversTo: span.to } : {};
    const changes = { ...linesOf(bill), ...covered, reference, paidAt, refundedAmount, status, failureReason: null };
    await this.payments.change(organizationId, { id }, changes);
    await this.standing.reckonWith(Object.assign(paid, changes));
    if (bill.paid > 0) await this.news.tell('payment.succeeded', paid); // a period that cost nothing has no receipt
  }

  /** About the payment that began it: as long as it is open, the subscription does not end for want of money. */
  private raise(kind: AttentionKind, payment: Payment, fact: PaymentFact, of: Subscription | null): Promise<void> {
    const { reference, bill, subscription, at } = fact;
    const { provider, organizationId } = payment;
    return this.attention.raise({
      kind,
      provider,
      about: `${payment.subscriptionId}:${reference}`,
      organizationId,
      paymentId: of?.paymentId ?? payment.id,
      amount: bill.paid,
      currency: bill.currency,
      details: { reference, subscription, bill, at },
    });
  }
}
