import { Injectable, Logger } from '@nestjs/common';
import { showMoney } from '../../../kit/money';
import { AttentionService } from '../attention/attention.service';
import type { DisputeFact, RefundFact, RefundStateFact } from '../providers/port/payment.provider';
import type { Outcome } from './records/outcome';
import { further, type Payment, type PaymentStatus, restingStatus } from './records/payment.entity';
import { PaymentNewsService } from './records/payment-news.service';
import { PaymentsRepository } from './records/payments.repository';
import { RefundStatesService } from './records/refund-states.service';
import { StandingService } from './standing.service';

const DISPUTES = ['open', 'won', 'lost'] as const;

/** Money that goes back: whoever has it back does not keep what it bought. Part of a transaction, under the locks of its organization and payment. */
@Injectable()
export class ReversalsService {
  private readonly logger = new Logger(ReversalsService.name);

  constructor(
    private readonly payments: PaymentsRepository,
    private readonly refunds: RefundStatesService,
    private readonly standing: StandingService,
    private readonly attention: AttentionService,
    private readonly news: PaymentNewsService,
  ) {}

  async refund(payment: Payment, fact: RefundFact | RefundStateFact): Promise<Outcome> {
    const { currency } = fact.kind === 'refund' ? fact.refunded : fact.money;
    if (currency !== payment.currency) {
      this.logger.warn({ paymentId: payment.id, fact }, 'Refunded in another currency.');
      return 'refused';
    }
    if (payment.reference !== null && payment.reference !== fact.reference) return 'applied'; // of money that does not count here
    const back = (await this.refunds.take(payment, fact)) - payment.refundedAmount;
    if (back === 0) return 'applied';

    const refunded = Object.assign(payment, { refundedAmount: payment.refundedAmount + back });
    const status = refunded.isBack ? further(payment.status, 'refunded') : withoutRefund(refunded);
    await this.change(refunded, { refundedAmount: refunded.refundedAmount, status });
    await this.standing.reckon(subscriptionOf(refunded));
    const amount = showMoney({ amount: back, currency });
    if (back > 0) await this.news.tell('payment.refunded', refunded, { amount });
    return 'applied';
  }

  /** While it is open, and once it is lost, the money is gone; won, it stands again. */
  async dispute(payment: Payment, { state, reason, dispute, reference, money }: DisputeFact): Promise<Outcome> {
    const before = payment.dispute;
    const now = DISPUTES[Math.max(DISPUTES.indexOf(state), before ? DISPUTES.indexOf(before) : 0)]!;
    if (now === before) return 'applied';

    const status = now === 'won' ? restingStatus(payment) : 'disputed';
    await this.change(payment, { dispute: now, status });
    Object.assign(payment, { dispute: now, status });
    await (now === 'won' ? this.standing.reckonWith(payment) : this.standing.reckon(subscriptionOf(payment)));
    if (now === 'won' || before !== null) return 'applied';
    const { provider, organizationId, id: paymentId } = payment;
    const details = { reference, dispute, reason: reason ?? null };
    const about = { kind: 'dispute' as const, provider, about: dispute, organizationId, paymentId };
    await this.attention.raise({ ...about, ...money, details });
    await this.news.tell('payment.disputed', payment, { reason: reason ?? null });
    return 'applied';
  }

  /** The provider would not give money back. */
  reportFailed(payment: Payment, amount: number): Promise<void> {
    const { currency } = payment;
    return this.news.tell('payment.refund-failed', payment, { amount: showMoney({ amount, currency }), reason: null });
  }

  private change({ organizationId, id }: Payment, changes: Partial<Payment>): Promise<unknown> {
    return this.payments.change(organizationId, { id }, changes);
  }
}

/** What the bank sent back is not with the buyer: the payment counts as it did. */
const withoutRefund = (payment: Payment): PaymentStatus =>
  payment.status === 'refunded' ? restingStatus(payment) : payment.status;

const subscriptionOf = ({ organizationId, subscriptionId: id }: Payment) => ({ organizationId, id });
