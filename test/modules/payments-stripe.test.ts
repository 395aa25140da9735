import { DAY, MINUTE } from '../../src/kit/clock';
import { SubscriptionsJob } from '../../src/modules/payments/subscriptions/subscriptions.job';
import { Market } from '../support/market';
import { purchase, seenBy } from '../support/purchase';
import type { StripeEvent, Thing } from '../support/providers/stripe.books';
import type { Terms } from '../support/providers/stripe/subscriptions';
import type { Visitor } from '../support/visitor';

let market: Market;
beforeAll(async () => {
  market = await Market.open();
});
afterAll(async () => {
  await market?.close();
  expect(market.providers.faults).toEqual([]);
});

const stripe = () => market.providers.stripe;
const books = () => stripe().books;

async function tell(events: StripeEvent[]): Promise<void> {
  await market.inform('stripe', events);
}

/** Someone subscribed by the month, five seats for each, and time goes by. */
async function subscribed(terms: Terms = {}, quantity = 1) {
  const bought = await purchase(market, 'stripe', { limits: { seats: 5 } }, { quantity });
  await tell(stripe().pay(bought.url, {}, terms));
  market.house.clock.advance(MINUTE); // Stripe's moments are seconds
  const subscription = stripe().subscription(bought.url);
  return { ...bought, subscription, ...livesOf(bought.owner, subscription) };
}

function livesOf(owner: Visitor, subscription: Thing) {
  return {
    ...seenBy(market, owner, subscription.metadata.payment_id),
    /** What Stripe does meanwhile is told, at most days later. */
    async pass(days: number) {
      for (let left = days; left > 0; left -= 4) {
        await market.house.settled();
        market.house.clock.advance(Math.min(left, 4) * DAY);
        await tell(stripe().catchUp(subscription));
        await market.house.app.get(SubscriptionsJob).sweep();
      }
      await market.advance(0, owner);
    },
    /** What our own requests changed over there. */
    ordered: () =>
      stripe().asked.filter(({ method, path }) => method !== 'GET' && path.includes(subscription.id)).length,
    foreseen: () => books().foresee(subscription.id),
  };
}

describe('a renewal that is settled carries the plan on, whatever it cost', () => {
  const ways: [string, (subscription: Thing) => void, number][] = [
    ['with a coupon', (one) => books().subscriptions.agree(one, { coupon: { percentOff: 25 } }), 1425],
    ['free for a month', (one) => books().subscriptions.agree(one, { coupon: { percentOff: 100 } }), 0],
    [
      'with tax on top',
      (one) => books().subscriptions.agree(one, { tax: { percent: 20, behavior: 'exclusive' } }),
      2280,
    ],
    [
      'with tax in the price',
      (one) => books().subscriptions.agree(one, { tax: { percent: 20, behavior: 'inclusive' } }),
      1900,
    ],
    ['out of a credit', (one) => void (books().get(one.customer)!.balance = -500), 1400],
    ['out of a credit that pays it all', (one) => void (books().get(one.customer)!.balance = -9_000), 0],
    ['at a price that was raised', (one) => books().changes.change(one, { amount: 2900, prorate: 'none' }), 2900],
  ];

  test.each(ways)('%s', async (_, agree, paid) => {
    const { owner, subscription, plan, pass, planOf, payments, ordered } = await subscribed();
    agree(subscription);
    await pass(65); // two renewals, and so many days after the first that it alone would not do
    expect(await planOf()).toBe(plan.code);
    const [, renewal] = (await payments()).toReversed();
    expect(renewal).toMatchObject({ status: 'succeeded', amount: paid });
    expect(ordered()).toBe(0);
    const receipts = (await market.house.mailsTo(owner.user.email)).filter((mail) =>
      mail.subject.startsWith('Receipt'),
    );
    const charged = (await payments()).filter(({ amount }) => amount > 0);
    expect(receipts).toHaveLength(charged.length); // for what cost nothing there is none
  });
});

