import { AttentionDigest } from '../../src/modules/payments/attention/attention.digest';
import type { AttentionKind } from '../../src/modules/payments/attention/attention.entity';
import { AttentionService, type Concern } from '../../src/modules/payments/attention/attention.service';
import { DAY } from '../../src/kit/clock';
import { Leases } from '../../src/database/leases/leases';
import { isEmbedded } from '../support/engines';
import { House } from '../support/house';
import { Market } from '../support/market';
import { RACERS, tally } from '../support/races';
import type { Visitor } from '../support/visitor';

const METRICS_TOKEN = 'a token for the metrics';
let market: Market;
let second: House;
let support: Visitor;
beforeAll(async () => {
  market = await Market.open({ METRICS_TOKEN });
  second = isEmbedded ? market.house : await House.open({ ACCESS_TOKEN_TTL: '24h', ...market.providers.settings });
  support = await market.house.user();
  await market.house.promote(support, 'support');
});
afterAll(async () => {
  if (second !== market.house) await second.close();
  await market.close();
  expect(market.providers.faults).toEqual([]);
});

const attention = () => market.house.app.get(AttentionService, { strict: false });
const decide = (by: Visitor, id: string, action: string, reason?: string) =>
  by.post(`/platform/attention/${id}/resolution`, { action, ...(reason && { reason }) });
const list = async (query: string, by = market.staff) =>
  (await by.get(`/platform/attention?${query}`)).expect(200).data;

/** Something about an organization of its own. */
async function raised(kind: AttentionKind = 'paid-twice', more: Partial<Concern> = {}) {
  const owner = await market.house.owner();
  const { organizationId } = owner;
  await attention().raise({
    kind,
    provider: 'stripe',
    about: organizationId,
    organizationId,
    amount: 1900,
    currency: 'USD',
    details: { reference: `pi_${organizationId}` },
    ...more,
  });
  const [row] = await list(`organization=${organizationId}`);
  return { owner, row, again: () => list(`organization=${organizationId}`) };
}

describe('the list', () => {
  test('is for staff who may read payments; who may not write them decides nothing', async () => {
    const { owner, row } = await raised();
    for (const by of [owner, await market.house.user()]) {
      (await by.get('/platform/attention')).problem(403, 'forbidden');
      (await decide(by, row.id, 'ignore', 'No')).problem(403, 'forbidden');
    }
    expect(await list(`organization=${owner.organizationId}`, support)).toEqual([row]);
    (await decide(support, row.id, 'ignore', 'No')).problem(403, 'forbidden');
  });

  test('is narrowed by kind, provider and organization, and shows what is open unless asked for more', async () => {
    const { owner, row } = await raised('overpaid');
    const mine = `organization=${owner.organizationId}`;
    for (const query of ['kind=overpaid', 'provider=stripe', 'state=open'])
      expect(await list(`${mine}&${query}`)).toHaveLength(1);
    for (const query of ['kind=dispute', 'provider=flutterwave', 'state=resolved'])
      expect(await list(`${mine}&${query}`)).toEqual([]);
    (await decide(market.staff, row.id, 'ignore', 'It is small change')).expect(201);
    expect(await list(mine)).toEqual([]);
    expect(await list(`${mine}&state=resolved`)).toMatchObject([
      { id: row.id, resolution: 'ignore', reason: 'It is small change', resolvedBy: market.staff.user.id },
    ]);
  });

  test('has one row of what is told again while it is open, and a new one afterwards', async () => {
    const { owner, row } = await raised('dispute');
    const { organizationId } = owner;
    const concern = { kind: 'dispute', provider: 'stripe', about: organizationId, organizationId } as const;
    await attention().raise(concern);
    expect(await list(`organization=${organizationId}`)).toMatchObject([{ id: row.id, times: 2 }]);
    (await decide(market.staff, row.id, 'accept')).expect(201);
    await attention().raise(concern);
    expect(await list(`organization=${organizationId}`)).toMatchObject([{ times: 1 }]);
  });
});

