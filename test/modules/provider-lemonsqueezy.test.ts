import { clock, DAY, fromNow } from '../../src/kit/clock';
import { newId } from '../../src/kit/id';
import type { Billed, Invoice, Order, Subscription } from '../../src/modules/payments/providers/lemonsqueezy/api.types';
import { billOf, invoiceFacts, orderFacts } from '../../src/modules/payments/providers/lemonsqueezy/bills.facts';
import { subscriptionFacts } from '../../src/modules/payments/providers/lemonsqueezy/subscriptions.facts';
import type { CheckoutOrder, Fact } from '../../src/modules/payments/providers/port/payment.provider';
import { ProviderAway } from '../../src/modules/payments/providers/port/providers.errors';
import { Clients } from '../support/providers/clients';

let clients: Clients;
beforeAll(async () => void (clients = await Clients.open()));
afterAll(() => clients.close());
beforeEach(() => Object.assign(clients.lemonsqueezy.books, { tax: { percent: 20, inclusive: false }, discount: 0 }));
afterEach(() => expect(clients.lemonsqueezy.faults).toEqual([]));

const lemon = () => clients.lemonsqueezy;
const client = () => clients.clients.lemonsqueezy;
const told = (events: object | object[]) => clients.told('lemonsqueezy', events);
const checkOut = (changes: Partial<CheckoutOrder> & { interval?: 'once' | 'month' } = {}) =>
  clients.checkOut('lemonsqueezy', changes);
const usd = (amount: number) => ({ amount, currency: 'USD' });

const paymentId = newId();
const created_at = '2026-01-31T10:00:00.000000Z';
const at = '2026-01-31T10:00:00.000Z';
const updated_at = '2026-02-09T10:00:00.000000Z';
const later = '2026-02-09T10:00:00.000Z';
const sums = { subtotal: 1900, discount_total: 0, tax: 380, tax_inclusive: false, total: 2280, refunded_amount: 0 };
const billed = (changes: object): Billed => ({
  store_id: 1,
  currency: 'USD',
  status: 'paid',
  created_at,
  ...sums,
  ...changes,
});
const order = (changes: object) => ({ type: 'orders', id: '1', attributes: billed(changes) as Order });
const invoice = (changes: object) => ({
  type: 'subscription-invoices',
  id: '5',
  attributes: { ...billed(changes), subscription_id: 7, billing_reason: 'renewal', updated_at, ...changes } as Invoice,
});