describe('a declined card', () => {
  test('that works again before Stripe gives up loses nobody the plan', async () => {
    const { url, subscription, plan, pass, planOf, stateOf, ordered } = await subscribed();
    books().get(subscription.customer)!.terms.card = 'bad';
    await pass(33);
    expect(await stateOf()).toMatchObject({ status: 'past-due' });
    await tell(stripe().collect(url));
    expect(await stateOf()).toMatchObject({ status: 'active' });
    await pass(20);
    expect(await planOf()).toBe(plan.code);
    expect(ordered()).toBe(0);
  });

  test('that never works again ends the plan, and what is open then is not collected any more', async () => {
    books().timeline.afterRetries = 'past_due'; // Stripe leaves it to us
    const { subscription, pass, planOf, foreseen } = await subscribed();
    books().get(subscription.customer)!.terms.card = 'bad';
    await pass(95);
    expect(await planOf()).toBeNull();
    expect(foreseen()).toEqual([]);
    books().timeline.afterRetries = 'canceled';
  });

  test('and a buyer who cancels meanwhile: nothing is collected for a time without the plan', async () => {
    const { owner, subscription, pass, planOf, foreseen } = await subscribed();
    books().get(subscription.customer)!.terms.card = 'bad';
    await pass(33);
    (await owner.delete('/organizations/:org/subscription')).expect(200);
    await pass(1);
    expect(foreseen()).toEqual([]);
    expect(await planOf()).toBeNull();
  });

  test('of an organization that is deleted: nothing is collected any more', async () => {
    const { owner, subscription, pass, foreseen } = await subscribed();
    books().get(subscription.customer)!.terms.card = 'bad';
    await pass(33);
    (await owner.delete('/organizations/:org')).expect(204);
    await market.house.settled();
    expect(foreseen()).toEqual([]);
  });
});

test.each(['void', 'keep_as_draft', 'mark_uncollectible'] as const)(
  'collection that the seller pauses (%s) stops the plan, tells the provider nothing, and ends by itself',
  async (behavior) => {
    const { subscription, plan, pass, planOf, ordered } = await subscribed();
    await tell(books().changes.pause(subscription, behavior));
    expect(await planOf()).not.toBe(plan.code);
    await pass(70);
    expect(ordered()).toBe(0);
    await tell(books().changes.pause(subscription, null));
    expect(await planOf()).toBe(plan.code);
    await pass(35);
    expect(await planOf()).toBe(plan.code);
  },
);

describe('a dispute', () => {
  test('that is won gives back what is paid for, to its end', async () => {
    const { url, plan, pass, planOf, payments } = await subscribed();
    await tell(stripe().dispute(url));
    expect(await planOf()).toBeNull();
    expect(await payments()).toMatchObject([{ status: 'disputed' }]);
    await pass(3);
    await tell(stripe().closeDispute(url, 'won'));
    expect(await planOf()).toBe(plan.code);
    expect(await payments()).toMatchObject([{ status: 'succeeded' }]);
    await pass(40);
    expect(await planOf()).toBeNull(); // renewing does not come back by itself
  });

  test('that is lost takes it for good; an inquiry takes nothing', async () => {
    const { url, plan, planOf, payments } = await subscribed();
    await tell(stripe().dispute(url, { inquiry: true }));
    await tell(stripe().closeDispute(url, 'warning_closed'));
    expect(await planOf()).toBe(plan.code);

    const other = await subscribed();
    await tell(stripe().dispute(other.url));
    await tell(stripe().closeDispute(other.url, 'lost'));
    expect(await other.planOf()).toBeNull();
    expect(await other.payments()).toMatchObject([{ status: 'disputed' }]);
    expect(await payments()).toMatchObject([{ status: 'succeeded' }]);
  });
});

test('a refund that the bank sends back is returned, and its sum is there again', async () => {
  const { owner, url, payment } = await subscribed();
  const ledger = async () => {
    const { refundedAmount } = (await owner.get(`/payments/${payment.id}`)).expect(200);
    const { data } = (await owner.get(`/payments/${payment.id}/refunds`)).expect(200);
    return { refundedAmount, refunds: data.map(({ amount, status }: any) => `${amount} ${status}`) };
  };
  await tell(stripe().refund(url, 700, 'pending'));
  expect(await ledger()).toMatchObject({ refunds: ['700 pending'] });
  const refund = books().all('refund').at(-1)!;
  await tell(books().charges.settleRefund(refund));
  expect(await ledger()).toEqual({ refundedAmount: 700, refunds: ['700 succeeded'] });
  await tell(books().charges.failRefund(refund));
  expect(await ledger()).toEqual({ refundedAmount: 0, refunds: ['700 returned'] });
});