describe('a decision', () => {
  test('to ignore wants a reason', async () => {
    const { row } = await raised();
    const { errors } = (await decide(market.staff, row.id, 'ignore')).problem(422, 'validation-failed');
    expect(errors).toMatchObject([{ pointer: '#/reason' }]);
  });

  test('is made once by twenty hands at two instances, and is in the trail', async () => {
    const { owner, row } = await raised('test-money');
    const twin = Object.assign(second.visitor(), { ...market.staff, app: second.app });
    const accepted: string[] = [];
    for (const house of new Set([market.house, second]))
      house.app
        .get(AttentionService, { strict: false })
        .onAccept('test-money', async ({ id }) => void accepted.push(id));
    const actions = ['accept', 'ignore', 'refund'];
    const answers = await Promise.all(
      Array.from({ length: RACERS }, (_, i) =>
        decide(i % 2 ? twin : market.staff, row.id, actions[i % 3]!, 'So it is'),
      ),
    );
    expect(tally(answers)).toEqual({ '201': 1, '409 already-resolved': RACERS - 1 });
    const { resolution } = answers.find(({ status }) => status === 201)!.body;
    expect(new Set(accepted).size).toBe(resolution === 'accept' ? 1 : 0);
    const { data } = (await owner.get('/organizations/:org/activity-logs?action=attention.resolved')).expect(200);
    expect(data).toMatchObject([{ actorId: market.staff.user.id, targetId: row.id }]);
  });

  test('is not made when what it leads to fails', async () => {
    const { row, again } = await raised('price-unknown');
    attention().onAccept('price-unknown', () => Promise.reject(new Error('It cannot be mapped.')));
    expect((await decide(market.staff, row.id, 'accept')).status).toBe(500);
    expect(await again()).toMatchObject([{ id: row.id, resolvedAt: null }]);
  });

  test('to refund what has no sum is refused', async () => {
    for (const { row } of [await raised('dispute'), await raised('paid-twice', { details: {} })]) {
      expect(row.refundable).toBe(false);
      (await decide(market.staff, row.id, 'refund')).problem(409, 'nothing-to-refund');
    }
  });

  test('to refund sends money back that counts for no payment, once, and leaves what was paid for', async () => {
    const owner = await market.house.owner();
    const { payment, plan, checkoutUrl } = await market.buy(owner, 'lemonsqueezy');
    const { lemonsqueezy } = market.providers;
    const [order] = lemonsqueezy.pay(checkoutUrl); // again
    const reference = `orders/${order!.data.id}`;
    const concern = { about: reference, organizationId: owner.organizationId, paymentId: payment.id };
    await attention().raise({
      ...concern,
      kind: 'paid-twice',
      provider: 'lemonsqueezy',
      amount: order!.data.attributes.subtotal,
      currency: 'USD',
      details: { reference },
    });
    const [row] = await list(`organization=${owner.organizationId}`);
    lemonsqueezy.loseAnswers(1);
    (await decide(market.staff, row.id, 'refund')).expect(201);
    await market.house.settled();
    market.house.clock.advance(5_000); // the outbox tries again
    await market.house.settled();

    const asked = lemonsqueezy.askedFor('POST', new RegExp(`${reference}/refund`));
    expect(asked).toHaveLength(1);
    await market.inform('lemonsqueezy', lemonsqueezy.untold.splice(0));
    expect((await owner.get(`/payments/${payment.id}`)).expect(200)).toMatchObject({ refundedAmount: 0 });
    expect((await owner.get('/organizations/:org')).expect(200).plan).toBe(plan.code);
  });

  test('to refund a first payment that was never counted ends what began over there with it', async () => {
    const owner = await market.house.owner();
    const plan = await market.plan({ interval: 'month' });
    const { payment, checkoutUrl } = await market.checkout(owner, 'stripe', plan.id);
    const { stripe } = market.providers;
    await market.tell('stripe', stripe.pay(checkoutUrl, { amount: 1 }));
    const [row] = await list(`organization=${owner.organizationId}`);
    expect(row).toMatchObject({ kind: 'amount-differs', paymentId: payment.id });
    (await decide(market.staff, row.id, 'refund')).expect(201);
    await market.house.settled();
    expect(stripe.askedFor('POST', /refunds/).at(-1)).toBeDefined();
    expect(stripe.askedFor('DELETE', /subscriptions/)).toHaveLength(1);
    expect((await owner.get('/organizations/:org')).expect(200).plan).toBeNull();
  });

  test('to refund a payment is a refund like any other', async () => {
    const owner = await market.house.owner();
    const { payment } = await market.buy(owner, 'stripe');
    await attention().raise({
      kind: 'overpaid',
      provider: 'stripe',
      about: payment.id,
      organizationId: owner.organizationId,
      paymentId: payment.id,
      amount: 500,
      currency: 'USD',
      details: { reference: payment.reference },
    });
    const [row] = await list(`organization=${owner.organizationId}`);
    (await decide(market.staff, row.id, 'refund', 'It was too much')).expect(201);
    await market.house.settled();
    const { data } = (await owner.get(`/payments/${payment.id}/refunds`)).expect(200);
    expect(data).toMatchObject([{ id: row.id, amount: 500, status: 'succeeded', reason: 'It was too much' }]);
  });

  test('whose refund the provider refuses is on the list again', async () => {
    const { row, again } = await raised('paid-twice', { details: { reference: 'pi_unknown' } });
    market.providers.stripe.fail(402);
    (await decide(market.staff, row.id, 'refund')).expect(201);
    await market.house.settled();
    expect(await again()).toMatchObject([{ kind: 'refund-returned', amount: 1900 }]);
  });
});

