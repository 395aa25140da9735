import { DAY, HOUR, MINUTE } from '../../src/kit/clock';
import { Leases } from '../../src/database/leases/leases';
import { LedgerService } from '../../src/modules/payments/ledger/ledger.service';
import { type Fact, type ProviderName, PROVIDERS } from '../../src/modules/payments/providers/port/payment.provider';
import { ProviderAway, ProviderRefused } from '../../src/modules/payments/providers/port/providers.errors';
import { ProvidersService } from '../../src/modules/payments/providers/providers.service';
import { plainBill } from '../../src/modules/payments/providers/port/bill';
import { SubscriptionsJob } from '../../src/modules/payments/subscriptions/subscriptions.job';
import { askProviders } from '../support/asking';
import { House } from '../support/house';
import { Market } from '../support/market';
import type { Visitor } from '../support/visitor';

let market: Market;
let second: House; // another instance on the same database
beforeAll(async () => {
  market = await Market.open();
  second = await House.open(market.providers.settings);
});
afterAll(async () => {
  await second.close();
  await market.close();
  expect(market.providers.faults).toEqual([]);
});
afterEach(() => jest.restoreAllMocks());

const TESTED: ProviderName[] = ['stripe', 'flutterwave']; // these two can be asked about a checkout
const providerOf = (name: ProviderName) => market.house.app.get(ProvidersService, { strict: false }).get(name);
const seen = async (by: Visitor, id: string) => (await by.get(`/payments/${id}`)).expect(200);
const planOf = async (by: Visitor) => (await by.get('/organizations/:org')).expect(200).plan;
const sweep = () => market.house.app.get(SubscriptionsJob).sweep();
/** Those of this organization alone: others of this file are due as well. */
const asksOf = (spy: jest.SpyInstance, id: string) => spy.mock.calls.filter(([handle]) => handle.paymentId === id);

test('what keeps one provider from being asked is in the log beside what keeps another', async () => {
  const troubles = PROVIDERS.map((name) => `no turn to ask ${name}`);
  const take = jest.spyOn(market.house.app.get(Leases), 'take');
  for (const trouble of troubles) take.mockRejectedValueOnce(new Error(trouble));
  for (const { log } of [market.house, second]) log.splice(0);
  await askProviders(market.house);
  const said = [market.house, second].flatMap(({ log }) => log).join('');
  for (const trouble of troubles) expect(said).toContain(trouble);
});

describe.each(TESTED)('an order at %s of which no webhook told', (provider) => {
  test('is found paid within minutes, and that webhooks are silent is on the list', async () => {
    const owner = await market.house.owner();
    const plan = await market.plan();
    const { payment, checkoutUrl } = await market.checkout(owner, provider, plan.id);
    market.providers[provider].pay(checkoutUrl); // nobody tells us
    await askProviders(market.house);
    expect(await seen(owner, payment.id)).toMatchObject({ status: 'created' });

    await market.advance(6 * MINUTE, owner);
    await askProviders(market.house);
    expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded' });
    expect(await planOf(owner)).toBe(plan.code);
    const { data } = (await market.staff.get(`/platform/attention?kind=webhook-silent&provider=${provider}`)).expect(
      200,
    );
    expect(data).toHaveLength(1);
  });

  test('waits while the provider is away, which is left alone for minutes', async () => {
    const owner = await market.house.owner();
    const { payment, checkoutUrl } = await market.checkout(owner, provider, (await market.plan()).id);
    market.providers[provider].pay(checkoutUrl);
    await market.advance(6 * MINUTE, owner);
    const lookUp = jest.spyOn(providerOf(provider), 'lookUp').mockRejectedValue(new ProviderAway());
    for (const _ of ['once', 'again']) await askProviders(market.house);
    expect(lookUp).toHaveBeenCalledTimes(1);

    await market.advance(6 * HOUR, owner);
    lookUp.mockRestore();
    await askProviders(market.house);
    expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded' });
  });
});

test('an order that nobody pays is asked about six times in three days, then given up; money that arrives later counts all the same', async () => {
  const owner = await market.house.owner();
  const plan = await market.plan();
  const { payment, checkoutUrl } = await market.checkout(owner, 'flutterwave', plan.id);
  const lookUp = jest.spyOn(providerOf('flutterwave'), 'lookUp');
  for (const wait of [5 * MINUTE, 25 * MINUTE, 1.5 * HOUR, 10 * HOUR, 12 * HOUR]) {
    await market.advance(wait + MINUTE, owner);
    for (const _ of ['once', 'again']) await askProviders(market.house);
    expect(await seen(owner, payment.id)).toMatchObject({ status: 'created' });
  }
  await market.advance(2 * DAY, owner);
  await askProviders(market.house);
  expect(asksOf(lookUp, payment.id)).toHaveLength(6);
  expect(asksOf(lookUp, payment.id)[0]![0].buyer).toEqual({ email: owner.user.email, since: payment.createdAt });
  expect(await seen(owner, payment.id)).toMatchObject({ status: 'failed', failureReason: 'abandoned' });
  await market.advance(9 * DAY, owner);
  await askProviders(market.house);
  expect(asksOf(lookUp, payment.id)).toHaveLength(6);

  await market.inform('flutterwave', market.providers.flutterwave.pay(checkoutUrl));
  expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded' });
});

