import { HOUR } from '../../src/kit/clock';
import { BACK, Market } from '../support/market';
import { purchase } from '../support/purchase';
import type { FlutterwaveEvent } from '../support/providers/flutterwave.stand-in';

let market: Market;
beforeAll(async () => {
  market = await Market.open();
});
afterAll(async () => {
  await market?.close();
  expect(flutterwave().faults).toEqual([]);
});

const flutterwave = () => market.providers.flutterwave;
const tell = async (events: FlutterwaveEvent[]) => {
  await market.inform('flutterwave', events);
};

const ordered = (interval: 'once' | 'month' = 'month') => purchase(market, 'flutterwave', { interval });

async function subscribed() {
  const bought = await ordered();
  await tell(flutterwave().pay(bought.url));
  return bought;
}

const referenceOf = async ({ stateOf }: { stateOf: () => Promise<{ id: string }> }): Promise<string> => {
  const { id } = await stateOf();
  return (await market.house.query('SELECT reference FROM subscriptions WHERE id = ?', [id]))[0].reference;
};
const stopped = (reference: string) => flutterwave().askedFor('PUT', new RegExp(`/${reference}/cancel$`));

describe('a renewal', () => {
  test.each(['theirs', 'ours'] as const)(
    'under a reference of %s carries the plan on, month by month',
    async (under) => {
      const order = await subscribed();
      const { url, plan, planOf, payments, pass, concerns } = order;
      for (const _ of [1, 2, 3]) {
        await pass(30);
        const renewed = flutterwave().renew(url, under);
        await tell([...renewed, ...renewed]);
      }
      await pass(6);
      expect(await planOf()).toBe(plan.code);
      expect((await payments()).map(({ status }) => status)).toEqual(Array(4).fill('succeeded'));
      expect([await concerns(), stopped(await referenceOf(order))]).toEqual([[], []]);
    },
  );

  test.each(['theirs', 'ours'] as const)(
    'under a reference of %s that nobody told is found by asking',
    async (under) => {
      const { url, plan, planOf, payments, ask, pass } = await subscribed();
      for (const _ of [1, 2]) {
        await pass(30);
        flutterwave().renew(url, under);
        await ask();
      }
      await pass(6);
      expect(await planOf()).toBe(plan.code);
      expect(await payments()).toHaveLength(3);
    },
  );

  test('twice in one period is one too many', async () => {
    const { url, payments, concerns } = await subscribed();
    await tell(flutterwave().renew(url, 'ours'));
    expect(await payments()).toHaveLength(1);
    expect(await concerns()).toEqual(['paid-twice']);
  });

  test('that could be of either of two subscriptions waits for a person, and nobody loses the plan', async () => {
    const { owner, url, plan, planOf, pass } = await subscribed();
    const { id } = (await owner.post('/organizations', { name: 'Second' })).expect(201);
    const order = { planId: plan.id, ...BACK };
    const other = (await owner.post('/payments/flutterwave', order, { 'organization-id': id })).expect(201);
    await tell(flutterwave().pay(other.checkoutUrl));
    await pass(30);
    await tell(flutterwave().renew(url));
    const [{ n }] = await market.house.query("SELECT COUNT(*) AS n FROM attention WHERE kind = 'likely-paid'");
    expect(Number(n)).toBeGreaterThanOrEqual(1);
    await pass(20);
    expect(await planOf()).toBe(plan.code);
  });

  test('is not what the same person pays once', async () => {
    const { owner, payments } = await subscribed();
    const { id } = (await owner.post('/organizations', { name: 'Second' })).expect(201);
    const order = { planId: (await market.plan()).id, ...BACK };
    const other = (await owner.post('/payments/flutterwave', order, { 'organization-id': id })).expect(201);
    await tell(flutterwave().pay(other.checkoutUrl)); // the same sum, and the same address
    await tell(flutterwave().sellElsewhere(owner.user.email, 5));
    expect(await payments()).toHaveLength(1);
  });
});

describe('a subscription', () => {
  test('that they cancel after three tries is cancelled, and its time runs to its end', async () => {
    const { url, planOf, stateOf, pass } = await subscribed();
    await pass(30);
    for (const _ of [1, 2, 3]) await tell(flutterwave().decline(url));
    expect(await stateOf()).toMatchObject({ status: 'cancelled' });
    await pass(5);
    expect(await planOf()).toBeNull();
  });

  test('that its buyer cancels in a mail is cancelled', async () => {
    const { url, plan, planOf, stateOf } = await subscribed();
    await tell(flutterwave().cancelByMail(url));
    expect(await stateOf()).toMatchObject({ status: 'cancelled' });
    expect(await planOf()).toBe(plan.code);
  });

  test('that is over here is charged no more over there', async () => {
    const order = await subscribed();
    const { planOf, pass } = order;
    const reference = await referenceOf(order);
    expect(flutterwave().books.foresee(reference)).toHaveLength(1);
    await pass(70);
    expect(await planOf()).toBeNull();
    await market.house.settled();
    expect(flutterwave().books.foresee(reference)).toEqual([]);
  });
});

describe('money', () => {
  test('that is pending for hours counts when it is there, told or not', async () => {
    const { owner, url, plan, planOf, paymentOf, ask } = await ordered('once');
    await tell(flutterwave().pay(url, { status: 'pending' }));
    expect(await paymentOf()).toMatchObject({ status: 'pending' });
    await market.advance(9 * HOUR, owner);
    flutterwave().settle(url);
    expect(await ask()).toMatchObject({ status: 'succeeded' });
    expect(await planOf()).toBe(plan.code);
  });

  test('counts without the fee that its buyer paid on top', async () => {
    flutterwave().books.feeOnTop = true;
    const { url, paymentOf } = await ordered('once');
    await tell(flutterwave().pay(url));
    flutterwave().books.feeOnTop = false;
    expect(await paymentOf()).toMatchObject({ status: 'succeeded', amount: 1900 });
  });

  test('that is more than was asked counts, and the rest is on the list; less buys nothing', async () => {
    const much = await ordered('once');
    await tell(flutterwave().pay(much.url, { amount: 25 }));
    expect([await much.planOf(), await much.concerns()]).toEqual([much.plan.code, ['overpaid']]);
    const little = await ordered('once');
    await tell(flutterwave().pay(little.url, { amount: 18.99 }));
    expect([await little.planOf(), await little.concerns()]).toEqual([null, ['amount-differs']]);
  });

  test('that goes back in the dashboard is found by asking, and free again when the bank returns it', async () => {
    const { url, ask } = await ordered('once');
    await tell(flutterwave().pay(url));
    const refund = flutterwave().refund(url, 7);
    expect(await ask()).toMatchObject({ refundedAmount: 700 });
    refund.status = 'failed';
    expect(await ask()).toMatchObject({ refundedAmount: 0 });
  });

  test('that a bank takes back ends the plan, and a dispute that is won brings back what is paid for', async () => {
    const { url, plan, planOf, ask } = await subscribed();
    const chargeback = flutterwave().dispute(url, 'initiated');
    expect(await ask()).toMatchObject({ status: 'disputed' });
    expect(await planOf()).toBeNull();
    chargeback.status = 'won';
    expect(await ask()).toMatchObject({ status: 'succeeded' });
    expect(await planOf()).toBe(plan.code);
  });
});
