import { PROVIDERS, type ProviderName } from '../../src/modules/payments/providers/port/payment.provider';
import { Market } from '../support/market';
import { RACERS, tally } from '../support/races';
import type { Visitor } from '../support/visitor';

let market: Market;
beforeAll(async () => {
  market = await Market.open();
});
afterAll(async () => {
  await market?.close();
  expect(market.providers.faults).toEqual([]);
});

/** Someone bought, and everyone was told. */
async function sale(provider: ProviderName = 'stripe', terms = {}) {
  const owner = await market.house.owner();
  const { payment, checkoutUrl, plan } = await market.buy(owner, provider, terms);
  const refund = (body: object = {}, headers = {}) => market.refund(owner, payment.id, body, headers);
  const ledger = async () => {
    await market.house.mailsTo(owner.user.email); // by then the provider was told
    const { status, refundedAmount } = (await owner.get(`/payments/${payment.id}`)).expect(200);
    const { data } = (await owner.get(`/payments/${payment.id}/refunds`)).expect(200);
    return { status, refundedAmount, refunds: data.map((one: any) => `${one.amount} ${one.status}`) };
  };
  return { owner, payment, plan, checkoutUrl, refund, ledger };
}

const subjectsTo = async (reader: Visitor): Promise<string[]> =>
  (await market.house.mailsTo(reader.user.email)).map(({ subject }) => subject);

describe.each(PROVIDERS)('through %s', (provider) => {
  test('a part goes back, then the rest; never more; then the plan is gone', async () => {
    const { owner, payment, plan, refund, ledger } = await sale(provider);
    const { id } = (await refund({ amount: 500, reason: 'Half was enough' })).expect(201);
    expect((await owner.get(`/payments/${payment.id}/refunds`)).expect(200).data).toMatchObject([
      { id, paymentId: payment.id, amount: 500, reason: 'Half was enough' },
    ]);
    (await refund({ amount: 1401 })).problem(409, 'refund-too-large');
    expect(await ledger()).toEqual({ status: 'succeeded', refundedAmount: 500, refunds: ['500 succeeded'] });
    expect((await owner.get('/organizations/:org')).expect(200).plan).toBe(plan.code);

    (await refund()).expect(201);
    expect(await ledger()).toEqual({
      status: 'refunded',
      refundedAmount: 1900,
      refunds: ['1400 succeeded', '500 succeeded'],
    });
    (await refund({ amount: 1 })).problem(409, 'refund-too-large');
    expect((await owner.get('/organizations/:org')).expect(200)).toMatchObject({ plan: null });
    (await owner.get('/organizations/:org/subscription')).problem(404, 'not-found');

    await market.inform(provider, market.providers[provider].untold.splice(0));
    expect(await ledger()).toMatchObject({ status: 'refunded', refundedAmount: 1900 });
    const told = (await subjectsTo(owner))
      .filter((subject) => subject.includes('gets'))
      .map((subject) => subject.split('gets')[1]);
    expect(told).toEqual([' USD 14.00 back', ' USD 5.00 back']);
  });

  test('is made once, also when the answer is lost or the provider is away', async () => {
    const { refund, ledger } = await sale(provider);
    market.providers[provider].loseAnswers(1);
    (await refund({ amount: 700 })).expect(201);
    await ledger();
    market.house.clock.advance(5_000); // the outbox tries again
    expect(await ledger()).toEqual({ status: 'succeeded', refundedAmount: 700, refunds: ['700 succeeded'] });

    market.providers[provider].fail(500, provider === 'stripe' ? 3 : 1);
    (await refund({ amount: 200 })).expect(201);
    expect(await ledger()).toMatchObject({ refundedAmount: 700, refunds: ['200 pending', '700 succeeded'] });
    (await refund({ amount: 1001 })).problem(409, 'refund-too-large');
    market.house.clock.advance(5_000);
    expect(await ledger()).toMatchObject({ refundedAmount: 900, refunds: ['200 succeeded', '700 succeeded'] });
  });

  test('many at once never exceed what was paid', async () => {
    const { payment, owner, refund, ledger } = await sale(provider);
    const answers = await Promise.all(Array.from({ length: RACERS }, () => refund({ amount: 300 })));
    expect(tally(answers)).toEqual({ '201': 6, '409 refund-too-large': RACERS - 6 });
    expect(await ledger()).toMatchObject({ status: 'succeeded', refundedAmount: 1800 });
    expect((await owner.post(`/payments/${payment.id}/verify`)).expect(200)).toMatchObject({ refundedAmount: 1800 });
  });
});

test('what was not paid is not given back', async () => {
  const owner = await market.house.owner();
  const { payment } = await market.checkout(owner, 'stripe', (await market.plan()).id);
  (await market.refund(owner, payment.id)).problem(409, 'not-paid');
});

test('one key gives money back once', async () => {
  const { refund, ledger } = await sale();
  const headers = { 'idempotency-key': 'back' };
  const [one, two] = [await refund({ amount: 100 }, headers), await refund({ amount: 100 }, headers)];
  expect([one.status, two.status, two.text]).toEqual([201, 201, one.text]);
  expect(await ledger()).toMatchObject({ refundedAmount: 100, refunds: ['100 succeeded'] });
});

test('what the provider would not give back is free again, and people are told', async () => {
  const { owner, refund, ledger } = await sale();
  market.providers.stripe.fail(402);
  (await refund({ amount: 1900 })).expect(201);
  expect(await ledger()).toEqual({ status: 'succeeded', refundedAmount: 0, refunds: ['1900 failed'] });
  expect((await subjectsTo(owner)).some((subject) => /A refund to .* failed/.test(subject))).toBe(true);
  (await refund({ amount: 1900 })).expect(201);
  expect(await ledger()).toMatchObject({ status: 'refunded', refundedAmount: 1900 });
});

test('what the provider gave back in its own dashboard counts', async () => {
  const { checkoutUrl, refund, ledger } = await sale();
  await market.tell('stripe', market.providers.stripe.refund(checkoutUrl, 1500));
  expect(await ledger()).toEqual({ status: 'succeeded', refundedAmount: 1500, refunds: ['1500 succeeded'] });
  (await refund({ amount: 401 })).problem(409, 'refund-too-large');
  (await refund()).expect(201);
  const refunds = ['400 succeeded', '1500 succeeded'];
  expect(await ledger()).toMatchObject({ status: 'refunded', refundedAmount: 1900, refunds });

  const disputed = await sale();
  await market.tell('stripe', market.providers.stripe.dispute(disputed.checkoutUrl));
  expect(await disputed.ledger()).toMatchObject({ status: 'disputed' });
  expect((await disputed.owner.get('/organizations/:org')).expect(200).plan).toBeNull();
  expect((await subjectsTo(disputed.owner)).some((subject) => /is disputed/.test(subject))).toBe(true);
});
