import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { clock } from '../../src/kit/clock';
import { newId } from '../../src/kit/id';
import { BadRequest } from '../../src/kit/problem';
import { exponentOf, isCurrency, toMajor, toMinor } from '../../src/kit/money';
import { transactionFacts } from '../../src/modules/payments/providers/flutterwave/transactions.facts';
import { FlutterwaveProvider } from '../../src/modules/payments/providers/flutterwave.provider';
import { LemonSqueezyProvider } from '../../src/modules/payments/providers/lemonsqueezy.provider';
import {
  BadSignature,
  ForeignEvent,
  ProviderRefused,
} from '../../src/modules/payments/providers/port/providers.errors';
import { StripeProvider } from '../../src/modules/payments/providers/stripe.provider';
import { complaintsAbout, example } from '../support/providers/stripe.schema';

const NOWHERE = 'http://127.0.0.1:1';
const vectors = (file: string) => JSON.parse(readFileSync(join(__dirname, '../vectors', file), 'utf8'));
const realTime = clock.now;
afterEach(() => void (clock.now = realTime));

describe('Stripe', () => {
  const { secret, now, body, cases } = vectors('stripe/webhook-signature-vectors.json');
  const stripe = new StripeProvider({
    STRIPE_SECRET_KEY: 'sk_test_1',
    STRIPE_WEBHOOK_SECRET: secret,
    STRIPE_API_URL: NOWHERE,
  });

  test.each(cases as any[])('a signature: $name', ({ header, valid, body: altered = body }) => {
    clock.now = () => new Date(now * 1000);
    const read = () => stripe.readEvent(Buffer.from(altered), { 'stripe-signature': header });

    if (valid) expect(read()).toMatchObject({ id: 'evt_test_webhook', facts: [] });
    else expect(read).toThrow(BadSignature);
  });

  test.each([undefined, ['t=1', 'v1=2']])('no signature, or several: %p', (header) => {
    expect(() => stripe.readEvent(Buffer.from(body), { 'stripe-signature': header })).toThrow(BadSignature);
  });

  test('its own types refuse a parameter that it does not know, at any depth', () => {
    const operation = 'POST /v1/checkout/sessions';
    const line = { quantity: '2', price_data: { currency: 'eur', unit_amount: '1', product_data: { name: 'Pro' } } };
    expect(complaintsAbout(operation, { mode: 'payment', line_items: [line] })).toBeUndefined();
    expect(complaintsAbout(operation, { mode: 'payment', lineItems: [line] })).toMatch('additional');
    expect(complaintsAbout(operation, { line_items: [{ ...line, cost: '1' }] })).toMatch('additional');
    expect(complaintsAbout('POST /v1/refunds', { amount: 'all' })).toMatch('number');
  });

  test.each([
    ['checkout.session.completed', 'checkout.session'],
    ['invoice.paid', 'invoice'],
    ['customer.subscription.updated', 'subscription'],
    ['refund.failed', 'refund'],
    ['charge.refunded', 'charge'],
    ['charge.dispute.created', 'dispute'],
    ['plan.created', 'plan'],
  ])('%s of a sale that is not ours says nothing', (type, kind) => {
    const event = { ...example('event'), type, data: { object: example(kind) } };
    expect(told(event)).toEqual({ id: expect.stringMatching(/^evt_/), type, facts: [] });
  });

  function told(event: object) {
    const text = JSON.stringify(event);
    const t = Math.floor(clock.now().getTime() / 1000);
    const v1 = createHmac('sha256', secret).update(`${t}.${text}`).digest('hex');
    return stripe.readEvent(Buffer.from(text), { 'stripe-signature': `t=${t},v1=${v1}` });
  }
});

