import { HOUR } from '../../src/kit/clock';
import { isEmbedded } from '../support/engines';
import { House } from '../support/house';
import { BACK, Market } from '../support/market';
import { PROVIDERS } from '../../src/modules/payments/providers/port/payment.provider';
import { RACERS, tally } from '../support/races';

let market: Market;
let second: House;
beforeAll(async () => {
  market = await Market.open();
  second = isEmbedded ? market.house : await House.open({ ACCESS_TOKEN_TTL: '24h', ...market.providers.settings });
});
afterAll(async () => {
  if (second !== market.house) await second.close();
  await market.close();
  expect(market.providers.faults).toEqual([]);
});

test.each(PROVIDERS)(
  'who is on a plan by %s buys neither it again nor another, unless it is to take its place',
  async (provider) => {
    const owner = await market.house.owner();
    const { plan, checkoutUrl } = await market.buy(owner, provider, { interval: 'month' });
    const dearer = await market.plan({ interval: 'year', amount: 9900 });
    for (const door of PROVIDERS)
      for (const planId of [plan.id, dearer.id])
        (await owner.post(`/payments/${door}`, { planId, ...BACK })).problem(409, 'already-subscribed');
    (await owner.post(`/payments/${provider}`, { planId: dearer.id, ...BACK, replace: false })).problem(
      409,
      'already-subscribed',
    );

    const bought = await market.checkout(owner, 'stripe', dearer.id, { replace: true });
    expect((await owner.get('/organizations/:org')).expect(200).plan).toBe(plan.code);
    await market.house.settled();
    market.house.clock.advance(HOUR);
    await market.inform('stripe', market.providers.stripe.pay(bought.checkoutUrl));
    await market.house.settled();
    expect((await owner.get('/organizations/:org')).expect(200).plan).toBe(dearer.code);
    const [former] = await market.house.query(
      'SELECT ended_at FROM subscriptions WHERE plan = ? AND organization_id = ?',
      [plan.code, owner.organizationId],
    );
    expect(former.ended_at).not.toBeNull();
    expect(
      market.providers[provider].asked.some(({ method, path }) => method !== 'GET' && /subscriptions/.test(path)),
    ).toBe(true);
    expect(checkoutUrl).toBeTruthy();
  },
);

test('a pack is sold to whoever asks', async () => {
  const owner = await market.house.owner();
  await market.buy(owner, 'stripe', { interval: 'month' });
  const pack = await market.plan();
  await market.house.query("UPDATE plans SET kind = 'pack' WHERE id = ?", [pack.id]);
  await market.checkout(owner, 'stripe', pack.id);
});

test('twenty checkouts at once on two instances, each paid, end in one plan that is charged for', async () => {
  const owner = await market.house.owner();
  const plan = await market.plan({ interval: 'month' });
  const twin = Object.assign(second.visitor(), { ...owner, app: second.app });
  const answers = await Promise.all(
    Array.from({ length: RACERS }, async (_, i) => {
      const answer = await (i % 2 ? twin : owner).post('/payments/stripe', { planId: plan.id, ...BACK });
      if (answer.status === 201) await market.tell('stripe', market.providers.stripe.pay(answer.body.checkoutUrl));
      return answer;
    }),
  );
  const { '201': sold = 0, '409 already-subscribed': refused = 0 } = tally(answers);
  expect(sold + refused).toBe(RACERS);
  await market.house.settled();
  const live = await market.house.query('SELECT id FROM subscriptions WHERE live_for = ?', [owner.organizationId]);
  expect(live).toHaveLength(1);
  const going = await market.house.query(
    'SELECT id FROM subscriptions WHERE organization_id = ? AND started_at IS NOT NULL AND ended_at IS NULL',
    [owner.organizationId],
  );
  expect(going).toEqual(live);
  (await owner.post('/payments/stripe', { planId: plan.id, ...BACK })).problem(409, 'already-subscribed');
});
