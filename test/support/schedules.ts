import * as fc from 'fast-check';
import type { PaymentStatus } from '../../src/modules/payments/payment.entity';
import { PAYMENT_STATUSES } from '../../src/modules/payments/payment.entity';
import { plainBill } from '../../src/modules/providers/bill';
import type { Fact, SubscriptionFact } from '../../src/modules/providers/payment.provider';

export const PRICE = { amount: 1900, currency: 'EUR' };
type Order = { id: string; renews: boolean };
/** What a provider may say of an order, before the order has a name. */
type News =
  | { kind: 'first' | 'renewal'; status: 'pending' | 'failed' | 'succeeded'; nth: number }
  | { kind: 'wrong'; amount: number; currency: string }
  | { kind: 'refund'; refunded: number; nth: number; named: boolean }
  | { kind: 'dispute'; nth: number }
  | { kind: 'subscription'; status: SubscriptionFact['status']; at: number; stops: boolean };

const status = fc.constantFrom('pending' as const, 'failed' as const, 'succeeded' as const, 'succeeded' as const);
const nth = fc.constantFrom(0, 0, 1, 2); // the first payment, or a renewal
const news: fc.Arbitrary<News> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('first' as const), status, nth: fc.constant(0) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('renewal' as const), status, nth: fc.constantFrom(1, 2) }) },
  fc.constantFrom<News>(
    { kind: 'wrong', amount: 1, currency: 'EUR' },
    { kind: 'wrong', amount: 1900, currency: 'NGN' },
    { kind: 'wrong', amount: 2000, currency: 'EUR' },
  ),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('refund' as const),
      refunded: fc.constantFrom(1, 700, 1900, 5000),
      nth,
      named: fc.boolean(),
    }),
  },

  fc.record({ kind: fc.constant('dispute' as const), nth }),
  fc.record({
    kind: fc.constant('subscription' as const),
    status: fc.constantFrom('active' as const, 'active' as const, 'past_due' as const, 'canceled' as const),
    at: fc.nat({ max: 5 }),
    stops: fc.boolean(),
  }),
);

/** One or two orders of an organization and what is told of them, in any order, some of it more than once. */
export const schedules = fc.record({
  orders: fc.array(fc.record({ renews: fc.boolean() }), { minLength: 1, maxLength: 2 }),
  told: fc.array(fc.record({ order: fc.nat({ max: 1 }), news }), { minLength: 1, maxLength: 9 }),
});

const takesBack = (one: News): boolean =>
  one.kind === 'dispute' || one.kind === 'refund' || (one.kind === 'subscription' && one.status === 'canceled');

/** The news as facts. What takes money back is about the older order: whether a newer one had replaced it by then is a matter of order. */
export function factsOf(
  orders: Order[],
  told: { order: number; news: News }[],
): { order: number; news: News; fact: Fact }[] {
  return told
    .map(({ order, news: one }) => ({ order: takesBack(one) ? 0 : Math.min(order, orders.length - 1), news: one }))
    .filter(
      ({ order, news: one }) =>
        orders[order]!.renews || (!('nth' in one && one.nth > 0) && one.kind !== 'subscription'),
    )
    .map((heard) => ({ ...heard, fact: factOf(orders[heard.order]!, heard.news) }));
}

const referenceOf = ({ id }: Order, n: number): string => (n === 0 ? `pi_${id}` : `in_${id}_${n}`);

function factOf(order: Order, one: News): Fact {
  const subscription = order.renews ? { subscription: `sub_${order.id}` } : {};
  switch (one.kind) {
    case 'first':
    case 'renewal': {
      const name = one.nth === 0 ? { paymentId: order.id } : {};
      const reference = referenceOf(order, one.nth);
      return { kind: 'payment', ...name, reference, status: one.status, bill: plainBill(PRICE), ...subscription };
    }
    case 'wrong':
      return {
        kind: 'payment',
        paymentId: order.id,
        reference: referenceOf(order, 0),
        status: 'succeeded',
        bill: plainBill(one),
      };
    case 'refund': {
      const name = one.nth === 0 && one.named ? { paymentId: order.id } : {};
      return {
        kind: 'refund',
        ...name,
        reference: referenceOf(order, one.nth),
        refunded: { ...PRICE, amount: one.refunded },
      };
    }
    case 'dispute': {
      const name = one.nth === 0 ? { paymentId: order.id } : {};
      return {
        kind: 'dispute',
        ...name,
        reference: referenceOf(order, one.nth),
        dispute: `dp_${order.id}_${one.nth}`,
        state: 'open',
        money: PRICE,
      };
    }
    case 'subscription': {
      const at = new Date(Date.UTC(2026, 0, 1 + one.at)).toISOString();
      const reference = `sub_${order.id}`;
      const { status: state, stops } = one;
      return {
        kind: 'subscription',
        reference,
        paymentId: order.id,
        status: state,
        periodEnd: null,
        cancelAt: null,
        renews: !stops,
        at,
      };
    }
  }
}

export type Line = { reference: string | null; status: PaymentStatus; refunded: number };
export const rankOf = (of: PaymentStatus): number => PAYMENT_STATUSES.indexOf(of);
const furthest = (all: PaymentStatus[]): PaymentStatus => PAYMENT_STATUSES[Math.max(...all.map(rankOf))]!;

/** What must come of it, whatever the order was. */
export function oracle(orders: Order[], heard: { order: number; news: News }[]) {
  const lines: Line[] = [];
  let plan: string | null = null;
  for (const [i, order] of orders.entries()) {
    const about = heard.filter((one) => one.order === i).map((one) => one.news);
    const isPaid = about.some((one) => one.kind === 'first' && one.status === 'succeeded');
    const isLinked = order.renews && (isPaid || about.some((one) => one.kind === 'subscription'));
    const sales = [0, 1, 2].filter(
      (n) => n === 0 || (isLinked && about.some((one) => one.kind === 'renewal' && one.nth === n)),
    );
    const mine = sales.map((n) => lineOf(order, about, n, isPaid));
    lines.push(...mine);
    const isOver =
      mine.some((line) => rankOf(line.status) > rankOf('succeeded')) ||
      about.some((one) => one.kind === 'subscription' && one.status === 'canceled');
    if (isPaid && !isOver) plan = order.id;
  }
  return { lines, plan };
}

function lineOf(order: Order, about: News[], n: number, isPaid: boolean): Line {
  const isKnown = n > 0 || isPaid; // by what the provider calls it
  const said = about.flatMap((one) =>
    (one.kind === 'first' || one.kind === 'renewal') && one.nth === n ? [one.status] : [],
  );
  const back = about.flatMap((one) =>
    one.kind === 'refund' && one.nth === n && (isKnown || one.named) ? [one.refunded] : [],
  );
  const refunded = Math.min(Math.max(0, ...back), PRICE.amount);
  const isDisputed = about.some((one) => one.kind === 'dispute' && one.nth === n);
  const taken = [
    ...(refunded === PRICE.amount ? ['refunded' as const] : []),
    ...(isDisputed ? ['disputed' as const] : []),
  ];
  return {
    reference: isKnown ? referenceOf(order, n) : null,
    status: furthest(['created', ...said, ...taken]),
    refunded,
  };
}
