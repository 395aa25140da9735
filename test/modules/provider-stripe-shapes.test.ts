import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clock } from '../../src/kit/clock';
import { newId } from '../../src/kit/id';
import { BadRequest } from '../../src/kit/problem';
import { StripeProvider } from '../../src/modules/payments/providers/stripe.provider';
import { example } from '../support/providers/stripe.schema';
import { Clients } from '../support/providers/clients';
import { VERSIONS } from '../support/providers/stripe/versions';

const secret = 'whsec_1';
const NOWHERE = 'http://127.0.0.1:1';
const stripe = new StripeProvider({
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: secret,
  STRIPE_API_URL: NOWHERE,
});
const paymentId = newId();
const vectors = readFileSync(join(__dirname, '../vectors/stripe/documented-payloads.json'), 'utf8');
const { cases, asked } = JSON.parse(vectors.replaceAll('$paymentId', paymentId));

function heard(text: string) {
  const t = Math.floor(clock.now().getTime() / 1000);
  const v1 = createHmac('sha256', secret).update(`${t}.${text}`).digest('hex');
  return stripe.readEvent(Buffer.from(text), { 'stripe-signature': `t=${t},v1=${v1}` });
}
const told = (type: string, object: object, more = {}) =>
  heard(JSON.stringify({ ...example('event'), type, data: { object }, ...more }));

test.each<any>(cases)('$name', ({ type, version, object, says }) => {
  const event = told(type, object, { api_version: version });
  expect(event.facts).toEqual(
    says.map((fact: any) => (fact.kind === 'subscription' ? expect.objectContaining(fact) : fact)),
  );
  expect([event.ask, event.strange]).toEqual([undefined, undefined]);
});

test.each<any>(asked)('$name is asked for', ({ type, object }) => {
  expect(told(type, object)).toMatchObject({ facts: [], ask: { reference: 'pi_1' } });
});

describe('a subscription', () => {
  const statuses = {
    incomplete: undefined,
    incomplete_expired: 'canceled',
    trialing: 'active',
    active: 'active',
    past_due: 'past_due',
    unpaid: 'past_due',
    paused: 'paused',
    canceled: 'canceled',
    a_new_one: undefined,
  };
  const pauses = [null, ...['void', 'keep_as_draft', 'mark_uncollectible'].map((behavior) => ({ behavior }))];
  const end = 1790812800;
  const cancels = [
    { cancel_at: null, cancel_at_period_end: false },
    { cancel_at: null, cancel_at_period_end: true },
    { cancel_at: end, cancel_at_period_end: false },
    { cancel_at: end, cancel_at_period_end: true },
    { cancel_at: end + 1000, cancel_at_period_end: false },
  ];
  const subscription = cases.find((one: any) => one.object.object === 'subscription').object;
  const table = Object.entries(statuses).flatMap(([status, is]) =>
    pauses.flatMap((pause_collection) => cancels.map((cancel) => ({ status, is, pause_collection, ...cancel }))),
  );

  test.each(table)('$status, pause $pause_collection, ends $cancel_at $cancel_at_period_end', ({ is, ...state }) => {
    const [fact] = told('customer.subscription.updated', { ...subscription, ...state }).facts;
    if (!is) return expect(fact).toBeUndefined();
    const cancelAt = state.cancel_at ?? (state.cancel_at_period_end ? end : null);
    expect(fact).toMatchObject({
      status: state.pause_collection && is !== 'canceled' ? 'paused' : is,
      cancelAt: cancelAt && new Date(cancelAt * 1000).toISOString(),
      renews: cancelAt === null,
    });
  });

  test('has items, each with a price, a quantity, and a rhythm where it is one of ours', () => {
    const [item] = subscription.items.data;
    const priced = (price: object, more = {}) => ({ ...item, ...more, price: { ...item.price, ...price } });
    const recurring = (of: object) => ({ recurring: { ...item.price.recurring, ...of } });
    const data = [
      item,
      priced({ id: 'price_tiered', unit_amount: null, billing_scheme: 'tiered' }, { current_period_end: end + 9 }),
      priced({ id: 'price_metered', ...recurring({ usage_type: 'metered' }) }, { quantity: undefined }),
      priced({ id: 'price_quarter', ...recurring({ interval_count: 3 }) }),
      priced({ id: 'price_year', ...recurring({ interval: 'year' }) }),
      priced({ id: 'price_week', ...recurring({ interval: 'week' }) }),
      priced({ id: 'price_packs', transform_quantity: { divide_by: 5, round: 'up' } }),
      priced({ id: 'price_yen', currency: 'jpy', unit_amount: 500 }),
    ];
    const [fact] = told('customer.subscription.updated', { ...subscription, items: { data } }).facts as any[];
    const month = { quantity: 2, unitAmount: 2000, interval: 'month' };
    expect(fact.items).toEqual([
      { ...month, price: 'price_1' },
      { ...month, price: 'price_tiered', unitAmount: null },
      { ...month, price: 'price_metered', quantity: 1, unitAmount: null },
      { ...month, price: 'price_quarter', interval: null },
      { ...month, price: 'price_year', interval: 'year' },
      { ...month, price: 'price_week', interval: null },
      { ...month, price: 'price_packs', unitAmount: null },
      { ...month, price: 'price_yen', unitAmount: 500 },
    ]);
    expect(fact.periodEnd).toBe(new Date((end + 9) * 1000).toISOString());
  });
});

