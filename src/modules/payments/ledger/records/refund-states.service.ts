import { Injectable } from '@nestjs/common';
import { clock } from '../../../../kit/clock';
import { showMoney } from '../../../../kit/money';
import { AttentionService } from '../../attention/attention.service';
import type { RefundFact, RefundStateFact } from '../../providers/port/payment.provider';
import type { Payment } from './payment.entity';
import { PaymentNewsService } from './payment-news.service';
import { PaymentsRepository } from './payments.repository';
import type { Refund, RefundStatus } from './refund.entity';
import { RefundStatesRepository } from './refund-states.repository';

/** A refund's status only moves to the right; what a provider would not do at first, it may have done all the same. */
const ORDER: RefundStatus[] = ['failed', 'pending', 'succeeded', 'returned'];

/** What went back of a payment: by the names of its refunds where there are any, by the sums that were told elsewhere. */
@Injectable()
export class RefundStatesService {
  constructor(
    private readonly refunds: RefundStatesRepository,
    private readonly payments: PaymentsRepository,
    private readonly attention: AttentionService,
    private readonly news: PaymentNewsService,
  ) {}

  /** Takes in news of a refund, under the lock of its payment. @returns how much of what was paid is back, or on its way */
  async take(payment: Payment, fact: RefundFact | RefundStateFact): Promise<number> {
    const told = Math.max(payment.refundedTold, fact.kind === 'refund' ? fact.refunded.amount : 0);
    const { organizationId, id } = payment;
    if (told > payment.refundedTold) await this.payments.change(organizationId, { id }, { refundedTold: told });
    if (fact.kind === 'refund-state') await this.observe(payment, fact);
    return this.backOf(Object.assign(payment, { refundedTold: told }));
  }

  /** How much of what was paid is back, or on its way, by all that was told so far. */
  async backOf(payment: Payment): Promise<number> {
    const named = (await this.refunds.of(payment)).filter((refund) => refund.reference !== null && isGone(refund));
    const sum = named.reduce((all, { amount }) => all + amount, 0);
    const back = Math.max(payment.refundedTold, sum);
    return payment.isPaid ? Math.min(back, payment.amount) : back; // until then it is not known how much that was
  }

  /** Whether the refund that came last leaves what was paid for. */
  async keepsAccess(payment: Payment): Promise<boolean> {
    return (await this.refunds.of(payment)).findLast(isGone)?.access === 'keep';
  }

  private async observe(payment: Payment, fact: RefundStateFact): Promise<void> {
    const { organizationId, id: paymentId, provider } = payment;
    const names = { provider, reference: fact.refund };
    const known = await this.refunds.named(payment, fact);
    if (known) {
      const status = ORDER[Math.max(ORDER.indexOf(known.status), ORDER.indexOf(fact.status))]!;
      await this.refunds.change(organizationId, { id: known.id }, { ...names, status });
    } else {
      const { status, money } = fact;
      const unasked = { refundedBefore: null, access: null, grantedBy: null };
      const reason = fact.reason?.slice(0, 255) ?? null;
      await this.refunds.add(organizationId, { ...names, ...unasked, paymentId, status, amount: money.amount, reason });
    }
    if (fact.status === 'returned' && known?.status !== 'returned') await this.tellReturned(payment, fact);
  }

  /** The person has not got it: somebody has to pay them another way, or try again. */
  private async tellReturned(payment: Payment, { refund, reference, money, reason }: RefundStateFact): Promise<void> {
    const { organizationId, id: paymentId, provider } = payment;
    await this.payments.change(organizationId, { id: paymentId }, { refundReturnedAt: clock.now() });
    const details = { reference, refund, reason: reason ?? null };
    const about = { kind: 'refund-returned' as const, provider, about: refund, organizationId, paymentId };
    await this.attention.raise({ ...about, ...money, details });
    await this.news.tell('payment.refund-failed', payment, { amount: showMoney(money), reason: reason ?? null });
  }
}

const isGone = ({ status }: Refund): boolean => status === 'pending' || status === 'succeeded';
