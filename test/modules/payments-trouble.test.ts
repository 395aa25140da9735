import { DAY, fromNow, HOUR } from '../../src/kit/clock';
import { PROVIDERS } from '../../src/modules/payments/providers/port/payment.provider';
import { SubscriptionsJob } from '../../src/modules/payments/subscriptions/subscriptions.job';
import { atOnce, statusesOf } from '../support/at-once';
import { House } from '../support/house';
import { Market } from '../support/market';
import type { Visitor } from '../support/visitor';

let market: Market;
let twin: House; // a second instance on the same database
beforeAll(async () => {
  market = await Market.open();
  twin = await House.open(market.providers.settings);
});
afterAll(async () => {
  await twin.close();
  await market.close();
});
afterEach(() => expect(market.providers.faults).toEqual([]));

describe.each(PROVIDERS)('%s', (provider) => {
  const standIn = () => market.providers[provider];
  const tell = (events: object[]) => market.tell(provider, events);

  test('events that come at once, many times, on two instances, have one effect', async () => {
    const { owner, payment, url } = await ordered('month');
    const events = standIn().pay(url);
    const before = await stored();
    const doors = [market.house, twin].map((house) => house.visitor());
    const news = [...events, ...events, ...events, ...events];
    const answers = await atOnce(news.length, (i) => standIn().deliver(news[i] as never, doors[i % 2]!));
    expect(new Set(statusesOf(answers))).toEqual(new Set([200]));

    expect(await stored()).toBe(before + events.length);
    expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded', plan: 'bought', receipts: 1, lines: 1 });
    const renewal = standIn().renew(url);
    for (const event of [...renewal, ...events, ...renewal])
      await atOnce(2, (i) => standIn().deliver(event as never, doors[i]!));
    expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded', plan: 'bought', receipts: 2, lines: 2 });
  });

  test('news that come the last first, and hours late, end the same', async () => {
    const { owner, payment, url } = await ordered('month');
    const events = [...standIn().pay(url), ...standIn().renew(url)];
    market.house.clock.advance(2 * HOUR);
    for (const answer of await tell(events.toReversed())) answer.expect(200);

    expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded', plan: 'bought', receipts: 2, lines: 2 });
    expect((await owner.get('/organizations/:org/subscription')).expect(200)).toMatchObject({ status: 'active' });
  });

  test('too little money, or another, buys nothing', async () => {
    for (const wrong of [{ amount: 18 }, { currency: provider === 'stripe' ? 'jpy' : 'JPY' }]) {
      const { owner, payment, url } = await ordered('once');
      for (const answer of await tell(standIn().pay(url, wrong))) answer.expect(200);
      expect(await seen(owner, payment.id)).toMatchObject({ status: 'created', plan: null, receipts: 0 });
    }
  });

  test('a forged event is refused and forgotten; the genuine one counts still', async () => {
    const { owner, payment, url } = await ordered('once');
    const [event] = standIn().pay(url);
    const { body, headers } = standIn().sign(event as never);
    const [name, signature] = Object.entries(headers)[0]!;
    const forgeries = [
      { body, headers: { [name]: signature.slice(0, -2) } },
      { body, headers: { [name]: signature.replaceAll(/[0-9a-f]/g, 'x') } },
      { body, headers: { [name]: '' } },
      { body, headers: {} },
      ...(provider === 'flutterwave' ? [] : [{ body: body.replace('1900', '1901'), headers }]), // its hash signs nothing
    ];
    for (const forged of forgeries)
      (await standIn().send(forged, market.house.visitor())).problem(400, 'bad-signature');

    expect(await seen(owner, payment.id)).toMatchObject({ status: 'created', plan: null });
    (await standIn().send({ body, headers }, market.house.visitor())).expect(200);
    expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded', plan: 'bought' });
  });

  test('a refund whose answer gets lost goes back once', async () => {
    const { owner, payment, url } = await ordered('once');
    await tell(standIn().pay(url));
    (await market.refund(owner, payment.id, { amount: 700 })).expect(201);
    standIn().loseAnswers(provider === 'stripe' ? 3 : 1); // a Stripe client asks three times by itself
    await market.house.mailsTo(owner.user.email);
    market.house.clock.advance(HOUR);
    await market.house.mailsTo(owner.user.email);

    const back = { refundedAmount: 700, status: 'succeeded' };
    expect((await owner.get(`/payments/${payment.id}`)).expect(200)).toMatchObject(back);
    expect((await owner.post(`/payments/${payment.id}/verify`)).expect(200)).toMatchObject(back); // their books say the same
    await tell(standIn().untold.splice(0));
    expect((await owner.get(`/payments/${payment.id}`)).expect(200)).toMatchObject(back);
  });

  test('a checkout that the provider does not open leaves no debt', async () => {
    const owner = await market.house.owner();
    const { id } = await market.plan();
    standIn().fail(503, provider === 'stripe' ? 3 : 1);
    const back = { successUrl: 'http://127.0.0.1:3000/thanks', cancelUrl: 'http://127.0.0.1:3000/' };
    (await owner.post(`/payments/${provider}`, { planId: id, ...back })).problem(503, 'provider-away');
    const { data } = (await owner.get('/payments')).expect(200);
    expect(data).toMatchObject([{ status: 'failed' }]);
  });
});

