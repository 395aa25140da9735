import { LedgerService } from '../../src/modules/payments/ledger/ledger.service';
import type { Fact, RefundStateFact } from '../../src/modules/payments/providers/port/payment.provider';
import { ProvidersService } from '../../src/modules/payments/providers/providers.service';
import { Market } from '../support/market';

let market: Market;
beforeAll(async () => {
  market = await Market.open();
});
afterAll(() => market.close());
afterEach(() => jest.restoreAllMocks());

const hear = (...facts: Fact[]) => market.house.app.get(LedgerService, { strict: false }).apply('stripe', facts);

/** Someone bought, and the provider names its refunds. */
async function sale() {
  const owner = await market.house.owner();
  const { payment, plan } = await market.buy(owner, 'stripe');
  const state = (
    refund: string,
    status: RefundStateFact['status'],
    amount = 1900,
    refundId?: string,
  ): RefundStateFact => ({
    kind: 'refund-state',
    reference: payment.reference,
    refund: `${refund}_${payment.id}`,
    ...(refundId && { refundId }),
    money: { amount, currency: 'USD' },
    status,
    ...(status === 'returned' && { reason: 'lost_or_stolen_card' }),
  });
  const ledger = async () => {
    await market.house.settled();
    const { status, refundedAmount } = (await owner.get(`/payments/${payment.id}`)).expect(200);
    const { data } = (await owner.get(`/payments/${payment.id}/refunds`)).expect(200);
    return { status, refundedAmount, refunds: data.map((one: any) => `${one.amount} ${one.status}`) };
  };
  const list = async () =>
    (await market.staff.get(`/platform/attention?organization=${owner.organizationId}`)).expect(200).data;
  /** The provider takes refunds, and names them so. */
  const names = (refund: string, status: RefundStateFact['status'] = 'succeeded') =>
    jest
      .spyOn(market.house.app.get(ProvidersService, { strict: false }).get('stripe'), 'refund')
      .mockImplementation(async ({ refundId, amount }) => [state(refund, status, amount, refundId)]);
  return { owner, payment, plan, state, ledger, list, names };
}

test('a refund that was made in the provider’s dashboard is listed, once, however often it is told', async () => {
  const { state, ledger } = await sale();
  await hear(state('re_1', 'pending', 700), state('re_1', 'succeeded', 700), state('re_1', 'pending', 700));
  await hear(state('re_2', 'pending', 100));
  expect(await ledger()).toEqual({
    status: 'succeeded',
    refundedAmount: 800,
    refunds: ['100 pending', '700 succeeded'],
  });
});

test('one that the bank returned frees its sum, is on the list, is told, and can be tried again', async () => {
  const { owner, payment, state, ledger, list, names } = await sale();
  names('re_1');
  (await market.refund(owner, payment.id)).expect(201);
  expect(await ledger()).toEqual({ status: 'refunded', refundedAmount: 1900, refunds: ['1900 succeeded'] });

  for (const _ of ['once', 'again']) await hear(state('re_1', 'returned'));
  expect(await ledger()).toEqual({ status: 'succeeded', refundedAmount: 0, refunds: ['1900 returned'] });
  expect(await list()).toMatchObject([{ kind: 'refund-returned', amount: 1900, paymentId: payment.id, times: 1 }]);
  const mails = await market.house.mailsTo(owner.user.email);
  expect(mails.filter(({ subject }) => /A refund to .* failed/.test(subject))).toHaveLength(1);

  await hear(state('re_1', 'succeeded')); // late
  expect(await ledger()).toMatchObject({ refundedAmount: 0 });
  names('re_2');
  (await market.refund(owner, payment.id)).expect(201);
  expect(await ledger()).toEqual({
    status: 'refunded',
    refundedAmount: 1900,
    refunds: ['1900 succeeded', '1900 returned'],
  });
});

test('to refund what came back is trying again', async () => {
  const { owner, payment, state, ledger, list, names } = await sale();
  names('re_1');
  (await market.refund(owner, payment.id, { amount: 500 })).expect(201);
  await ledger();
  await hear(state('re_1', 'returned', 500));
  const [row] = await list();
  names('re_2');
  (await market.staff.post(`/platform/attention/${row.id}/resolution`, { action: 'refund' })).expect(201);
  expect(await ledger()).toMatchObject({ refundedAmount: 500, refunds: ['500 succeeded', '500 returned'] });
});

test('one that is on its way counts, holds up no other, and is finished by news', async () => {
  const { owner, payment, state, ledger, names } = await sale();
  names('re_1', 'pending');
  const { id } = (await market.refund(owner, payment.id, { amount: 500 })).expect(201);
  expect(await ledger()).toMatchObject({ refundedAmount: 500, refunds: ['500 pending'] });
  names('re_2');
  (await market.refund(owner, payment.id, { amount: 1401 })).problem(409, 'refund-too-large');
  (await market.refund(owner, payment.id, { amount: 300 })).expect(201);
  expect(await ledger()).toMatchObject({ refundedAmount: 800, refunds: ['300 succeeded', '500 pending'] });
  await hear(state('re_1', 'succeeded', 500, id));
  expect(await ledger()).toMatchObject({ refundedAmount: 800, refunds: ['300 succeeded', '500 succeeded'] });
});

test('whatever is told of several refunds, in whatever order, what is back is what was not returned', async () => {
  for (let seed = 0; seed < 6; seed++) {
    const { state, ledger } = await sale();
    const told = [
      state('re_1', 'pending', 400),
      state('re_1', 'succeeded', 400),
      state('re_1', 'returned', 400),
      state('re_2', 'succeeded', 900),
      state('re_3', 'pending', 50),
    ];
    for (let i = 0; i < 10; i++) await hear(told[(i * 7 + seed * 3) % told.length]!);
    for (const fact of told) await hear(fact);
    expect(await ledger()).toMatchObject({ status: 'succeeded', refundedAmount: 950 });
  }
});

test('money that counts for no payment takes nothing from what was paid for when it goes back', async () => {
  const { owner, payment, plan, state, ledger } = await sale();
  const other = { paymentId: payment.id, reference: 'pi_paid_a_second_time' };
  await hear(
    { kind: 'refund', ...other, refunded: { amount: 1900, currency: 'USD' } },
    { ...state('re_9', 'succeeded'), ...other },
  );
  expect(await ledger()).toEqual({ status: 'succeeded', refundedAmount: 0, refunds: [] });
  expect((await owner.get('/organizations/:org')).expect(200).plan).toBe(plan.code);
});
