import { LedgerService } from '../../src/modules/payments/ledger/ledger.service';
import { plainBill } from '../../src/modules/payments/providers/port/bill';
import { ProvidersService } from '../../src/modules/payments/providers/providers.service';
import { BACK, Market } from '../support/market';

describe('where test payments are refused', () => {
  let market: Market;
  beforeAll(async () => {
    market = await Market.open({ TEST_PAYMENTS: 'refused' });
  });
  afterAll(() => market.close());
  afterEach(() => jest.restoreAllMocks());

  test('a test key sells nothing', async () => {
    const owner = await market.house.owner();
    const { id: planId } = await market.plan();
    (await owner.post('/payments/stripe', { planId, ...BACK })).problem(503, 'provider-off');
    expect(market.providers.stripe.asked).toEqual([]);
    expect((await owner.get('/payments')).expect(200).data).toEqual([]);
  });

  test('nor does a checkout that turns out to be a test', async () => {
    const owner = await market.house.owner();
    const { id: planId } = await market.plan();
    const provider = market.house.app.get(ProvidersService, { strict: false }).get('lemonsqueezy');
    jest
      .spyOn(provider, 'createCheckout')
      .mockResolvedValue({ url: 'https://store.example.com/1', reference: '1', live: false });
    (await owner.post('/payments/lemonsqueezy', { planId, ...BACK })).problem(503, 'provider-off');
    expect((await owner.get('/payments')).expect(200).data).toMatchObject([
      { status: 'failed', failureReason: 'provider-off' },
    ]);
  });

  test('what was ordered by a test key before buys nothing, and is on the list', async () => {
    const owner = await market.house.owner();
    const { id: planId } = await market.plan({ interval: 'month' });
    const provider = market.house.app.get(ProvidersService, { strict: false }).get('lemonsqueezy');
    const real = { url: 'https://store.example.com/2', reference: '2', live: true };
    jest.spyOn(provider, 'createCheckout').mockResolvedValue(real);
    const { payment } = await market.checkout(owner, 'lemonsqueezy', planId);
    await market.house.query('UPDATE payments SET live = 0 WHERE id = ?', [payment.id]);
    const ledger = market.house.app.get(LedgerService, { strict: false });
    const bill = plainBill({ amount: 1900, currency: 'USD' });
    const paid = { kind: 'payment', paymentId: payment.id, reference: 'orders/7', status: 'succeeded', bill } as const;
    expect(await ledger.apply('lemonsqueezy', [paid])).toBe('refused');

    expect((await owner.get(`/payments/${payment.id}`)).expect(200)).toMatchObject({ status: 'created', live: false });
    expect((await owner.get('/organizations/:org')).expect(200).plan).toBeNull();
    const list = `/platform/attention?organization=${owner.organizationId}`;
    expect((await market.staff.get(list)).expect(200).data).toMatchObject([{ kind: 'test-money', amount: 1900 }]);
  });
});

test('where they are allowed they buy, and say that they are tests', async () => {
  const market = await Market.open();
  const owner = await market.house.owner();
  const { payment, plan } = await market.buy(owner, 'stripe', { interval: 'month' });
  expect(payment).toMatchObject({ status: 'succeeded', live: false });
  expect((await owner.get('/organizations/:org')).expect(200).plan).toBe(plan.code);
  const rows = await market.house.query('SELECT live FROM subscriptions WHERE payment_id = ?', [payment.id]);
  expect(rows).toEqual([{ live: 0 }]);
  await market.close();
});
