import * as fc from 'fast-check';
import { plainBill } from '../../src/modules/payments/providers/port/bill';
import type {
  Bill,
  Fact,
  ProviderName,
  SubscriptionFact,
} from '../../src/modules/payments/providers/port/payment.provider';

export const PRICE = { amount: 1900, currency: 'EUR' };
/** Plans that a price over there may name, beside the one that was ordered. */
export const OTHERS = { small: { code: 'small', amount: 500 }, large: { code: 'large', amount: 9900 } } as const;
export type Other = keyof typeof OTHERS;
export type Order = { id: string; code: string; renews: boolean; bills: number[] };

type Settled = 'pending' | 'failed' | 'succeeded';
/** What a provider may say of an order in one month; `nth` is the payment of the nth month. */
export type News =
  | { kind: 'charge'; nth: number; status: Settled }
  | { kind: 'wrong'; off: 'less' | 'more' | 'currency' | 'discount' }
  | { kind: 'refund'; nth: number; part: boolean; status: 'pending' | 'succeeded' | 'returned' }
  | { kind: 'dispute'; nth: number; state: 'open' | 'won' | 'lost' }
  | {
      kind: 'state';
      at: number;
      status: SubscriptionFact['status'];
      renews: boolean;
      ahead: number; // months that the period still runs
      ends: number | null; // in how many months, by a day of its own
      price: 'sold' | 'unknown' | Other | null;
    };
export type Told = { month: number; order: number; news: News };
export type Schedule = {
  orders: Omit<Order, 'id' | 'code'>[];
  months: { news: { order: number; news: News }[]; again: number[] }[];
};

/** How a bill may look: its price, what is off, tax, credit. The first three are what was asked. */
const BILLS: Partial<Bill>[] = [
  {},
  { tax: 380 },
  { tax: 1, balance: 1901 },
  { subtotal: 0 },
  { discount: 1900 },
  { subtotal: 4200, discount: 100, tax: 7, balance: 50 },
];

export function billOf(order: Order, nth: number): Bill {
  const parts = BILLS[nth === 0 ? order.bills[0]! % 3 : order.bills[nth % order.bills.length]!]!;
  const { subtotal = PRICE.amount, discount = 0, tax = 0, balance = 0 } = parts;
  const total = subtotal - discount + tax;
  return { currency: PRICE.currency, subtotal, discount, tax, total, balance, paid: total - balance };
}

const settled = fc.constantFrom<Settled>('pending', 'failed', 'succeeded', 'succeeded', 'succeeded');
const state = fc.record({
  kind: fc.constant('state' as const),
  at: fc.nat({ max: 3 }),
  status: fc.constantFrom<SubscriptionFact['status']>('active', 'active', 'active', 'past_due', 'paused', 'canceled'),
  renews: fc.constantFrom(true, true, false),
  ahead: fc.constantFrom(0, 1, 1),
  ends: fc.constantFrom(null, null, null, 0, 1),
  price: fc.constantFrom('sold' as const, 'unknown' as const, 'small' as const, 'large' as const, null, null),
});
const newsOf = (month: number): fc.Arbitrary<News> => {
  const nth = fc.constantFrom(month, month, Math.max(0, month - 1));
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('charge' as const), nth, status: settled }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('wrong' as const),
        off: fc.constantFrom('less' as const, 'more' as const, 'currency' as const, 'discount' as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('refund' as const),
        nth,
        part: fc.boolean(),
        status: fc.constantFrom('pending' as const, 'succeeded' as const, 'returned' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('dispute' as const),
        nth,
        state: fc.constantFrom('open' as const, 'open' as const, 'won' as const, 'lost' as const),
      }),
    },
    { weight: 3, arbitrary: state },
  );
};

/** A month's news, in any order: most often it is paid for. */
const monthOf = (month: number) =>
  fc
    .tuple(
      fc.array(fc.record({ order: fc.constantFrom<number>(0, 0, 0, 1), news: newsOf(month) }), { maxLength: 3 }),
      fc.constantFrom(true, true, true, false),
      fc.nat({ max: 3 }),
      fc.array(fc.nat({ max: 30 }), { maxLength: 2 }),
    )
    .map(([news, isPaid, place, again]) => {
      const paid: { order: number; news: News } = {
        order: 0,
        news: { kind: 'charge', nth: month, status: 'succeeded' },
      };
      return { news: isPaid ? news.toSpliced(place, 0, paid) : news, again };
    });

/** One or two orders and what is told of them month by month, in any order, some of it late, some of it more than once. */
export const schedules: fc.Arbitrary<Schedule> = fc.integer({ min: 1, max: 6 }).chain((months) =>
  fc.record({
    orders: fc
      .tuple(
        fc.constantFrom(true, true, true, false),
        fc.boolean(),
        fc.array(fc.nat({ max: 5 }), { minLength: 2, maxLength: 4 }),
      )
      .map(([renews, isTwo, bills]) => [{ renews, bills }, ...(isTwo ? [{ renews: false, bills: [0] }] : [])]),
    months: fc.tuple(...Array.from({ length: months }, (_, month) => monthOf(month))),
  }),
);

/** A year and more in which every bill is settled, whatever it is, and nobody ends anything. */
export const settledYears = fc.record({
  bills: fc.array(fc.nat({ max: 5 }), { minLength: 2, maxLength: 8 }),
  months: fc.array(
    fc.record({
      price: fc.constantFrom('sold' as const, 'unknown' as const, 'small' as const, 'large' as const, null, null),
      isStated: fc.boolean(),
      isTurned: fc.boolean(),
      isTwice: fc.boolean(),
    }),
    { minLength: 13, maxLength: 13 },
  ),
});