test('a buyer comes back where we read that they would', async () => {
  const owner = await market.house.owner();
  const { id } = await market.plan();
  const successUrl = 'http://127.0.0.1:3000\\@evil.example/thanks';
  (await owner.post('/payments/stripe', { planId: id, successUrl, cancelUrl: 'http://127.0.0.1:3000/' })).expect(201);
  const { body } = market.providers.stripe.askedFor('POST', /sessions$/).at(-1)!;
  expect(new URLSearchParams(body).get('success_url')).toBe('http://127.0.0.1:3000/@evil.example/thanks');
});

test('an event about nothing that we know is taken, kept once, and changes nothing', async () => {
  const { stripe } = market.providers;
  const { url } = await ordered('once', 'stripe');
  const [event] = stripe.pay(url);
  event!.data.object.client_reference_id = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';
  const before = await stored();
  await market.inform('stripe', [event!, event!]);
  expect(await stored()).toBe(before + 1);
});

test('Stripe: a live event in test mode, one of another account and an old signature are refused', async () => {
  const { stripe } = market.providers;
  const { owner, payment, url } = await ordered('once', 'stripe');
  const [event] = stripe.pay(url);
  const send = (changes: object, by?: object) =>
    stripe.send(stripe.sign({ ...event!, ...changes }, by), market.house.visitor());
  (await send({ livemode: true })).problem(403, 'foreign-event');
  (await send({ account: 'acct_1' })).problem(403, 'foreign-event');
  (await send({}, { at: new Date(Date.UTC(2020, 1)) })).problem(400, 'bad-signature');
  (await send({}, { secret: 'whsec_of_another_endpoint' })).problem(400, 'bad-signature');
  (await send({ type: 'radar.early_fraud_warning.created' })).expect(200);
  expect(await seen(owner, payment.id)).toMatchObject({ status: 'created', plan: null });
});

test('Lemon Squeezy: another store is refused; who pays twice has bought once', async () => {
  const { lemonsqueezy } = market.providers;
  const { owner, payment, url } = await ordered('once', 'lemonsqueezy');
  const [other] = await market.tell('lemonsqueezy', lemonsqueezy.pay(url, { store: 1 }));
  other!.problem(403, 'foreign-event');
  await market.inform('lemonsqueezy', [...lemonsqueezy.pay(url), ...lemonsqueezy.pay(url)]);
  expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded', receipts: 1, lines: 1 });
});

test('Lemon Squeezy: a cheap subscription that names a dear payment does not carry what that one bought', async () => {
  const { lemonsqueezy } = market.providers;
  const { owner, payment, url } = await ordered('month', 'lemonsqueezy');
  const cheap = lemonsqueezy.pay(url, { amount: 100 }); // a public link takes custom data from anyone
  const [order] = lemonsqueezy.pay(url);
  await market.inform('lemonsqueezy', [...cheap, order!]);
  expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded', plan: 'bought' });

  await market.advance(70 * DAY, owner);
  const { data, meta } = cheap.find((event) => event.data.type === 'subscriptions')!;
  const [updated_at, renews_at] = [fromNow(0), fromNow(30 * DAY)].map((time) => time.toISOString());
  const attributes = { ...data.attributes, updated_at, renews_at };
  const [goesOn] = await market.tell('lemonsqueezy', [{ data: { ...data, attributes }, meta }]);
  goesOn!.expect(200);
  await market.house.app.get(SubscriptionsJob).sweep();
  expect(await seen(owner, payment.id)).toMatchObject({ plan: null });
});

test('Flutterwave: nothing is granted while it cannot be asked, nor for what it does not confirm; nothing is lost', async () => {
  const { flutterwave } = market.providers;
  const { owner, payment, url } = await ordered('once', 'flutterwave');
  const [declined] = flutterwave.pay(url, { status: 'failed' });
  declined!.data.status = 'successful';
  const [paid] = flutterwave.pay(url);
  flutterwave.fail(500);
  const [away] = await market.tell('flutterwave', [paid!]);
  away!.problem(503, 'provider-away');
  const [lie] = await market.tell('flutterwave', [declined!]);
  lie!.expect(200);
  expect(await seen(owner, payment.id)).toMatchObject({ status: 'failed', plan: null });

  const stranger = await ordered('once', 'flutterwave');
  paid!.data.tx_ref = stranger.payment.id; // the body proves nothing
  const [again] = await market.tell('flutterwave', [paid!]);
  again!.expect(200);
  expect(await seen(owner, payment.id)).toMatchObject({ status: 'succeeded', plan: 'bought' });
  expect(await seen(stranger.owner, stranger.payment.id)).toMatchObject({ status: 'created', plan: null });
});

async function ordered(interval: 'once' | 'month', provider?: (typeof PROVIDERS)[number]) {
  const owner = await market.house.owner();
  const plan = await market.plan({ interval });
  const { payment, checkoutUrl: url } = await market.checkout(owner, provider ?? current(), plan.id);
  return { owner, plan, payment, url };
}

const current = () => /^(\w+)/.exec(expect.getState().currentTestName ?? '')![1] as (typeof PROVIDERS)[number];

/** What its owner sees of it. */
async function seen(owner: Visitor, paymentId: string) {
  const { status, plan: code } = (await owner.get(`/payments/${paymentId}`)).expect(200);
  const { plan } = (await owner.get('/organizations/:org')).expect(200);
  const { data } = (await owner.get('/payments')).expect(200);
  const mails = await market.house.mailsTo(owner.user.email);
  const receipts = mails.filter(({ subject }) => /^(Receipt|Payment confirmed):/.test(subject)).length;
  return { status, plan: plan === code ? 'bought' : plan, receipts, lines: data.length };
}

async function stored(): Promise<number> {
  const [{ n }] = await market.house.query('SELECT COUNT(*) AS n FROM payment_events');
  return Number(n);
}