describe('a bill', () => {
  test.each([
    ['with tax on top', {}, [1900, 0, 380, 2280]],
    [
      'with a discount, and tax of what is left',
      { discount_total: 900, tax: 200, total: 1200 },
      [1900, 900, 200, 1200],
    ],
    ['with its tax inside', { tax_inclusive: true, tax: 317, total: 1900 }, [1900, 0, 0, 1900]],
    [
      'with its tax inside, though not in `subtotal`',
      { tax_inclusive: true, subtotal: 1583, tax: 317, total: 1900 },
      [1900, 0, 0, 1900],
    ],
    [
      'with its tax inside and a discount',
      { tax_inclusive: true, discount_total: 900, tax: 167, total: 1000 },
      [1900, 900, 0, 1000],
    ],
    ['of nothing', { discount_total: 1900, tax: 0, total: 0 }, [1900, 1900, 0, 0]],
    ['that does not add up, as it is', { total: 2281 }, [1900, 0, 380, 2281]],
  ])('%s', (_what, changes, [subtotal, discount, tax, paid]) => {
    const bill = { currency: 'USD', subtotal, discount, tax, total: paid, balance: 0, paid };
    expect(billOf(billed(changes))).toEqual(bill);
  });

  const kinds = (facts: Fact[]) =>
    facts.map((fact) => (fact.kind === 'payment' ? fact.status : fact.kind === 'dispute' ? fact.state : fact.kind));
  test.each([
    ['pending', 0, ['pending']],
    ['failed', 0, ['failed']],
    ['paid', 0, ['succeeded']],
    ['partial_refund', 500, ['succeeded', 'refund']],
    ['refunded', 2280, ['succeeded', 'refund']],
    ['fraudulent', 0, ['lost']],
    ['fraudulent', 2280, ['refund', 'lost']],
    ['of another kind', 0, []],
  ])('of an order that is %s, of which %i went back', (status, refunded_amount, wanted) => {
    const facts = orderFacts(order({ status, refunded_amount }), { paymentId });
    expect(kinds(facts)).toEqual(wanted);
    for (const fact of facts) expect(fact).toMatchObject({ paymentId, reference: 'orders/1' });
  });

  test.each([
    ['renewal', 'paid', undefined, ['succeeded']],
    ['renewal', 'pending', undefined, ['pending']],
    ['renewal', 'pending', 'subscription_payment_failed', ['failed']],
    ['renewal', 'paid', 'subscription_payment_recovered', ['succeeded']],
    ['renewal', 'void', undefined, ['failed']],
    ['renewal', 'partial_refund', 'subscription_payment_refunded', ['succeeded', 'refund']],
    ['updated', 'paid', 'subscription_payment_success', ['succeeded']],
    ['initial', 'paid', 'subscription_payment_success', []], // its order says it
    ['initial', 'refunded', 'subscription_payment_refunded', ['refund']],
  ])('of an invoice for a %s that is %s, told by %s', (billing_reason, status, event, wanted) => {
    const refunded_amount = status.includes('refund') ? 500 : 0;
    const facts = invoiceFacts(invoice({ billing_reason, status, refunded_amount }), paymentId, event);
    expect(kinds(facts)).toEqual(wanted);
    const [payment] = facts.filter(({ kind }) => kind === 'payment');
    const wantedAt = refunded_amount ? at : later; // what changed it last, but for a refund, paid it
    if (payment)
      expect(payment).toMatchObject({ reference: 'subscription-invoices/5', subscription: '7', at: wantedAt });
    if (payment) expect(payment).not.toHaveProperty('paymentId');
  });

  test('for a change pays for no further time', () => {
    const [changed] = invoiceFacts(invoice({ billing_reason: 'updated' }));
    const [renewed] = invoiceFacts(invoice({ billing_reason: 'renewal' }));
    expect(changed).toMatchObject({ bill: { covers: { from: later, to: later } } });
    expect((renewed as { bill: object }).bill).not.toHaveProperty('covers');
  });
});