describe('what a buyer does in the portal', () => {
  test('changes the quantity, and the limits with it', async () => {
    const { subscription, seatsOf, pass, planOf, plan } = await subscribed({}, 2);
    expect(await seatsOf()).toBe(10);
    await tell(books().changes.change(subscription, { quantity: 4, prorate: 'at-once' }));
    expect(await seatsOf()).toBe(20);
    await tell(books().changes.change(subscription, { quantity: 1 }));
    await pass(40);
    expect([await seatsOf(), await planOf()]).toEqual([5, plan.code]);
  });

  test.each(['flexible', 'classic'])(
    'cancels under %s billing: seen, and over at the end of what is paid',
    async (type) => {
      const { subscription, stateOf, planOf, pass, plan } = await subscribed();
      subscription.billing_mode.type = type;
      const end = new Date(subscription.items.data[0].current_period_end * 1000).toISOString();
      await tell(books().changes.cancelLater(subscription));
      expect(await stateOf()).toMatchObject({ status: 'cancelled', cancelAtPeriodEnd: true, currentPeriodEnd: end });
      expect(await planOf()).toBe(plan.code);
      await pass(40);
      expect(await planOf()).toBeNull();
    },
  );

  test('cancels, and thinks better of it', async () => {
    const { subscription, stateOf, planOf, pass, plan } = await subscribed();
    await tell(books().changes.cancelLater(subscription));
    market.house.clock.advance(MINUTE);
    await tell(books().changes.resume(subscription));
    expect(await stateOf()).toMatchObject({ status: 'active', cancelAtPeriodEnd: false });
    await pass(40);
    expect(await planOf()).toBe(plan.code);
  });
});

test('when no webhook ever came, to verify brings the plan, its renewals and their refunds', async () => {
  const owner = await market.house.owner();
  const plan = await market.plan({ interval: 'month', limits: { seats: 5 } });
  const { payment, checkoutUrl } = await market.checkout(owner, 'stripe', plan.id);
  stripe().pay(checkoutUrl);
  await market.advance(31 * DAY, owner);
  stripe().catchUp(stripe().subscription(checkoutUrl));
  stripe().refund(checkoutUrl, 1900); // of the month that is over
  (await owner.post(`/payments/${payment.id}/verify`)).expect(200);

  const { planOf, payments } = livesOf(owner, stripe().subscription(checkoutUrl));
  expect(await payments()).toMatchObject([
    { status: 'succeeded', amount: 1900 },
    { id: payment.id, status: 'refunded', refundedAmount: 1900 },
  ]);
  expect(await planOf()).toBe(plan.code);
});

test('what is told twice, late and the last first ends as what is told in order', async () => {
  const ends = [];
  for (const order of ['in order', 'reversed', 'twice']) {
    const owner = await market.house.owner();
    const plan = await market.plan({ interval: 'month', limits: { seats: 5 } });
    const { checkoutUrl } = await market.checkout(owner, 'stripe', plan.id);
    const subscription = () => stripe().subscription(checkoutUrl);
    const events = [...stripe().pay(checkoutUrl)];
    for (const deed of [
      () => books().subscriptions.agree(subscription(), { coupon: { amountOff: 300 } }),
      () => books().changes.change(subscription(), { quantity: 3 }),
      () => stripe().renew(checkoutUrl),
      () => books().changes.cancelLater(subscription()),
    ]) {
      market.house.clock.advance(MINUTE);
      events.push(...deed());
    }
    const told = { 'in order': events, reversed: events.toReversed(), twice: [...events, ...events] }[order]!;
    await tell(told);
    const { seatsOf, stateOf, payments } = livesOf(owner, subscription());
    const { status, quantity } = await stateOf();
    ends.push({ status, quantity, seats: await seatsOf(), paid: (await payments()).map(({ amount }) => amount) });
  }
  expect(ends[0]).toMatchObject({ status: 'cancelled', seats: 15 });
  expect(ends).toEqual([ends[0], ends[0], ends[0]]);
});

test('what another product does on the same account changes nothing here', async () => {
  const { planOf, payments, plan } = await subscribed();
  const before = await market.house.query('SELECT COUNT(*) AS n FROM payments');
  await tell(books().otherProduct());
  expect(await market.house.query('SELECT COUNT(*) AS n FROM payments')).toEqual(before);
  expect(await payments()).toHaveLength(1);
  expect(await planOf()).toBe(plan.code);
  const waiting = await market.house.query("SELECT facts FROM payment_events WHERE outcome = 'waiting'");
  expect(waiting).toEqual([]);
});