test('what waits is counted by kind for the metrics', async () => {
  await raised('test-money');
  const { text } = await market.house.visitor().get('/metrics', { authorization: `Bearer ${METRICS_TOKEN}` });
  expect(text).toMatch(/^attention_open\{kind="test-money"\} [1-9]/m);
  expect(text).toMatch(/^attention_open\{kind="other-api-version"\} \d/m);
});

test('one instance at a time holds a lease, until it gives it back or the time is over', async () => {
  const [mine, theirs] = [market.house.app.get(Leases), new Leases((market.house.app.get(Leases) as any).leases.db)];
  const name = `a lease ${Math.random()}`;
  const taken = await Promise.all(Array.from({ length: RACERS }, (_, i) => (i % 2 ? mine : theirs).take(name, DAY)));
  expect(taken.filter(Boolean)).toHaveLength(1);
  const [owner, other] = (await mine.keep(name, DAY)) ? [mine, theirs] : [theirs, mine];
  expect([await other.take(name, DAY), await other.keep(name, 0)]).toEqual([false, false]);
  expect([await owner.keep(name, 0), await other.take(name, DAY)]).toEqual([true, true]);
});

test('once a day, and only while something waits, those who may decide are mailed what it is', async () => {
  const digests = async (reader: Visitor) =>
    (await market.house.mailsTo(reader.user.email)).filter(({ subject }) =>
      subject.startsWith('Waiting for a decision'),
    );
  const run = (house: House) => house.app.get(AttentionDigest, { strict: false }).fanOut();
  await market.house.query('UPDATE attention SET open_key = NULL');
  await run(market.house);
  expect(await digests(market.staff)).toEqual([]);

  await raised('paid-twice');
  await Promise.all([run(market.house), run(second)]);
  await run(market.house);
  const [mail, ...more] = await digests(market.staff);
  expect(more).toEqual([]);
  expect(mail!.text).toContain('1 paid-twice');
  expect(mail!.text).toContain('paid-twice (stripe, USD 19.00, since');
  expect(await digests(support)).toEqual([]);

  await market.advance(DAY, support);
  await run(market.house);
  expect(await digests(market.staff)).toHaveLength(2);
});

test('staff find a payment of any organization by what the provider calls it', async () => {
  const owner = await market.house.owner();
  const { payment } = await market.buy(owner, 'stripe');
  const { organizationId } = owner;
  for (const query of [
    `reference=${payment.reference}`,
    `organization=${organizationId}&status=succeeded&provider=stripe`,
  ])
    expect((await support.get(`/platform/payments?${query}`)).expect(200).data).toMatchObject([
      { id: payment.id, organizationId },
    ]);
  expect(
    (await support.get(`/platform/payments?organization=${organizationId}&status=failed`)).expect(200).data,
  ).toEqual([]);
  (await owner.get('/platform/payments')).problem(403, 'forbidden');
});
