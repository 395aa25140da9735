import { judge, spanOf } from '../../src/modules/payments/ledger/records/bill';
import type { Payment } from '../../src/modules/payments/ledger/records/payment.entity';
import { endOfPeriod } from '../../src/modules/payments/plans/plan.entity';
import { type Bill, PROVIDERS } from '../../src/modules/payments/providers/port/payment.provider';

/** As it is asked: in a currency of none, two and three decimals; one of it, and several. */
const ASKED = [
  { amount: 500, currency: 'JPY' },
  { amount: 1900, currency: 'EUR' },
  { amount: 5700, currency: 'USD' },
  { amount: 12_340, currency: 'KWD' },
  { amount: 1, currency: 'EUR' },
];
const bill = (asked: { amount: number; currency: string }, parts: Partial<Bill> = {}): Bill => {
  const { subtotal = asked.amount, discount = 0, tax = 0, balance = 0 } = parts;
  const total = subtotal - discount + tax;
  const sums = { currency: asked.currency, subtotal, discount, tax, total, balance, paid: total - balance };
  return { ...sums, ...parts };
};
/** What the price is, what a buyer pays of it, and whether it is what was asked. `more`: a sum above it. */
const BILLS: [string, (amount: number) => Partial<Bill>, 'counts' | 'differs' | 'more'][] = [
  ['the price', () => ({}), 'counts'],
  ['tax in the price', () => ({ tax: 0 }), 'counts'],
  ['a fifth of tax on top', (amount) => ({ tax: Math.round(amount / 5) }), 'counts'],
  ['a credit that paid a part', (amount) => ({ balance: Math.floor(amount / 2) }), 'counts'],
  ['a credit that paid it all, with tax', (amount) => ({ tax: 1, balance: amount + 1 }), 'counts'],
  ['a unit less', (amount) => ({ subtotal: amount - 1 }), 'differs'],
  ['a unit more', (amount) => ({ subtotal: amount + 1 }), 'more'],
  ['a discount that nobody allowed', () => ({ discount: 1 }), 'differs'],
  ['a discount that tax makes up for', () => ({ discount: 1, tax: 1 }), 'differs'],
  ['another currency', () => ({ currency: 'NGN' }), 'differs'],
  ['a total that is no sum', (amount) => ({ total: amount + 1, paid: amount + 1 }), 'differs'],
  ['less paid than the total', (amount) => ({ paid: amount - 1 }), 'differs'],
];

test.each(PROVIDERS)('%s: a first payment counts when its bill adds up and its price is what was asked', (provider) => {
  const judged = ASKED.flatMap((asked) =>
    BILLS.map(([name, parts, wanted]) => {
      const more = provider === 'flutterwave' ? 'overpaid' : 'differs'; // it lets a buyer change the sum
      return {
        name,
        asked,
        is: judge(bill(asked, parts(asked.amount)), asked, provider),
        wanted: wanted === 'more' ? more : wanted,
      };
    }),
  );
  expect(judged).toHaveLength(60);
  expect(judged.filter(({ is, wanted }) => is !== wanted)).toEqual([]);
});

test.each([NaN, -1, 0.5, 2 ** 53])('%d is no amount of money', (amount) => {
  const asked = { amount, currency: 'EUR' };
  expect(PROVIDERS.map((provider) => judge(bill(asked), asked, provider))).toEqual(['differs', 'differs', 'differs']);
});

describe('what a payment pays for', () => {
  const on = (date: string) => new Date(`${date}T12:00:00Z`);
  const asked = { amount: 1900, currency: 'EUR' };
  const paid = (date: string, to: string) => ({ paidAt: on(date), coversFrom: on(date), coversTo: on(to) }) as Payment;

  test('is what the bill says', () => {
    const covers = { from: on('2026-01-31').toISOString(), to: on('2026-02-20').toISOString() };
    expect(spanOf(bill(asked, { covers }), on('2026-02-01'), 'month', [])).toEqual({
      from: on('2026-01-31'),
      to: on('2026-02-20'),
    });
  });

  test('is else a period by the calendar, from where it was paid up to', () => {
    const months = [paid('2026-01-31', '2026-02-28'), paid('2026-04-01', '2026-05-01')];
    const from = (date: string) => spanOf(bill(asked), on(date), 'month', months);
    expect(from('2026-02-27')).toEqual({ from: on('2026-02-28'), to: on('2026-03-28') }); // charged a day early
    expect(from('2026-03-02')).toEqual({ from: on('2026-03-02'), to: on('2026-04-02') }); // after a gap, before one that was told first
    expect(endOfPeriod(on('2026-01-31'), 'month')).toEqual(on('2026-02-28'));
  });

  test('has no end where it is paid once', () => {
    expect(spanOf(bill(asked), on('2026-02-01'), 'once', [])).toEqual({ from: on('2026-02-01'), to: null });
  });
});