test('no provider is asked more than five times in a second', async () => {
  const owner = await market.house.owner();
  const { id } = await market.plan();
  for (let i = 0; i < 12; i++) await market.checkout(owner, 'flutterwave', id);
  await market.advance(6 * MINUTE, owner);
  expect((await askProviders(market.house)).length).toBeGreaterThanOrEqual(7);
});

test('two that ask at once, on two instances, ask about each once', async () => {
  const owner = await market.house.owner();
  const { id } = await market.plan();
  const orders = [];
  for (let i = 0; i < 5; i++) orders.push((await market.checkout(owner, 'flutterwave', id)).payment.id);
  await market.advance(6 * MINUTE, owner);
  await Promise.all([askProviders(market.house), askProviders(second)]);
  for (const order of orders)
    expect(market.providers.flutterwave.asked.filter(({ query }) => query.get('tx_ref') === order)).toHaveLength(1);
});

describe('a subscription', () => {
  const begun = async () => {
    const owner = await market.house.owner();
    const bought = await market.buy(owner, 'lemonsqueezy', { interval: 'month' });
    const [{ reference }] = await market.house.query('SELECT reference FROM subscriptions WHERE payment_id = ?', [
      bought.payment.id,
    ]);
    return { owner, ...bought, reference };
  };
  const asksAbout = (reference: string) =>
    market.providers.lemonsqueezy.askedFor('GET', new RegExp(`/subscriptions/${reference}$`)).length;

  test('is asked about once a day', async () => {
    const { reference } = await begun();
    for (let days = 1; days <= 3; days++) {
      market.house.clock.advance(DAY + MINUTE);
      for (const _ of ['once', 'again']) await askProviders(market.house);
      expect(asksAbout(reference)).toBe(days);
    }
    await market.advance(0);
  });

  test('is not ended for silence before its provider was asked, nor while that does not answer', async () => {
    const { owner, plan, payment, reference } = await begun();
    await market.advance(39 * DAY, owner); // a month, and more than a week
    const lookUp = jest.spyOn(providerOf('lemonsqueezy'), 'lookUp').mockRejectedValue(new ProviderAway());
    for (let days = 0; days < 40; days++) {
      market.house.clock.advance(DAY);
      await sweep();
    }
    await market.advance(0, owner);
    expect(await planOf(owner)).toBe(plan.code);
    lookUp.mockRejectedValue(new ProviderRefused()); // a wrong key, say
    await market.advance(DAY, owner);
    const before = asksOf(lookUp, payment.id).length;
    for (const _ of ['once', 'again']) await sweep();
    expect(asksOf(lookUp, payment.id)).toHaveLength(before + 1);
    expect(await planOf(owner)).toBe(plan.code);

    lookUp.mockRestore();
    await market.advance(2 * DAY, owner);
    await sweep();
    expect(asksAbout(reference)).toBe(1);
    expect(await planOf(owner)).toBeNull();
  });

  test('whose renewals were paid and never told is found paid when it would have ended', async () => {
    const { owner, plan, reference } = await begun();
    await market.advance(39 * DAY, owner);
    const renewal: Fact = {
      kind: 'payment',
      reference: `subscription-invoices/${reference}7`,
      status: 'succeeded',
      bill: plainBill({ amount: 1900, currency: 'USD' }),
      subscription: reference,
    };
    jest.spyOn(providerOf('lemonsqueezy'), 'lookUp').mockImplementation(async (handle) =>
      handle.subscription === reference
        ? [
            renewal,
            {
              kind: 'subscription',
              reference,
              status: 'active',
              periodEnd: new Date(Date.now() + 400 * DAY).toISOString(),
              cancelAt: null,
              renews: true,
              at: new Date(Date.now() + 400 * DAY).toISOString(),
            },
          ]
        : [],
    );
    await sweep();
    expect(await planOf(owner)).toBe(plan.code);
    expect((await owner.get('/payments')).expect(200).data).toHaveLength(2);
  });
});

describe('something paid over there that looks like an order', () => {
  const likely = async () => {
    const owner = await market.house.owner();
    const plan = await market.plan();
    const { payment } = await market.checkout(owner, 'lemonsqueezy', plan.id);
    const ledger = market.house.app.get(LedgerService, { strict: false });
    const bill = plainBill({ amount: 1900, currency: 'USD' });
    const fact: Fact = { kind: 'likely', paymentId: payment.id, reference: `orders/${payment.id}`, bill };
    await ledger.apply('lemonsqueezy', [fact, fact]);
    const list = `/platform/attention?organization=${owner.organizationId}`;
    const { data } = (await market.staff.get(list)).expect(200);
    return { owner, plan, payment, rows: data, list };
  };

  test('waits for a person, who links it', async () => {
    const { owner, plan, payment, rows, list } = await likely();
    expect(rows).toMatchObject([{ kind: 'likely-paid', paymentId: payment.id, amount: 1900, times: 2 }]);
    expect(await planOf(owner)).toBeNull();
    const resolution = { action: 'accept' };
    (await market.staff.post(`/platform/attention/${rows[0].id}/resolution`, resolution)).expect(201);
    expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded', reference: `orders/${payment.id}` });
    expect(await planOf(owner)).toBe(plan.code);
    expect((await market.staff.get(list)).expect(200).data).toEqual([]);
  });
});
