import { Market } from '../support/market';
import { purchase } from '../support/purchase';
import type { LemonEvent } from '../support/providers/lemonsqueezy.books';

let market: Market;
beforeAll(async () => {
  market = await Market.open();
});
afterAll(async () => {
  await market?.close();
  expect(lemon().faults).toEqual([]);
});
beforeEach(() => Object.assign(lemon().books, { tax: { percent: 20, inclusive: false }, discount: 0 }));

const lemon = () => market.providers.lemonsqueezy;
const tell = async (events: LemonEvent[]) => {
  await market.inform('lemonsqueezy', events);
};

const ordered = (interval: 'once' | 'month' = 'month') =>
  purchase(market, 'lemonsqueezy', { interval, limits: { seats: 5 } });

async function subscribed() {
  const bought = await ordered();
  await tell(lemon().pay(bought.url));
  return bought;
}

const stopped = (url: string) =>
  lemon().asked.filter(
    ({ method, path }) => method === 'DELETE' && path.endsWith(`/${lemon().sold(url).subscription}`),
  );

describe('what was paid', () => {
  test('is in the ledger with its tax, and no mail names the price instead', async () => {
    const { planOf, plan, payment, payments, subjects } = await subscribed();
    expect(await planOf()).toBe(plan.code);
    expect(await payments()).toMatchObject([{ id: payment.id, status: 'succeeded', amount: 2280 }]);
    const told = (await subjects()).join();
    expect(told).toContain('USD 22.80');
    expect(told).not.toContain('USD 19.00');
  });

  test('counts with its tax inside, too', async () => {
    lemon().books.tax.inclusive = true;
    const { planOf, plan, payments } = await subscribed();
    expect(await planOf()).toBe(plan.code);
    expect(await payments()).toMatchObject([{ status: 'succeeded', amount: 1900 }]);
  });

  test('goes back with its tax, whole, and with it the plan', async () => {
    const { url, planOf, payments } = await subscribed();
    await tell(lemon().refund(url, 2279));
    expect(await payments()).toMatchObject([{ status: 'succeeded', refundedAmount: 2279 }]);
    expect(await planOf()).not.toBeNull();
    await tell(lemon().refund(url, 1));
    expect(await payments()).toMatchObject([{ status: 'refunded', refundedAmount: 2280 }]);
    expect(await planOf()).toBeNull();
  });
});

describe('a renewal that is settled carries the plan on', () => {
  test.each<[string, (url: string) => LemonEvent[], number]>([
    ['with a discount', () => (void (lemon().books.discount = 500), []), 1680],
    ['free', () => (void (lemon().books.discount = 1900), []), 0],
    ['at another tax', () => (void (lemon().books.tax.percent = 0), []), 1900],
    ['of another quantity, chosen in the portal', (url) => lemon().move(url, { quantity: 3 }), 6840],
    [
      'of a variant that no plan names',
      (url) => lemon().move(url, { variant: lemon().variant('month', { price: 4900 }) }),
      5880,
    ],
  ])('%s', async (_how, happens, paid) => {
    const { url, plan, planOf, payments, pass } = await subscribed();
    await tell(happens(url));
    for (const _ of [1, 2]) {
      await pass(30);
      await tell(lemon().renew(url));
    }
    await pass(6);
    expect(await planOf()).toBe(plan.code);
    expect((await payments())[0]).toMatchObject({ status: 'succeeded', amount: paid });
    expect(stopped(url)).toEqual([]);
  });

  test('and three of a quantity are three times the limits; what was billed for the change is no month', async () => {
    const { url, seatsOf, stateOf } = await subscribed();
    const { currentPeriodEnd } = await stateOf();
    await tell(lemon().move(url, { quantity: 3 }));
    expect(await seatsOf()).toBe(15);
    expect(await stateOf()).toMatchObject({ currentPeriodEnd });
  });
});

