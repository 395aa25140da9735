import { newId } from '../../src/kit/id';
import { DAY, fromNow } from '../../src/kit/clock';
import type { Item, ProviderName } from '../../src/modules/payments/providers/port/payment.provider';
import { House } from '../support/house';
import { listen, Till } from '../support/till';
import type { Visitor } from '../support/visitor';

let house: House;
let staff: Visitor;
beforeAll(async () => {
  house = await House.open({ ACCESS_TOKEN_TTL: '24h' });
  staff = await house.user();
  await house.promote(staff);
  listen(house);
});
afterAll(() => house.close());

/** A plan that is sold, and that a provider knows by a price. */
async function plan(provider: ProviderName, terms: object = {}) {
  const [code, price] = [`p-${newId().slice(-12)}`, `price_${newId()}`];
  const usual = { name: `Plan ${code}`, amount: 1900, currency: 'EUR', interval: 'month', limits: { seats: 5 } };
  const made = { ...usual, code, providerRefs: { [provider]: price }, ...terms };
  await staff.signIn(staff.user.email);
  const { id } = (await staff.post('/plans', made)).expect(201);
  return { ...made, id, price };
}
const item = (price: string, more: Partial<Item> = {}): Item => ({
  price,
  quantity: 1,
  unitAmount: null,
  interval: null,
  ...more,
});
const at = (seconds: number) => fromNow(seconds * 1000).toISOString();

async function bought(terms: object = {}) {
  const till = await Till.order(house, await house.user({ organizationName: 'Acme', verified: false }), terms);
  await till.hear(till.first());
  return till;
}

test('a quantity that was changed over there changes the limits with it, and the sum', async () => {
  const till = await bought({ quantity: 2 });
  const inline = (quantity: number) => [item('price_made_for_it', { quantity, unitAmount: 1900, interval: 'month' })];
  await till.hear(till.state({ items: inline(2), at: at(1) }));
  expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 10 } });
  await till.hear(till.state({ items: inline(7), at: at(3) }), till.state({ items: inline(3), at: at(2) }));
  expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 35 } });
  const shown = (await till.owner.get('/organizations/:org/subscription')).expect(200);
  expect(shown).toMatchObject({ quantity: 7, amount: 13_300 });
});

test('Lemon Squeezy sells one of a variant at the price of all: two of that are twice as many', async () => {
  const team = await plan('lemonsqueezy');
  const till = await bought({ ...team, provider: 'lemonsqueezy', quantity: 3 });
  await till.hear(till.state({ items: [item(team.price)], at: at(1) }));
  expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 15 } });
  await till.hear(till.state({ items: [item(team.price, { quantity: 2 })], at: at(2) }));
  expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 30 } });
});

test.each(['stripe', 'lemonsqueezy'] as const)(
  '%s: a price that names another plan of ours is that plan, up and down',
  async (provider) => {
    const [small, large] = [
      await plan(provider, { amount: 500, limits: { seats: 1 } }),
      await plan(provider, { amount: 9900, limits: { seats: 50 }, interval: 'year' }),
    ];
    const till = await bought({ ...(await plan(provider)), provider });
    for (const [i, { price, code, limits }] of [large, small, large, small].entries()) {
      await till.hear(till.state({ items: [item(price)], at: at(i + 1) }));
      expect(await till.on()).toEqual({ plan: code, limits });
    }
    const shown = (await till.owner.get('/organizations/:org/subscription')).expect(200);
    expect(shown).toMatchObject({ plan: small.code, amount: 500, interval: 'month' });
  },
);

test('what was ordered keeps the limits that it was sold with, whatever becomes of the plan', async () => {
  const team = await plan('stripe');
  const till = await bought(team);
  (await staff.put(`/plans/${team.id}`, { limits: { seats: 1 } })).expect(200);
  await till.hear(till.state({ items: [item(team.price, { quantity: 2 })], at: at(1) }));
  expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 10 } });
  (await staff.delete(`/plans/${team.id}`)).expect(204);
  await till.hear(till.state({ items: [item(team.price, { quantity: 4 })], at: at(2) }));
  expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 20 } });
  expect(await till.kinds()).toEqual([]);
});

test('a price that nobody here knows keeps the plan, and is for a person to see, once', async () => {
  const small = await plan('stripe', { amount: 500, limits: { seats: 1 } });
  const till = await bought();
  const unknown = (seconds: number) => till.state({ items: [item('price_unheard_of')], at: at(seconds) });
  await till.hear(unknown(1), unknown(2), unknown(3));
  expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 5 } });
  expect(await till.kinds()).toEqual(['price-unknown']);
  await till.hear(till.state({ items: [item(small.price)], at: at(2) }));
  expect(await till.on()).toEqual({ plan: small.code, limits: { seats: 1 } });
  await till.pass(30);
  await till.hear(till.renewal(1, { subtotal: 4200, total: 4200, paid: 4200 }));
  expect(await till.standing()).toBe('active');
});

test('of two prices at one moment the lower one holds, whichever is told first', async () => {
  const [small, large] = [
    await plan('stripe', { amount: 500, limits: { seats: 1 } }),
    await plan('stripe', { amount: 9900, limits: { seats: 50 } }),
  ];
  for (const turned of [false, true]) {
    const till = await bought();
    const moment = at(1); // once: the clock goes on
    const said = [small, large].map(({ price }) => till.state({ items: [item(price)], at: moment }));
    await till.hear(...(turned ? said.toReversed() : said));
    expect(await till.on()).toMatchObject({ plan: small.code });
  }
});

test('the price of a pack, or of what is paid once, is no plan', async () => {
  const pack = await plan('stripe', { kind: 'pack', interval: 'once', limits: { seats: 900 } });
  const till = await bought();
  await till.hear(till.state({ items: [item(pack.price)], at: at(1), periodEnd: fromNow(DAY).toISOString() }));
  expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 5 } });
});