describe('a subscription', () => {
  const [renews_at, ends_at, resumes_at] = ['2026-02-28T10:00:00Z', '2026-02-27T10:00:00Z', '2026-05-01T00:00:00Z'];
  const iso = (time: string) => new Date(time).toISOString();
  const stated = (changes: object) => {
    const none = { pause: null, ends_at: null, first_subscription_item: { quantity: 3 } };
    const attributes = {
      store_id: 1,
      order_id: 1,
      variant_id: 9,
      renews_at,
      updated_at: created_at,
      ...none,
      ...changes,
    };
    return subscriptionFacts({ type: 'subscriptions', id: '7', attributes: attributes as Subscription }, paymentId);
  };

  test.each([
    ['active', {}, { status: 'active', renews: true, periodEnd: iso(renews_at), cancelAt: null }],
    ['on_trial', {}, { status: 'active', renews: true, periodEnd: iso(renews_at), cancelAt: null }],
    ['past_due', {}, { status: 'past_due', renews: true, periodEnd: iso(renews_at), cancelAt: null }],
    ['unpaid', {}, { status: 'past_due', renews: true, periodEnd: iso(renews_at), cancelAt: null }],
    [
      'paused',
      { pause: { mode: 'void' } },
      { status: 'paused', renews: true, periodEnd: iso(renews_at), cancelAt: null },
    ],
    [
      'paused',
      { pause: { mode: 'free', resumes_at } },
      { status: 'paused', renews: true, periodEnd: iso(resumes_at), cancelAt: null },
    ],
    ['cancelled', { ends_at }, { status: 'active', renews: false, periodEnd: iso(ends_at), cancelAt: iso(ends_at) }],
    ['expired', { ends_at }, { status: 'canceled', renews: false, periodEnd: iso(ends_at), cancelAt: null }],
  ])('that is %s, %j', (status, changes, wanted) => {
    const items = [{ price: '9', quantity: 3, unitAmount: null, interval: null }];
    expect(stated({ status, ...changes })).toEqual([
      { kind: 'subscription', reference: '7', paymentId, order: 'orders/1', items, at, ...wanted },
    ]);
  });

  test('in a trial says no quantity, and one of an unknown state nothing', () => {
    expect(stated({ status: 'on_trial', first_subscription_item: null })[0]).not.toHaveProperty('items');
    expect(stated({ status: 'frozen' })).toEqual([]);
  });

  test('is cancelled once, and to end one that is over or gone is no error', async () => {
    const { url } = await checkOut({ interval: 'month' });
    const [subscription] = (await told(lemon().pay(url))).filter(({ kind }) => kind === 'subscription');
    const { reference } = subscription as { reference: string };
    const due = () => lemon().books.foresee(reference);
    expect(due()).toMatchObject([{ how: 'renewal' }]);

    for (const _ of ['once', 'again'])
      expect(await client().endSubscription(reference)).toMatchObject([{ status: 'active', renews: false }]);
    expect(due()).toEqual([]);
    await told(lemon().end(url));
    expect(await client().cancelSubscription(reference)).toMatchObject([{ status: 'canceled' }]);
    expect(await client().endSubscription('1')).toEqual([]);
  });

  test('that is past due when it ends is tried still: nothing renews, and what is collected is told', async () => {
    const { url } = await checkOut({ interval: 'month' });
    await told(lemon().pay(url));
    const { subscription: reference } = lemon().sold(url);
    expect(await told(lemon().decline(url))).toMatchObject([
      { kind: 'payment', status: 'failed', reason: 'The bank declined it.', subscription: reference },
      { kind: 'subscription', status: 'past_due' },
    ]);
    await client().endSubscription(reference!);
    expect(lemon().books.foresee(reference!)).toMatchObject([{ how: 'retry' }]);
    const late = await told(lemon().recover(url));
    expect(late).toMatchObject([{ kind: 'payment', status: 'succeeded', subscription: reference }]);
  });

  test('is tried five times, then unpaid, then expired; or recovers', async () => {
    const { url } = await checkOut({ interval: 'month' });
    await told(lemon().pay(url));
    const states = [];
    for (let tries = 0; tries < 5; tries++) states.push((await told(lemon().decline(url)))[1]);
    expect(states.map((fact) => (fact as { status: string }).status)).toEqual(Array(5).fill('past_due'));
    expect(lemon().books.subscriptionOf(lemon().sold(url)).attributes.status).toBe('unpaid');
    expect(await told(lemon().recover(url))).toMatchObject([{ status: 'succeeded' }, { status: 'active' }]);
    expect(await told(lemon().end(url))).toMatchObject([{ status: 'canceled' }]);
  });

  test('that its buyer moves in the portal says the variant and the quantity, not for PayPal', async () => {
    const { url } = await checkOut({ interval: 'month', quantity: 2 });
    await told(lemon().pay(url));
    const large = lemon().variant('month', { price: 4900 });
    const facts = await told(lemon().move(url, { variant: large, quantity: 4 }));
    const items = [{ price: large, quantity: 4, unitAmount: null, interval: null }];
    expect(facts.filter(({ kind }) => kind === 'subscription')).toMatchObject([{ items }, { items }]);
    expect(facts.at(-1)).toMatchObject({ kind: 'payment', status: 'succeeded', bill: { covers: expect.anything() } });

    lemon().books.subscriptionOf(lemon().sold(url)).attributes.payment_processor = 'paypal';
    expect(() => lemon().move(url, { quantity: 5 })).toThrow('Not for PayPal');
  });
});