describe('a bill', () => {
  const session = cases.find((one: any) => one.object.object === 'checkout.session').object;
  const invoice = cases.find((one: any) => one.object.object === 'invoice').object;
  const billOf = (type: string, object: object) => (told(type, object).facts[0] as any).bill;

  test.each([
    ['eur', 5000, 5000],
    ['jpy', 5000, 5000],
    ['kwd', 5000, 5000],
    ['ugx', 5000, 50], // told in hundredths that there are not
    ['isk', 5000, 50],
    ['mga', 5000, 500_000], // told in whole ariary
  ])('in %s is in its smallest unit by ISO 4217, whatever Stripe counts in', (currency, theirs, ours) => {
    const paid = { amount_subtotal: theirs, amount_total: theirs, payment_status: 'paid', currency };
    const sums = { subtotal: ours, total: ours, paid: ours, currency: currency.toUpperCase() };
    expect(billOf('checkout.session.completed', { ...session, ...paid })).toMatchObject(sums);
    const due = { subtotal: theirs, total: theirs, amount_due: theirs, amount_paid: theirs, currency };
    expect(billOf('invoice.paid', { ...invoice, ...due })).toMatchObject(sums);
  });

  test('that does not add up is told as it is', () => {
    const short = billOf('invoice.paid', { ...invoice, total: 100, amount_due: 90, amount_paid: 80 });
    expect(short).toMatchObject({ subtotal: 4000, discount: 0, total: 100, balance: 10, paid: 80 });
  });

  test('of a session that stands open has settled nothing, though nothing is to be paid', () => {
    const open = { ...session, status: 'open', payment_status: 'no_payment_required' };
    expect(told('checkout.session.completed', open).facts).toMatchObject([{ status: 'pending' }]);
  });

  test('of which Stripe does not say the lines has no period', () => {
    expect(billOf('invoice.paid', { ...invoice, lines: { data: [] } })).not.toHaveProperty('covers');
  });
});

test.each(VERSIONS)('webhooks that are written in %s say the same', async (version) => {
  const clients = await Clients.open();
  const { books } = clients.stripe;
  books.things.version = version;
  const { url, paymentId: ours } = await clients.checkOut('stripe', { interval: 'month' });
  const tax = { percent: 10, behavior: 'exclusive' as const };
  const began = await clients.told('stripe', clients.stripe.pay(url, {}, { tax }));
  const paid = { paymentId: ours, status: 'succeeded', bill: { subtotal: 1999, tax: 200, paid: 2199 } };
  expect(began).toMatchObject([{ kind: 'subscription', paymentId: ours }, paid, paid]);
  const renewed = await clients.told('stripe', clients.stripe.renew(url));
  const { current_period_end: end } = clients.stripe.subscription(url).items.data[0];
  const to = new Date(end * 1000).toISOString();
  expect(renewed).toMatchObject([
    { kind: 'payment', bill: { covers: { to } } },
    { kind: 'subscription', periodEnd: to },
  ]);
  await clients.close();
});

describe('what is of a kind that we read, and cannot be read, is strange', () => {
  const strange = { facts: [], strange: 'other-api-version' };
  test.each([
    [
      'an event that only names what it is about',
      { object: 'v2.core.event', type: 'v1.invoice.paid', id: 'evt_1', livemode: false },
    ],
    [
      'another thing than its type says',
      { ...example('event'), type: 'invoice.paid', data: { object: example('charge') } },
    ],
    [
      'an invoice that hides its subscription',
      {
        ...example('event'),
        type: 'invoice.paid',
        data: { object: { ...example('invoice'), parent: null, billing_reason: 'subscription_cycle' } },
      },
    ],
  ])('%s', (_, event) => {
    expect(heard(JSON.stringify(event))).toMatchObject(strange);
  });

  test('but not what we never asked to hear of', () => {
    expect(told('radar.early_fraud_warning.created', { object: 'radar.early_fraud_warning' }).strange).toBeUndefined();
    expect(told('constructor', {}).facts).toEqual([]);
    expect(() => heard('[1')).toThrow(BadRequest);
  });
});