/**
 * What of it can be: of an order that is paid once there is one payment, and no state; the newer order keeps its money; a dispute is
 * about money that was taken, is won later than it was opened, and not of what its provider ended.
 */
export function sensible(orders: Order[], months: Schedule['months']): Told[][] {
  const all = months.map(({ news }, month) =>
    news.map((one) => ({ month, news: one.news, order: one.order < orders.length ? one.order : 0 })),
  );
  const flat = all.flat();
  const isClosed = flat.some(({ news }) => news.kind === 'state' && news.status === 'canceled');
  const isTold = (nth: number, month: number) =>
    flat.some(
      ({ order, news, month: then }) =>
        order === 0 && news.kind === 'charge' && news.nth === nth && news.status === 'succeeded' && then <= month,
    );
  const openedIn = (nth: number) =>
    Math.min(
      ...flat.flatMap(({ order, news, month }) =>
        order === 0 && news.kind === 'dispute' && news.nth === nth && news.state === 'open' ? month : [],
      ),
    );
  const keeps = ({ order, news, month }: Told): boolean => {
    if (order === 1) return news.kind === 'charge';
    if (!orders[0]!.renews && (news.kind === 'state' || ('nth' in news && news.nth > 0))) return false;
    if (news.kind === 'wrong') return month === 0; // later it may be about a renewal, and keeps what that would pay for
    if (news.kind !== 'dispute') return true;
    return (
      isTold(0, month) && isTold(news.nth, month) && !isClosed && (news.state !== 'won' || openedIn(news.nth) < month)
    );
  };
  return all.map((told) =>
    told
      .map((one) => (one.order === 1 && 'nth' in one.news ? { ...one, news: { ...one.news, nth: 0 } as News } : one))
      .filter(keeps),
  );
}

export type Calendar = { begins: (month: number) => Date; now: (month: number) => Date };
const iso = (time: Date): string => time.toISOString();

/** The news as facts, in the words of one provider. */
export function factOf(provider: ProviderName, calendar: Calendar, order: Order, { month, news }: Told): Fact {
  const reference = (nth: number) => `in_${order.id}_${nth}`;
  const ours = (nth: number) => (nth === 0 ? { paymentId: order.id } : {});
  const subscription = order.renews ? { subscription: `sub_${order.id}` } : {};
  switch (news.kind) {
    case 'charge': {
      const { nth } = news;
      const covers = { from: iso(calendar.begins(nth)), to: iso(calendar.begins(nth + 1)) };
      const bill = { ...billOf(order, nth), ...(provider === 'stripe' && order.renews && { covers }) };
      return {
        kind: 'payment',
        ...ours(nth),
        reference: reference(nth),
        status: news.status,
        bill,
        at: covers.from,
        ...subscription,
      };
    }
    case 'wrong': {
      const wrong = {
        less: plainBill({ ...PRICE, amount: 1 }),
        more: { ...plainBill(PRICE), total: 1901, paid: 1901 },
        currency: plainBill({ ...PRICE, currency: 'NGN' }),
        discount: { ...plainBill({ ...PRICE, amount: 1899 }), subtotal: 1900, discount: 1 },
      }[news.off];
      return { kind: 'payment', paymentId: order.id, reference: reference(0), status: 'succeeded', bill: wrong };
    }
    case 'refund': {
      const { nth, part } = news;
      const amount = sumOf(order, nth, part);
      const money = { ...PRICE, amount };
      const of = { ...ours(nth), reference: reference(nth) };
      if (provider === 'lemonsqueezy') return { kind: 'refund', ...of, refunded: money };
      const name = `re_${order.id}_${nth}_${part ? 'part' : 'whole'}`;
      const status = part ? news.status : news.status === 'returned' ? 'succeeded' : news.status;
      return { kind: 'refund-state', ...of, refund: name, money, status };
    }
    case 'dispute':
      return {
        kind: 'dispute',
        ...ours(news.nth),
        reference: reference(news.nth),
        dispute: `dp_${order.id}_${news.nth}`,
        state: news.state,
        money: PRICE,
      };
    case 'state':
      return stateFact(provider, calendar, order, month, news);
  }
}

/** What a part of a payment is, or all of it. */
export const sumOf = (order: Order, nth: number, part: boolean): number =>
  part ? Math.floor(billOf(order, nth).paid / 3) : billOf(order, nth).paid;

export const priceOf = (price: 'sold' | 'unknown' | Other) => (price === 'sold' ? `price_made` : `price_${price}`);

function stateFact(
  provider: ProviderName,
  calendar: Calendar,
  { id }: Order,
  month: number,
  news: News & { kind: 'state' },
): SubscriptionFact {
  const { status: said, renews, ahead, ends, price, at } = news;
  const item = price && {
    price: priceOf(price),
    quantity: 1,
    unitAmount: price === 'sold' ? PRICE.amount : null,
    interval: null,
  };
  return {
    kind: 'subscription',
    reference: `sub_${id}`,
    paymentId: id,
    status: said,
    periodEnd: provider === 'flutterwave' ? null : iso(calendar.begins(month + ahead)),
    cancelAt: ends === null ? null : iso(calendar.begins(month + ends)),
    renews: ends === null && renews,
    ...(item && { items: [item] }),
    at: new Date(calendar.now(month).getTime() - 60_000 + at * 1000).toISOString(),
  };
}
