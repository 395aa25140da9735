import { clock } from '../../../../kit/clock';
import { endOfPeriod, type Interval } from '../../plans/plan.entity';
import type { Bill, Money, PaymentFact, ProviderName } from '../../providers/port/payment.provider';
import type { Payment } from './payment.entity';

/** What a first payment's bill is worth: it counts, it counts and more than was asked was paid, or it is not what was asked. */
export type Verdict = 'counts' | 'overpaid' | 'differs';

/**
 * Whether a bill is of what was asked: its price, before discount and tax, in the same currency. No order allows a discount. Tax on top
 * is between the buyer and the state; what a credit over there paid is paid. Flutterwave lets its buyer change the sum.
 */
export function judge(bill: Bill, asked: Money, provider: ProviderName): Verdict {
  if (bill.currency !== asked.currency || bill.discount !== 0 || !addsUp(bill)) return 'differs';
  if (bill.subtotal === asked.amount) return 'counts';
  return provider === 'flutterwave' && bill.subtotal > asked.amount ? 'overpaid' : 'differs';
}

/** Whether its sums are sums of one another, and amounts of money. */
export function addsUp({ subtotal, discount, tax, total, balance, paid }: Bill): boolean {
  const isMoney = [subtotal, discount, tax, total, balance, paid].every((sum) => Number.isSafeInteger(sum) && sum >= 0);
  return isMoney && total === subtotal - discount + tax && paid === total - balance;
}

/** As the ledger writes it. */
export const linesOf = ({ currency, subtotal, discount, tax, total, balance, paid: amount }: Bill) => ({
  currency,
  subtotal,
  discount,
  tax,
  total,
  balance,
  amount,
});

/** When it was charged: never later than it was heard of. */
export const chargedAt = ({ at }: Pick<PaymentFact, 'at'>): Date =>
  at !== undefined && Date.parse(at) < clock.now().getTime() ? new Date(at) : clock.now();

/** The time that a payment pays for. */
export type Span = { from: Date; to: Date | null };

/**
 * What a bill covers: the period that it names; else one by the calendar, from where it was paid up to by what was charged before.
 * @param paid what else was paid for the same subscription
 */
export function spanOf({ covers }: Bill, charged: Date, interval: Interval, paid: Payment[]): Span {
  if (interval === 'once') return { from: charged, to: null };
  if (covers) return { from: new Date(covers.from), to: new Date(covers.to) };
  const before = paid.filter(({ paidAt }) => paidAt !== null && paidAt <= charged);
  const ends = before.map((payment) => writtenSpan(payment, interval).to!.getTime());
  const from = new Date(Math.max(charged.getTime(), ...ends));
  return { from, to: endOfPeriod(from, interval) };
}

/** As it was written down; what was paid before that was done covers a period from when it was paid. */
export const writtenSpan = ({ coversFrom, coversTo, paidAt }: Payment, interval: Interval): Span => ({
  from: coversFrom ?? paidAt!,
  to: coversTo ?? endOfPeriod(paidAt!, interval),
});
