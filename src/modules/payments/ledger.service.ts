import { Injectable, Logger } from '@nestjs/common';
import { clock } from '../../kit/clock';
import { Database } from '../../kit/db/database';
import { Outbox } from '../../kit/outbox/outbox';
import { showMoney } from '../../kit/money';
import type {
  DisputeFact,
  Fact,
  LikelyFact,
  Money,
  PaymentFact,
  ProviderName,
  RefundFact,
  RefundStateFact,
} from '../providers/payment.provider';
import type { Subscription } from '../subscriptions/subscription.entity';
import { TermsService } from '../subscriptions/terms.service';
import { DoubtsService } from './doubts.service';
import { further, type Payment, type PaymentStatus } from './payment.entity';
import { PaymentsRepository } from './payments.repository';
import { RefundStatesService } from './refund-states.service';

/** From the best to the worst. `waiting`: it is about something whose name we may still learn. `unknown`: about nothing of ours. */
export const OUTCOMES = ['applied', 'unknown', 'refused', 'waiting'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Turns what providers say into what is so. Every fact may come twice, late and in any order. */
@Injectable()
export class LedgerService {
  private readonly logger = new Logger(LedgerService.name);

  constructor(
    private readonly db: Database,
    private readonly payments: PaymentsRepository,
    private readonly terms: TermsService,
    private readonly refundStates: RefundStatesService,
    private readonly doubts: DoubtsService,
    private readonly outbox: Outbox,
  ) {}

  /** Applies facts, all in one transaction; tells the worst that became of one. */
  apply(provider: ProviderName, facts: Fact[]): Promise<Outcome> {
    return this.db.transaction(async () => {
      let worst = 0;
      for (const fact of facts) worst = Math.max(worst, OUTCOMES.indexOf(await this.applyOne(provider, fact)));
      return OUTCOMES[worst]!;
    });
  }

  private async applyOne(provider: ProviderName, fact: Fact): Promise<Outcome> {
    if (fact.kind === 'subscription')
      return (await this.terms.observe(provider, fact)) ? 'applied' : missing(fact.paymentId);

    const known = await this.payments.named(provider, fact);
    if (!known && fact.kind === 'payment' && fact.paymentId === undefined) return this.renew(provider, fact);
    if (!known) return missing(fact.paymentId);

    await this.terms.lock(known.organizationId); // first, always
    const payment = await this.payments.locked(known.organizationId, known.id);
    return this.applyTo(payment, fact);
  }

  private applyTo(
    payment: Payment,
    fact: PaymentFact | RefundFact | RefundStateFact | DisputeFact | LikelyFact,
  ): Promise<Outcome> {
    switch (fact.kind) {
      case 'payment':
        return fact.status === 'succeeded' ? this.succeed(payment, fact) : this.proceed(payment, fact);
      case 'refund':
      case 'refund-state':
        return this.giveBack(payment, fact);
      case 'likely':
        return this.doubts.suspect(payment, fact).then(() => 'applied');
      case 'dispute':
        return this.dispute(payment, fact);
    }
  }

  /** A payment that nobody asked for here: the provider renewed a subscription. */
  private async renew(provider: ProviderName, fact: PaymentFact): Promise<Outcome> {
    const named = fact.subscription ? await this.terms.named(provider, fact.subscription) : null;
    if (!named || fact.reference === null) return 'waiting';
    const { organizationId, id: subscriptionId, plan, planName, quantity, live } = named;
    await this.terms.lock(organizationId);
    const payment =
      (await this.payments.named(provider, fact)) ?? // another was faster
      (await this.payments.add(organizationId, {
        subscriptionId,
        provider,
        plan,
        planName,
        quantity,
        live,
        amount: fact.bill.paid,
        currency: fact.bill.currency,
        userId: null,
        reference: fact.reference,
        status: 'created',
        refundedAmount: 0,
        paidAt: null,
      }));
    return this.applyTo(payment, fact);
  }

  private async proceed(payment: Payment, { status, reason, reference }: PaymentFact): Promise<Outcome> {
    if (further(payment.status, status) === payment.status) return 'applied';
    const failed = status === 'failed';
    await this.change(payment, { status, ...(failed && { failureReason: reason?.slice(0, 255) ?? null }) });
    if (failed && reference !== null) await this.tell('payment.failed', payment, { reason: reason ?? null }); // without one it was a checkout that nobody used
    return 'applied';
  }

  private async succeed(payment: Payment, fact: PaymentFact): Promise<Outcome> {
    if (await this.doubts.isTest(payment, fact)) return 'refused';
    const { reference, bill, subscription: called } = fact;
    const money = { amount: bill.paid, currency: bill.currency };
    if (!isSame(payment, money)) return this.refuse(payment, 'Another amount was paid than was asked for.', money);
    const namesake = await this.payments.named(payment.provider, { reference });
    if ((payment.reference ?? reference) !== reference || (namesake && namesake.id !== payment.id))
      return this.refuse(payment, 'It was paid twice: one of the two is to be given back.', { reference });

    const subscription = await this.subscriptionOf(payment);
    if (called && subscription) await this.terms.link(subscription, called);
    if (payment.isPaid) return 'applied';
    const status = further(payment.status, 'succeeded');
    await this.change(payment, { status, reference, paidAt: clock.now(), failureReason: null });
    if (status === 'succeeded' && subscription && isSame(subscription, money))
      await this.terms.pay(subscription, subscription.paymentId === payment.id);
    await this.tell('payment.succeeded', payment, {});
    return 'applied';
  }

  private async giveBack(payment: Payment, fact: RefundFact | RefundStateFact): Promise<Outcome> {
    const { currency } = fact.kind === 'refund' ? fact.refunded : fact.money;
    if (currency !== payment.currency) return this.refuse(payment, 'Refunded in another currency.', fact);
    if (payment.reference !== null && payment.reference !== fact.reference) return 'applied'; // of money that does not count here
    const refundedAmount = await this.refundStates.take(payment, fact);
    if (refundedAmount === payment.refundedAmount) return 'applied';

    const isWhole = refundedAmount === payment.amount;
    const status = isWhole ? further(payment.status, 'refunded') : withoutRefund(payment);
    await this.change(payment, { refundedAmount, status });
    if (isWhole && !(await this.refundStates.keepsAccess(payment))) await this.takeBack(payment);
    if (refundedAmount > payment.refundedAmount)
      await this.tell('payment.refunded', payment, {
        amount: showMoney({ amount: refundedAmount - payment.refundedAmount, currency: payment.currency }),
      });
    return 'applied';
  }

  /** The provider would not give money back. Part of a transaction. */
  reportFailedRefund(payment: Payment, amount: number): Promise<void> {
    return this.tell('payment.refund-failed', payment, {
      amount: showMoney({ amount, currency: payment.currency }),
      reason: null,
    });
  }

  private async dispute(payment: Payment, { reason }: DisputeFact): Promise<Outcome> {
    if (payment.status === 'disputed') return 'applied';
    await this.change(payment, { status: 'disputed' });
    await this.takeBack(payment);
    await this.tell('payment.disputed', payment, { reason: reason ?? null });
    return 'applied';
  }

  /** Who has the money back does not keep what it bought. */
  private async takeBack(payment: Payment): Promise<void> {
    const subscription = await this.subscriptionOf(payment);
    if (subscription) await this.terms.end(subscription, { tell: 'all' });
  }

  /** Null once the organization is gone. */
  private subscriptionOf({ organizationId, subscriptionId }: Payment): Promise<Subscription | null> {
    return this.terms.find(organizationId, subscriptionId);
  }

  private async change({ organizationId, id }: Payment, changes: Partial<Payment>): Promise<void> {
    await this.payments.change(organizationId, { id }, changes);
  }

  private tell(topic: string, { organizationId, id, planName, ...money }: Payment, more: object): Promise<void> {
    return this.outbox.add(topic, { organizationId, paymentId: id, plan: planName, amount: showMoney(money), ...more });
  }

  private refuse({ id }: Payment, reason: string, found: object): Outcome {
    this.logger.warn({ paymentId: id, found }, reason);
    return 'refused';
  }
}

const missing = (paymentId: string | undefined): Outcome => (paymentId === undefined ? 'waiting' : 'unknown');
/** What the bank sent back is not with the buyer: the payment counts as it did. */
const withoutRefund = ({ status, isPaid }: Payment): PaymentStatus =>
  status !== 'refunded' ? status : isPaid ? 'succeeded' : 'pending';
const isSame = (one: Money, other: Money): boolean => one.amount === other.amount && one.currency === other.currency;