describe('a checkout', () => {
  test('skips the trial of the variant, sells all of the quantity as one, and is live as its answer says', async () => {
    const providerRef = lemon().variant('month', { trialDays: 14 });
    const { url, live } = await checkOut({ interval: 'month', quantity: 3, providerRef });
    const { body } = lemon()
      .askedFor('POST', /checkouts$/)
      .at(-1)!;
    expect(JSON.parse(body).data.attributes).toMatchObject({
      custom_price: 5997,
      product_options: { name: 'Pro × 3' },
      checkout_options: { skip_trial: true, discount: false },
    });
    expect(live).toBe(false);
    const facts = await told(lemon().pay(url));
    expect(facts).toMatchObject([
      {
        kind: 'payment',
        bill: { subtotal: 5997, tax: 1199, paid: 7196 },
        items: [{ price: providerRef, quantity: 1 }],
      },
      { kind: 'subscription', status: 'active', items: [{ price: providerRef, quantity: 1 }] },
    ]);

    lemon().books.testMode = false;
    expect((await checkOut()).live).toBe(true);
    lemon().books.testMode = true;
  });

  test('is not a test of the key: only an answer tells whether money moves', () => {
    expect([client().isLive, client().isMerchantOfRecord]).toEqual([null, true]);
    expect([clients.clients.stripe.isMerchantOfRecord, clients.clients.flutterwave.isMerchantOfRecord]).toEqual([
      false,
      false,
    ]);
  });
});

describe('a refund', () => {
  test('is of what was paid, with its tax, in parts and whole', async () => {
    const { url, paymentId: id } = await checkOut();
    await told(lemon().pay(url));
    const payment = { paymentId: id, reference: `orders/${lemon().sold(url).order}` };
    const back = (refundedBefore: number, amount: number) =>
      client().refund({ refundId: newId(), payment, paid: usd(2399), refundedBefore, amount });
    expect(await back(0, 1000)).toContainEqual({ kind: 'refund', ...payment, refunded: usd(1000) });
    expect(await back(0, 1000)).toContainEqual({ kind: 'refund', ...payment, refunded: usd(1000) });
    expect(await back(1000, 1399)).toContainEqual({ kind: 'refund', ...payment, refunded: usd(2399) });
    expect(lemon().askedFor('POST', /refund$/)).toHaveLength(2);
  });

  test('of an invoice in the dashboard is told by its sum', async () => {
    const { url } = await checkOut({ interval: 'month' });
    await told([...lemon().pay(url), ...lemon().renew(url)]);
    const [, refund] = await told(lemon().refundInvoice(url, 700));
    expect(refund).toEqual({
      kind: 'refund',
      reference: expect.stringMatching(/^subscription-invoices/),
      refunded: usd(700),
    });
  });
});

