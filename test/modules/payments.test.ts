import { PROVIDERS } from '../../src/modules/payments/providers/port/payment.provider';
import { SubscriptionsJob } from '../../src/modules/payments/subscriptions/subscriptions.job';
import { DAY } from '../../src/kit/clock';
import { House } from '../support/house';
import { BACK, Market } from '../support/market';
import type { Visitor } from '../support/visitor';

let market: Market;
beforeAll(async () => {
  market = await Market.open({ REDIRECT_ORIGINS: 'https://app.example.com' });
});
afterAll(async () => {
  await market?.close();
  expect(market.providers.faults).toEqual([]);
});

/** The merchant of record sends the invoice. */
const PAPER = { stripe: 'Receipt', flutterwave: 'Receipt', lemonsqueezy: 'Payment confirmed' };
const NOBODY = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';
const typesOf = async (reader: Visitor): Promise<string[]> =>
  (await reader.get('/notifications')).expect(200).data.map(({ type }: any) => type);
const subjectsTo = async (reader: Visitor): Promise<string[]> =>
  (await market.house.mailsTo(reader.user.email)).map(({ subject }) => subject);
const planOf = async (member: Visitor) => {
  const { plan, limits } = (await member.get('/organizations/:org')).expect(200);
  return { plan, limits };
};

describe.each(PROVIDERS)('through %s', (provider) => {
  /** What our own requests caused over there is told, too. */
  const hear = async () => {
    await market.inform(provider, market.providers[provider].untold.splice(0));
  };

  test('a plan that is paid for is the organization’s, with its limits; whoever sees payments gets a receipt', async () => {
    const owner = await market.house.owner();
    const [admin, member] = [await market.house.member(owner, 'Admin'), await market.house.member(owner)];
    const plan = await market.plan({ limits: { seats: 2, projects: 5 } });

    const { payment, checkoutUrl } = await market.checkout(owner, provider, plan.id, { quantity: 3 });
    expect(payment).toMatchObject({ provider, plan: plan.code, quantity: 3, amount: 5700, status: 'created' });
    expect(await planOf(owner)).toEqual({ plan: null, limits: null });
    (await owner.get('/organizations/:org/subscription')).problem(404, 'not-found');

    const events = market.providers[provider].pay(checkoutUrl);
    await market.inform(provider, events);

    const paid = (await owner.get(`/payments/${payment.id}`)).expect(200);
    expect(paid).toMatchObject({ status: 'succeeded', refundedAmount: 0, paidAt: expect.any(String) });
    expect(await planOf(member)).toEqual({ plan: plan.code, limits: { seats: 6, projects: 15 } });
    expect((await admin.get('/organizations/:org/subscription')).expect(200)).toMatchObject({
      plan: plan.code,
      status: 'active',
      provider,
      interval: 'once',
      currentPeriodEnd: null,
    });
    (await owner.delete('/organizations/:org/subscription')).problem(409, 'nothing-to-cancel');

    const receipt = `${PAPER[provider]}: USD 57.00 for ${plan.name} × 3`;
    for (const reader of [owner, admin]) {
      expect((await subjectsTo(reader)).filter((subject) => subject === receipt)).toHaveLength(1);
      expect(await typesOf(reader)).toContain('payment.succeeded');
    }
    expect(await subjectsTo(member)).not.toContain(receipt);
  });

  test('a plan that renews goes on with each payment, is cancelled at the end of its period, and then is gone', async () => {
    const owner = await market.house.owner();
    const { plan, checkoutUrl, payment } = await market.buy(owner, provider, { interval: 'month' });
    const first = (await owner.get('/organizations/:org/subscription')).expect(200);
    expect(first).toMatchObject({ plan: plan.code, status: 'active', cancelAtPeriodEnd: false });

    await market.advance(27 * DAY, owner);
    await market.inform(provider, market.providers[provider].renew(checkoutUrl));
    const { data } = (await owner.get('/payments')).expect(200);
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({ status: 'succeeded', subscriptionId: payment.subscriptionId, amount: 1900 });
    const renewed = (await owner.get('/organizations/:org/subscription')).expect(200);
    expect(Date.parse(renewed.currentPeriodEnd)).toBeGreaterThan(Date.parse(first.currentPeriodEnd));

    for (const _ of ['once', 'again']) {
      const cancelled = (await owner.delete('/organizations/:org/subscription')).expect(200);
      expect(cancelled).toMatchObject({ status: 'cancelled', cancelAtPeriodEnd: true });
    }
    await subjectsTo(owner); // by then the provider was told
    await hear();
    const later = (await owner.get('/organizations/:org/subscription')).expect(200);
    expect(later).toMatchObject({ status: 'cancelled', currentPeriodEnd: renewed.currentPeriodEnd });
    expect(await planOf(owner)).toMatchObject({ plan: plan.code });

    await market.advance(Date.parse(later.currentPeriodEnd) - Date.parse(first.startedAt) - 26 * DAY, owner);
    await market.house.app.get(SubscriptionsJob).sweep();
    expect(await planOf(owner)).toEqual({ plan: null, limits: {} }); // those that it had
    (await owner.get('/organizations/:org/subscription')).problem(404, 'not-found');
    const told = (await subjectsTo(owner)).filter((subject) => subject.includes(plan.name)).sort();
    const receipt = `${PAPER[provider]}: USD 19.00 for ${plan.name}`;
    expect(told.map((subject) => subject.replace(/^Acme \w+|of Acme \w+/, 'Acme'))).toEqual(
      [`Acme cancelled ${plan.name}`, `${plan.name} Acme has ended`, receipt, receipt].sort(),
    );
  });

  test('what its stand-in knows is asked for with verify', async () => {
    const owner = await market.house.owner();
    const plan = await market.plan();
    const { payment, checkoutUrl } = await market.checkout(owner, provider, plan.id);
    expect((await owner.post(`/payments/${payment.id}/verify`)).expect(200)).toMatchObject({ id: payment.id });
    market.providers[provider].pay(checkoutUrl); // nobody tells us

    const { status } = (await owner.post(`/payments/${payment.id}/verify`)).expect(200);
    if (provider === 'lemonsqueezy') return expect(status).toBe('created'); // a checkout of theirs does not name its order
    expect(status).toBe('succeeded');
    expect(await planOf(owner)).toMatchObject({ plan: plan.code });
  });

  test('trouble over there is a 503 and a failed payment; the same key may be sent again', async () => {
    const owner = await market.house.owner();
    const { id: planId } = await market.plan();
    const buy = () => owner.post(`/payments/${provider}`, { planId, ...BACK }, { 'idempotency-key': 'buy' });
    market.providers[provider].fail(500, provider === 'stripe' ? 3 : 1); // their library tries three times

    (await buy()).problem(503, 'provider-away');
    const { payment } = (await buy()).expect(201);
    const { data } = (await owner.get('/payments')).expect(200);
    expect(data).toMatchObject([payment, { status: 'failed', failureReason: 'provider-away' }]);
  });
});

