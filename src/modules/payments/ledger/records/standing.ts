import { later } from '../../../../kit/clock';
import type { Interval } from '../../plans/plan.entity';
import type { Paid } from '../../subscriptions/lifecycle.service';
import { writtenSpan } from './bill';
import type { Payment } from './payment.entity';

/**
 * What the payments of one subscription amount to. What went back whole stands for nothing, unless it was `kept`, nor what is disputed; a time that is over
 * stays paid for.
 */
export function paidBy(payments: Payment[], kept: Set<Payment>, interval: Interval, now: Date): Paid {
  const paid = payments.filter((payment) => payment.isPaid);
  const isOver = (payment: Payment): boolean => isBefore(writtenSpan(payment, interval).to, now);
  const covers = (payment: Payment): boolean => writtenSpan(payment, interval).from <= now && !isOver(payment);
  const standing = paid.filter((payment) => payment.status === 'succeeded' || kept.has(payment));
  const current = standing.filter(covers);
  const reaching = [...standing, ...paid.filter(isOver)];
  return {
    isAny: paid.length > 0,
    until: latest(reaching.map((payment) => writtenSpan(payment, interval).to)),
    coversNow: current.length > 0,
    chargedAt: latest(current.map(({ paidAt }) => paidAt)),
    isReturned: paid.some(({ status }) => status === 'disputed') || (current.length === 0 && paid.some(covers)),
  };
}

const isBefore = (end: Date | null, now: Date): boolean => end !== null && end <= now;
const latest = (times: (Date | null)[]): Date | null => times.reduce(later, null);