describe('asked', () => {
  const buyer = (email = 'ada@example.com') => ({ email, since: clock.now().toISOString() });

  test('about an open payment, names what its buyer bought of that variant since: likely, no more', async () => {
    const email = `${newId()}@example.com`;
    const providerRef = lemon().variant();
    lemon().sellElsewhere(email, providerRef, 1999);
    Object.assign(lemon().books.all('orders').at(-1)!.attributes, { created_at: fromNow(-DAY).toISOString() });
    const { paymentId: id, reference: checkout, url } = await checkOut({ email, providerRef });
    const handle = { paymentId: id, checkout, buyer: buyer(email) };
    lemon().sellElsewhere(email, lemon().variant(), 1999);
    lemon().sellElsewhere('else@example.com', providerRef, 1999);
    expect(await client().lookUp(handle)).toEqual([]);

    lemon().pay(url); // and nobody tells us
    const bill = { currency: 'USD', subtotal: 1999, discount: 0, tax: 400, total: 2399, balance: 0, paid: 2399 };
    const reference = `orders/${lemon().sold(url).order}`;
    expect(await client().lookUp(handle)).toEqual([{ kind: 'likely', paymentId: id, reference, bill }]);
    lemon().defraud(url);
    expect(await client().lookUp(handle)).toEqual([]);
  });

  test('about an open payment whose subscription is known, tells the order that it is, and all that was billed', async () => {
    const { url, paymentId: id, reference: checkout } = await checkOut({ interval: 'month' });
    lemon().pay(url);
    const { subscription, order: ordered } = lemon().sold(url);
    lemon().renew(url);
    const facts = await client().lookUp({ paymentId: id, checkout, subscription, buyer: buyer() });
    expect(facts).toMatchObject([
      { kind: 'payment', paymentId: id, reference: `orders/${ordered}`, status: 'succeeded', subscription },
      { kind: 'payment', reference: expect.stringMatching(/^subscription-invoices/), subscription },
      { kind: 'subscription', reference: subscription, paymentId: id },
    ]);
    expect(lemon().asked.at(-1)).toMatchObject({ path: `/v1/subscriptions/${subscription}` }); // one question for all of it

    const nameless = await client().lookUp({ subscription });
    expect(nameless.map(({ kind }) => kind)).toEqual(['payment', 'subscription']); // the order would look like a renewal
  });

  test('about an order, tells the subscription that it began', async () => {
    const { url, paymentId: id } = await checkOut({ interval: 'month' });
    lemon().pay(url);
    const { subscription, order: ordered } = lemon().sold(url);
    expect(await client().lookUp({ paymentId: id, reference: `orders/${ordered}` })).toMatchObject([
      { kind: 'payment', paymentId: id, subscription },
      { kind: 'subscription', reference: subscription, paymentId: id, status: 'active' },
    ]);
  });

  test('about one that is paused, says so, and does not make declined payments of voided bills', async () => {
    const { url, paymentId: id } = await checkOut({ interval: 'month' });
    lemon().pay(url);
    const paused = await told(lemon().pause(url, 60));
    expect(paused).toMatchObject([{ status: 'paused', renews: true }]);
    expect(lemon().renew(url)).toEqual([]);
    const { subscription } = lemon().sold(url);
    const facts = await client().lookUp({ paymentId: id, subscription });
    expect(facts).toMatchObject([{ reference: expect.stringMatching(/^orders/) }, { status: 'paused' }]);
    const reference = `subscription-invoices/${lemon().books.invoicesOf(subscription!).at(-1)!.id}`;
    const voided = { status: 'failed', reason: 'It was voided.' };
    expect(await client().lookUp({ subscription, reference })).toMatchObject([voided, { status: 'paused' }]);
    expect(await told(lemon().unpause(url))).toMatchObject([{ status: 'active' }]);
  });

  test('about an order that turned fraudulent, says a dispute that is lost', async () => {
    const { url, paymentId: id } = await checkOut({ interval: 'month' });
    lemon().pay(url);
    lemon().defraud(url);
    const { subscription, order: ordered } = lemon().sold(url);
    const lost = { kind: 'dispute', reference: `orders/${ordered}`, state: 'lost', money: usd(2399) };
    const [named] = await client().lookUp({ paymentId: id, reference: `orders/${ordered}` });
    expect(named).toMatchObject({ ...lost, dispute: `orders/${ordered}:fraud`, paymentId: id });
    const [nameless] = await client().lookUp({ subscription });
    expect(nameless).toMatchObject(lost);
  });

  test('about what is not there, knows nothing; too often, is away', async () => {
    expect(await client().lookUp({ subscription: '1' })).toEqual([]);
    expect(await client().lookUp({ reference: 'orders/1' })).toEqual([]);
    expect(await client().lookUp({ paymentId: newId(), buyer: buyer('nobody@example.com') })).toEqual([]);
    lemon().fail(429);
    await expect(client().lookUp({ subscription: '1' })).rejects.toThrow(ProviderAway);
  });
});

test('what another product of the store sells, says nothing', async () => {
  expect(await told(lemon().sellElsewhere('ada@example.com', lemon().variant(), 1999))).toEqual([]);
  expect(await told(lemon().sellElsewhere('ada@example.com', lemon().variant('month'), 1999))).toEqual([]);
});

test('what is never heard is told four times, and then no more', async () => {
  const heard: number[] = [];
  const deaf = { post: async () => ({ status: heard.push(503) && 503 }) };
  const [event] = lemon().pay((await checkOut()).url);
  expect(await lemon().tellOrGiveUp(event!, deaf)).toBe(false);
  expect(heard).toHaveLength(4);
});