describe('a checkout', () => {
  test('leads back to our own pages alone', async () => {
    const owner = await market.house.owner();
    const { id: planId } = await market.plan();
    for (const url of [
      'https://evil.example/',
      'http://127.0.0.1:3000.evil.example/',
      'http://127.0.0.1:3000@evil.example/',
      'https://127.0.0.1:3000/',
      'javascript:alert(1)',
      '/billing',
      'not a url',
    ])
      for (const name of ['successUrl', 'cancelUrl']) {
        const { errors } = (await owner.post('/payments/stripe', { planId, ...BACK, [name]: url })).problem(
          422,
          'validation-failed',
        );
        expect(errors.map(({ pointer }: any) => pointer)).toEqual([`#/${name}`]);
      }
    const ours = { successUrl: 'https://app.example.com/a?b=c#d', cancelUrl: 'https://app.example.com' };
    (await owner.post('/payments/stripe', { planId, ...ours })).expect(201);
  });

  test('costs what the plan says when it is begun, whatever becomes of the plan', async () => {
    const owner = await market.house.owner();
    const plan = await market.plan({ amount: 500, limits: { seats: 3 } });
    (await owner.post('/payments/stripe', { planId: plan.id, ...BACK, amount: 1 })).problem(422, 'validation-failed');
    const { payment, checkoutUrl } = await market.checkout(owner, 'stripe', plan.id);
    await market.change(plan.id, { amount: 9900, limits: {} });
    await market.drop(plan.id);
    (await owner.post('/payments/stripe', { planId: plan.id, ...BACK })).problem(409, 'plan-not-offered');

    await market.tell('stripe', market.providers.stripe.pay(checkoutUrl));
    expect((await owner.get(`/payments/${payment.id}`)).expect(200)).toMatchObject({
      status: 'succeeded',
      amount: 500,
    });
    expect(await planOf(owner)).toEqual({ plan: plan.code, limits: { seats: 3 } });
  });

  test('is begun once under one Idempotency-Key, and is another for another organization', async () => {
    const owner = await market.house.owner();
    const plan = await market.plan();
    const order = { planId: plan.id, ...BACK };
    const headers = { 'idempotency-key': 'one' };
    const first = await owner.post('/payments/stripe', order, headers);
    const again = await owner.post('/payments/stripe', order, headers);
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([201, first.text, 'true']);
    (await owner.post('/payments/stripe', { ...order, quantity: 2 }, headers)).problem(422, 'idempotency-key-reused');

    const { id } = (await owner.post('/organizations', { name: 'Second' })).expect(201);
    const other = await owner.post('/payments/stripe', order, { ...headers, 'organization-id': id });
    expect(other.expect(201).payment.id).not.toBe(first.body.payment.id);
  });

  test('of a newer order replaces the plan before it, whichever news comes first', async () => {
    for (const turned of [false, true]) {
      const owner = await market.house.owner();
      const [small, large] = [await market.plan({ interval: 'month' }), await market.plan({ interval: 'month' })];
      const one = await market.checkout(owner, 'stripe', small.id);
      const two = await market.checkout(owner, 'stripe', large.id);
      const orders = turned ? [two, one] : [one, two];
      for (const { checkoutUrl } of orders) await market.tell('stripe', market.providers.stripe.pay(checkoutUrl));
      expect(await planOf(owner)).toMatchObject({ plan: large.code });
      await subjectsTo(owner);
      const { data } = (await owner.get('/payments')).expect(200);
      expect(data.map(({ status }: any) => status)).toEqual(['succeeded', 'succeeded']);
      expect(market.providers.stripe.askedFor('DELETE', /\/subscriptions\//)).not.toEqual([]);
    }
  });

  test('asks a provider that is set up', async () => {
    const house = await House.open();
    const owner = await house.owner();
    const { id: planId } = await market.plan();
    for (const provider of PROVIDERS) {
      (await owner.post(`/payments/${provider}`, { planId, ...BACK })).problem(503, 'provider-off');
      (await owner.post(`/payments/${provider}`, { planId: NOBODY, ...BACK })).problem(409, 'plan-not-offered');
    }
    expect((await owner.get('/payments')).expect(200).data).toEqual([]);
    await house.close();
  });
});

describe('the ledger', () => {
  test('is kept when its organization and its buyer go, and names neither; nobody pays on', async () => {
    const owner = await market.house.owner();
    const { payment, plan } = await market.buy(owner, 'stripe', { interval: 'month' });
    const { held } = (await owner.get('/users/:me/export')).expect(200);
    expect(held.payments).toMatchObject([{ id: payment.id, plan: plan.code, amount: 1900, status: 'succeeded' }]);
    const { email, name, id } = owner.user;
    const organization = (await owner.get('/organizations/:org')).expect(200);

    (await owner.delete('/users/:me')).expect(204);

    await market.house.mailsTo(email);
    const asked = market.providers.stripe.askedFor('POST', /\/subscriptions\//).at(-1)!;
    expect(asked.body).toContain('cancel_at_period_end=true');
    const kept = [
      ...(await market.house.query('SELECT * FROM payments WHERE id = ?', [payment.id])),
      ...(await market.house.query('SELECT * FROM payment_events')),
    ];
    expect(kept[0]).toMatchObject({ user_id: null, status: 'succeeded', reference: payment.reference });
    const text = JSON.stringify(kept);
    for (const personal of [email, name, id, organization.name, organization.slug])
      expect(text).not.toContain(personal);
    expect(await market.house.query('SELECT id FROM subscriptions WHERE payment_id = ?', [payment.id])).toEqual([]);
  });
});

describe('plans', () => {
  test('are seen by everyone and made by staff', async () => {
    const plan = await market.plan({ limits: { seats: 3 } });
    const anyone = market.house.visitor();
    expect((await anyone.get(`/plans/${plan.id}`)).expect(200)).toEqual(plan);
    expect((await anyone.get('/plans')).expect(200).data).toContainEqual(plan);

    const { staff } = market;
    (await staff.post('/plans', plan)).problem(422, 'validation-failed');
    const { id: _id, createdAt: _at, ...values } = plan;
    (await staff.post('/plans', values)).problem(409, 'plan-code-taken');
    const wrong: [string, unknown][] = [
      ['amount', 0],
      ['amount', 1.5],
      ['amount', 1e12],
      ['currency', 'eur'],
      ['currency', 'ABC'],
      ['interval', 'week'],
      ['limits/seats', -1],
      ['limits/a~1b', 1.5],
      ['providerRefs/paypal', 'x'],
      ['code', 'Team'],
    ];
    for (const [at, value] of wrong) {
      const [name, inner] = at.split('/') as [string, string?];
      const body = { ...values, code: 'fresh', [name]: inner ? { [inner.replace('~1', '/')]: value } : value };
      const { errors } = (await staff.post('/plans', body)).problem(422, 'validation-failed');
      expect(errors.map(({ pointer }: any) => pointer)).toEqual([`#/${at}`]);
    }
    const changed = (await staff.put(`/plans/${plan.id}`, { name: 'Larger', limits: { seats: 9 } })).expect(200);
    expect(changed).toEqual({ ...plan, name: 'Larger', limits: { seats: 9 } });
    (await staff.put(`/plans/${plan.id}`, { name: 'Late' }, { 'if-match': '"1"' })).problem(412, 'precondition-failed');
    (await staff.delete(`/plans/${plan.id}`)).expect(204);
    (await staff.delete(`/plans/${plan.id}`)).problem(404, 'not-found');
    (await anyone.get(`/plans/${plan.id}`)).problem(404, 'not-found');
  });
});