describe('Lemon Squeezy', () => {
  const { secret, cases } = vectors('lemonsqueezy/webhook-fixtures.json');
  const settings = {
    NODE_ENV: 'test',
    LEMONSQUEEZY_API_KEY: 'key',
    LEMONSQUEEZY_STORE_ID: '217313',
    LEMONSQUEEZY_WEBHOOK_SECRET: secret,
    LEMONSQUEEZY_API_URL: NOWHERE,
  };
  const lemon = new LemonSqueezyProvider(settings);
  const sign = (text: string) => createHmac('sha256', secret).update(text).digest('hex');
  const paymentId = newId();

  const bill = { currency: 'USD', subtotal: 999, discount: 0, tax: 200, total: 1199, balance: 0, paid: 1199 };
  const items = [{ price: '972634', quantity: 1, unitAmount: 999, interval: null }];
  const at = '2025-11-19T11:04:52.000Z';
  const order = { kind: 'payment', paymentId, reference: 'orders/6859465', status: 'succeeded', bill, items, at };
  const until = '2025-12-19T11:04:52.000Z';
  const runs = {
    kind: 'subscription',
    paymentId,
    reference: '1652021',
    order: 'orders/6859465',
    status: 'active',
    periodEnd: until,
    cancelAt: null,
    renews: true,
    items: [{ price: '972634', quantity: 6, unitAmount: null, interval: null }],
  };
  const back = (amount: number) => ({
    kind: 'refund',
    paymentId,
    reference: 'orders/6859465',
    refunded: { amount, currency: 'USD' }, // with its tax, as it was paid
  });
  const said = [
    [order],
    [{ ...runs, at: '2025-11-19T11:04:57.000Z' }],
    [{ ...runs, at: '2025-11-19T11:05:01.000Z' }],
    [], // the first invoice is what the order is about
    [],
    [{ ...runs, cancelAt: until, renews: false, at: '2025-11-20T10:00:00.000Z' }],
    [{ ...runs, status: 'canceled', renews: false, at: '2025-12-19T11:04:53.000Z' }],
    [order, back(305)],
    [order, back(1199)],
  ];

  test.each<any>(cases.map((one: object, i: number) => ({ ...one, facts: said[i] })))(
    '$event is genuine, and says what it says about a payment of ours',
    ({ event, raw, headers, facts }) => {
      const signature = headers['X-Signature'];
      expect(lemon.readEvent(Buffer.from(raw), { 'x-signature': signature })).toMatchObject({ type: event, facts: [] });

      const ours = JSON.parse(raw);
      ours.meta.custom_data.payment_id = paymentId;
      const text = JSON.stringify(ours);
      const read = lemon.readEvent(Buffer.from(text), { 'x-signature': sign(text), 'x-event-name': 'order_created' });
      expect(read).toEqual({ id: expect.stringMatching(/^[0-9a-f]{64}$/), type: event, facts });
    },
  );

  const [{ raw, headers }] = cases;
  const genuine: string = headers['X-Signature'];
  test.each([
    ['another byte', raw.replace('"total":1199', '"total":1198'), genuine],
    ['upper case', raw, genuine.toUpperCase()],
    ['nothing', raw, ''],
    ['none', raw, undefined],
    ['a part of it', raw, genuine.slice(0, 62)],
    ['too much', raw, `${genuine}00`],
    ['no hex', raw, genuine.replace(/./g, 'z')],
    ['several', raw, [genuine, genuine]],
    ['another secret', raw, createHmac('sha256', 'another').update(raw).digest('hex')],
  ])('a signature: %s', (_, text, signature) => {
    expect(() => lemon.readEvent(Buffer.from(text), { 'x-signature': signature })).toThrow(BadSignature);
  });

  test('another store is refused; a test is, in production', () => {
    const event = { 'x-signature': genuine };
    const other = new LemonSqueezyProvider({ ...settings, LEMONSQUEEZY_STORE_ID: '1' });
    const live = new LemonSqueezyProvider({ ...settings, NODE_ENV: 'production' });
    expect(() => other.readEvent(Buffer.from(raw), event)).toThrow(ForeignEvent);
    expect(() => live.readEvent(Buffer.from(raw), event)).toThrow(ForeignEvent);
    expect(() => lemon.readEvent(Buffer.from('[]'), { 'x-signature': sign('[]') })).toThrow(ForeignEvent);
  });
});

describe('Flutterwave', () => {
  const { secret_hash, cases, verify_transaction_response } = vectors('flutterwave/webhook-fixtures.json');
  const flutterwave = new FlutterwaveProvider({
    FLUTTERWAVE_SECRET_KEY: 'key',
    FLUTTERWAVE_WEBHOOK_HASH: secret_hash,
    FLUTTERWAVE_API_URL: NOWHERE,
  });
  const asked = [
    { ask: { reference: '285959875' } },
    { ask: { reference: '408136545' } },
    { strange: 'other-api-version' },
  ];

  test.each<any>(cases.map((one: object, i: number) => ({ ...one, rest: asked[i] })))(
    '$name: what it says is asked for, not believed',
    ({ headers, body, rest }) => {
      const event = flutterwave.readEvent(Buffer.from(JSON.stringify(body)), headers);
      expect(event).toEqual({ id: event.id, type: 'charge.completed', facts: [], ...rest });
    },
  );

  test.each([undefined, '', 'flw', `${secret_hash} `, [secret_hash, secret_hash]])('a hash: %p', (hash) => {
    expect(() => flutterwave.readEvent(Buffer.from('{}'), { 'verif-hash': hash })).toThrow(BadSignature);
  });

  test('whatever comes with the hash is read, or is no JSON object', () => {
    const anything = fc.oneof(
      fc.json(),
      fc.string(),
      fc.record({ event: fc.constant('charge.completed'), data: fc.jsonValue() }).map((event) => JSON.stringify(event)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        try {
          const { facts, ask } = flutterwave.readEvent(Buffer.from(text), { 'verif-hash': secret_hash });
          return facts.length === 0 && /^-?\d+$/.test(ask?.reference ?? '0');
        } catch (error) {
          return error instanceof BadRequest;
        }
      }),
      { numRuns: 1000 },
    );
  });

  const { data } = verify_transaction_response;
  const tx_ref = newId();
  test('a verified transaction is a payment of ours if it bears one of our ids', () => {
    const at = '2020-07-06T19:17:04.000Z';
    const bill = { currency: 'NGN', subtotal: 10_000, discount: 0, tax: 0, total: 10_000, balance: 0, paid: 10_000 };
    const paid = { kind: 'payment', paymentId: tx_ref, reference: '288200108', status: 'succeeded', bill, at };
    expect(transactionFacts({ ...data, tx_ref })).toEqual([paid]);
    expect(transactionFacts(data)).toEqual([]);
  });

  test.each(['100', Number('1e400'), -1, NaN, 0.001, null])(
    'an amount that cannot be read is not believed: %p',
    (amount) => {
      expect(() => transactionFacts({ ...data, tx_ref, amount })).toThrow(ProviderRefused);
    },
  );
});

describe('money', () => {
  const currency = fc.constantFrom(...Intl.supportedValuesOf('currency'));
  const cents = fc.nat({ max: 10 ** 12 });

  test('what is written with a point is read back to the cent, in every currency', () => {
    fc.assert(fc.property(cents, currency, (amount, code) => toMinor(toMajor(amount, code), code) === amount));
    expect([toMajor(1999, 'USD'), toMajor(1999, 'JPY'), toMajor(1999, 'KWD')]).toEqual([19.99, 1999, 1.999]);
    expect([exponentOf('ISK'), exponentOf('CLF'), isCurrency('usd'), isCurrency('XYZ')]).toEqual([0, 4, false, false]);
  });
});
