import { DAY } from '../../src/kit/clock';
import { Market } from '../support/market';
import type { Visitor } from '../support/visitor';

const refunds = (by: Visitor, paymentId: string, body: object = {}, headers = {}) =>
  by.post(`/payments/${paymentId}/refunds`, body, headers);

describe('where no window was opened', () => {
  let market: Market;
  beforeAll(async () => {
    market = await Market.open();
  });
  afterAll(() => market.close());

  test('nobody of an organization gives themselves a paid year back, on no day of it', async () => {
    const owner = await market.house.owner();
    const { payment, plan } = await market.buy(owner, 'stripe', { interval: 'year', amount: 100_000 });
    const admin = await market.house.member(owner, 'Admin');
    for (const by of [owner, admin]) (await refunds(by, payment.id)).problem(403, 'refund-by-seller');
    await market.advance(340 * DAY, owner, admin);
    for (const by of [owner, admin])
      for (const body of [{}, { amount: 1 }, { access: 'keep' }])
        (await refunds(by, payment.id, body)).problem(403, 'refund-by-seller');
    expect((await owner.get(`/payments/${payment.id}/refunds`)).expect(200).data).toEqual([]);
    expect(market.providers.stripe.askedFor('POST', /refunds$/)).toEqual([]);
    expect((await owner.get('/organizations/:org')).expect(200).plan).toBe(plan.code);
  });

  test('staff give it back: who may write payments, and nobody else who runs the platform', async () => {
    const owner = await market.house.owner();
    const { payment } = await market.buy(owner, 'stripe');
    const support = await market.house.user();
    await market.house.promote(support, 'support');
    const there = { 'organization-id': owner.organizationId };

    expect((await support.get(`/payments/${payment.id}`, there)).expect(200).id).toBe(payment.id);
    (await support.get(`/payments/${payment.id}/refunds`, there)).expect(200);
    (await refunds(support, payment.id, {}, there)).problem(404, 'not-found'); // as for any stranger
    (await refunds(market.staff, payment.id)).problem(404, 'not-found'); // of their own organization
    (await refunds(market.staff, payment.id, {}, there)).expect(201);
    const { data } = (await owner.get('/organizations/:org/activity-logs?action=payment.refunded')).expect(200);
    expect(data).toMatchObject([{ actorId: market.staff.user.id, targetId: payment.id }]);
  });

  test('all of it may go back and what was paid for stay, if staff say so', async () => {
    const owner = await market.house.owner();
    const kept = await market.buy(owner, 'stripe', { interval: 'month' });
    (await market.refund(owner, kept.payment.id, { access: 'keep', reason: 'Goodwill' })).expect(201);
    await market.house.settled();
    expect((await owner.get(`/payments/${kept.payment.id}`)).expect(200)).toMatchObject({ status: 'refunded' });
    expect((await owner.get('/organizations/:org')).expect(200).plan).toBe(kept.plan.code);
    await market.inform('stripe', market.providers.stripe.untold.splice(0));
    expect((await owner.get('/organizations/:org')).expect(200).plan).toBe(kept.plan.code);
  });
});

describe('within the window that the seller opened', () => {
  let market: Market;
  beforeAll(async () => {
    market = await Market.open({ REFUND_WINDOW: '14d' });
  });
  afterAll(() => market.close());

  test('an organization refunds itself once, whichever payment it is', async () => {
    const owner = await market.house.owner();
    const [one, other] = [await market.buy(owner, 'stripe'), await market.buy(owner, 'stripe', {}, { replace: true })];
    await market.advance(13 * DAY, owner);
    (await refunds(owner, one.payment.id, { access: 'keep' })).problem(403, 'refund-by-seller');
    (await refunds(owner, one.payment.id)).expect(201);
    for (const { payment } of [one, other]) (await refunds(owner, payment.id)).problem(403, 'refund-by-seller');
    (await market.refund(owner, other.payment.id)).expect(201);
  });

  test('after it nobody does; what the provider would not give back has not used it up', async () => {
    const owner = await market.house.owner();
    const { payment } = await market.buy(owner, 'stripe');
    market.providers.stripe.fail(402);
    (await refunds(owner, payment.id)).expect(201);
    await market.house.settled();
    (await refunds(owner, payment.id, { amount: 100 })).expect(201);

    const late = await market.house.owner();
    const bought = await market.buy(late, 'stripe');
    await market.advance(15 * DAY, late);
    (await refunds(late, bought.payment.id)).problem(403, 'refund-by-seller');
  });
});