describe('no webhook told', () => {
  test('of an order: it waits for a person, beside its sum', async () => {
    const { url, planOf, ask, concerns } = await ordered();
    const [event] = lemon().pay(url);
    expect(await lemon().tellOrGiveUp(event!, { post: async () => ({ status: 503 }) })).toBe(false);
    expect(await ask()).toMatchObject({ status: 'created' });
    expect(await planOf()).toBeNull(); // nothing proves that it is this one
    expect(await concerns()).toEqual(['likely-paid']);
  });

  test('of an order whose subscription was told: asking finds it', async () => {
    const { url, plan, planOf, ask } = await ordered();
    const [, begun] = lemon().pay(url);
    await tell([begun!]);
    expect(await planOf()).toBeNull();
    expect(await ask()).toMatchObject({ status: 'succeeded' });
    expect(await planOf()).toBe(plan.code);
  });

  test('of renewals: asking finds all of them, once', async () => {
    const { url, plan, planOf, payments, ask, pass } = await subscribed();
    for (const _ of [1, 2]) {
      await pass(30);
      lemon().renew(url);
      await ask();
      await ask();
    }
    await pass(6);
    expect(await payments()).toHaveLength(3);
    expect(await planOf()).toBe(plan.code);
  });
});

test('paused, nothing is in force, nothing is told to the provider, and the plan is back by itself', async () => {
  const { url, plan, planOf, pass } = await subscribed();
  await tell([lemon().pause(url)]);
  expect(await planOf()).toBeNull();
  for (const _ of [1, 2, 3]) {
    await pass(30);
    await tell(lemon().renew(url));
  }
  expect(stopped(url)).toEqual([]);
  await tell([lemon().unpause(url), ...lemon().renew(url)]);
  expect(await planOf()).toBe(plan.code);
});

test('an order that turns fraudulent is a dispute that is lost, though no event says so', async () => {
  const { url, planOf, ask } = await subscribed();
  lemon().defraud(url);
  expect(await ask()).toMatchObject({ status: 'disputed' });
  expect(await planOf()).toBeNull();
});

describe('a variant with a trial of its own', () => {
  const trialled = async (skips: boolean) => {
    const order = await ordered();
    const id = order.url.split('/').at(-1)!;
    const { attributes } = lemon().books.find('checkouts', id)!;
    expect(attributes.checkout_options.skip_trial).toBe(true);
    attributes.checkout_options.skip_trial = skips;
    lemon().books.variant(attributes.variant_id).trialDays = 14;
    await tell(lemon().pay(order.url));
    return order;
  };

  test('is sold without it', async () => {
    const { plan, planOf } = await trialled(true);
    expect(await planOf()).toBe(plan.code);
  });

  test('begins with the first bill at our price where the trial comes all the same', async () => {
    const { url, plan, planOf, pass } = await trialled(false);
    expect(await planOf()).toBeNull();
    await pass(14);
    await tell(lemon().renew(url));
    expect(await planOf()).toBe(plan.code);
  });
});

describe('whoever is cut off', () => {
  test('is not billed again; what a last try collects all the same is on the list', async () => {
    const { url, planOf, pass, concerns } = await subscribed();
    await pass(30);
    await tell(lemon().decline(url));
    for (const _ of Array(6)) await pass(7);
    expect(await planOf()).toBeNull();
    const { subscription } = lemon().sold(url);
    expect(lemon().books.foresee(subscription!)).toMatchObject([{ how: 'retry' }]);
    await tell(lemon().untold.splice(0));
    await tell(lemon().recover(url));
    expect([await planOf(), await concerns()]).not.toEqual([null, []]); // restored, or for a person to decide
  });

  test('recovers in time and loses nothing', async () => {
    const { url, plan, planOf, stateOf, pass } = await subscribed();
    await pass(30);
    await tell([...lemon().decline(url), ...lemon().decline(url)]);
    expect(await stateOf()).toMatchObject({ status: 'past-due' });
    await pass(10);
    await tell(lemon().recover(url));
    expect(await stateOf()).toMatchObject({ status: 'active' });
    expect(await planOf()).toBe(plan.code);
    expect(stopped(url)).toEqual([]);
  });
});

test('another product of the same store changes nothing', async () => {
  const { owner, payment, planOf, concerns } = await ordered();
  await tell(lemon().sellElsewhere(owner.user.email, lemon().variant('month'), 1900));
  expect([await planOf(), await concerns()]).toEqual([null, []]);
  expect((await owner.get(`/payments/${payment.id}`)).expect(200)).toMatchObject({ status: 'created' });
});
