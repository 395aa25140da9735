import { DAY } from '../../src/kit/clock';
import { newId } from '../../src/kit/id';
import type { Fact } from '../../src/modules/payments/providers/port/payment.provider';
import {
  ForeignEvent,
  ProviderAway,
  ProviderRefused,
} from '../../src/modules/payments/providers/port/providers.errors';
import { StripeProvider } from '../../src/modules/payments/providers/stripe.provider';
import { Clients } from '../support/providers/clients';

let clients: Clients;
beforeAll(async () => void (clients = await Clients.open()));
afterAll(() => clients.close());
afterEach(() => expect(clients.stripe.faults.splice(0)).toEqual([]));

const client = () => clients.clients.stripe;
const checkOut = (changes?: object) => clients.checkOut('stripe', changes);
const told = (events: object | object[]) => clients.told('stripe', events);
const usd = (amount: number) => ({ amount, currency: 'USD' });
const ofKind = <K extends Fact['kind']>(facts: Fact[], kind: K) =>
  facts.filter((fact): fact is Extract<Fact, { kind: K }> => fact.kind === kind);

/** Someone subscribed, and we heard of it. */
async function subscribed(terms = {}) {
  const { url, paymentId, reference: checkout } = await checkOut({ interval: 'month' });
  const facts = await told(clients.stripe.pay(url, {}, terms));
  const [first] = ofKind(facts, 'payment');
  return { url, paymentId, checkout, reference: first!.reference!, subscription: first!.subscription! };
}

describe('a checkout', () => {
  test('is one for one payment, though the first answer got lost', async () => {
    const { stripe } = clients;
    const paymentId = newId();
    const organizationId = newId();
    stripe.loseAnswers();
    const first = await checkOut({ paymentId, organizationId });
    expect((await checkOut({ paymentId, organizationId })).url).toBe(first.url);
    expect(stripe.books.all('checkout.session').filter((one) => one.client_reference_id === paymentId)).toHaveLength(1);

    await expect(checkOut({ paymentId, organizationId, quantity: 2 })).rejects.toThrow(ProviderRefused);
    expect(stripe.faults.splice(0)).toEqual([expect.stringContaining('idempotency_error')]);
  });

  test('moves real money if the session says so', async () => {
    expect(await checkOut()).toMatchObject({ live: false });
    clients.stripe.books.things.livemode = true;
    expect(await checkOut()).toMatchObject({ live: true });
    clients.stripe.books.things.livemode = false;
  });

  test('may be paid by a bank that takes days, or by nobody', async () => {
    const slow = await checkOut();
    const { paymentId } = slow;
    expect(await told(clients.stripe.payLater(slow.url))).toMatchObject([{ paymentId, status: 'pending' }]);
    expect(await told(clients.stripe.settle(slow.url))).toMatchObject([{ paymentId, status: 'succeeded' }]);

    const left = await checkOut();
    const expired = { paymentId: left.paymentId, reference: null, status: 'failed', reason: 'The checkout expired.' };
    expect(await told(clients.stripe.expire(left.url))).toMatchObject([expired]);
  });
});

test('live and test are kept apart, and so are the accounts of others', async () => {
  const { stripe } = clients;
  const live = new StripeProvider({ ...stripe.settings, STRIPE_SECRET_KEY: 'sk_live_1' });
  const [event] = stripe.pay((await checkOut()).url);
  const read = (changes: object, by = client()) => {
    const { body, headers } = stripe.sign({ ...event!, ...changes });
    return () => by.readEvent(Buffer.from(body), headers);
  };
  expect(read({}, live)).toThrow(ForeignEvent);
  expect(read({ livemode: true })).toThrow(ForeignEvent);
  expect(read({ account: 'acct_1' })).toThrow(ForeignEvent);
  expect(read({ livemode: true }, live)().facts).toHaveLength(1);
});

test('what another product does on the same account says nothing, whatever it is asked', async () => {
  const events = clients.stripe.books.otherProduct();
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(6);
  expect(await told(events)).toEqual([]);
  const [subscription] = clients.stripe.books.all('subscription').slice(-1);
  expect(await client().lookUp({ subscription: subscription!.id })).toEqual([]);
});

describe('a refund', () => {
  test('made in the dashboard names no payment, so we ask; a subscription’s is of its invoice', async () => {
    const { url, paymentId, reference } = await subscribed();
    expect(reference).toMatch(/^in_/);
    const back = { kind: 'refund-state', paymentId, reference, money: usd(500), status: 'succeeded' };
    expect(await told(clients.stripe.refund(url, 500))).toEqual(
      [back, back].map((one) => expect.objectContaining(one)),
    );

    const once = await checkOut();
    await told(clients.stripe.pay(once.url));
    const intent = clients.stripe.intent(once.url).id;
    const [fact] = await told(clients.stripe.refund(once.url, 700));
    expect(fact).toMatchObject({ paymentId: once.paymentId, reference: intent, money: usd(700) });
  });

  test('is pending, done, and may come back; asking finds the same', async () => {
    const { url, reference } = await subscribed();
    const { charges, all } = clients.stripe.books;
    const said = async (events: object[]) => ofKind(await told(events), 'refund-state').map(({ status }) => status);
    expect(await said(clients.stripe.refund(url, 500, 'pending'))).toEqual(['pending', 'pending']);
    const refund = all('refund').at(-1)!;
    expect(await said(charges.settleRefund(refund))).toEqual(['succeeded']);
    expect(await said(charges.failRefund(refund))).toEqual(['returned', 'returned', 'returned']);
    expect(await client().lookUp({ reference })).toContainEqual(
      expect.objectContaining({ refund: refund.id, status: 'returned', reason: 'expired_or_canceled_card' }),
    );
    expect(await said(clients.stripe.refund(url, 100, 'requires_action'))).toContain('pending');
    expect(new Set(await said(charges.failRefund(all('refund').at(-1)!, 'canceled')))).toEqual(new Set(['returned']));
  });

  test('that we asked for is known by our name of it, also after Stripe forgot the key', async () => {
    const { reference, paymentId } = await subscribed();
    const order = {
      refundId: newId(),
      payment: { reference, paymentId },
      paid: usd(1999),
      refundedBefore: 0,
      amount: 900,
    };
    const fact = { kind: 'refund-state', refundId: order.refundId, reference, paymentId, money: usd(900) };
    expect(await client().refund(order)).toEqual([expect.objectContaining(fact)]);
    const of = () => clients.stripe.askedFor('POST', /refunds$/).length;
    const before = of();
    expect(await client().refund(order)).toEqual([expect.objectContaining(fact)]);
    expect(of()).toBe(before);
    const [created] = await told(clients.stripe.untold.splice(0, 1));
    expect(created).toMatchObject(fact);
  });

  test('one of many is not overlooked', async () => {
    const { url, reference } = await subscribed();
    for (let n = 0; n < 12; n++) clients.stripe.refund(url, 10);
    expect(ofKind(await client().lookUp({ reference }), 'refund-state')).toHaveLength(12);
  });
});

describe('a dispute', () => {
  const stateOf = async (events: object[]) => ofKind(await told(events), 'dispute').at(-1)?.state;

  test.each(['won', 'lost'] as const)('opens, and is %s', async (how) => {
    const { url, reference } = await subscribed();
    const opened = await told(clients.stripe.dispute(url));
    expect(opened.at(-1)).toMatchObject({ kind: 'dispute', reference, state: 'open', money: usd(1999) });
    expect(await stateOf(clients.stripe.closeDispute(url, how))).toBe(how);
    expect(ofKind(await client().lookUp({ reference }), 'dispute')).toMatchObject([{ state: how }]);
  });

  test('is none while it is an inquiry, and none when that is closed', async () => {
    const { url } = await subscribed();
    expect(await stateOf(clients.stripe.dispute(url, { inquiry: true }))).toBeUndefined();
    expect(await stateOf(clients.stripe.closeDispute(url, 'warning_closed'))).toBeUndefined();
    const other = await subscribed();
    clients.stripe.dispute(other.url, { inquiry: true });
    expect(await stateOf(clients.stripe.books.charges.escalate(clients.stripe.books.all('dispute').at(-1)!))).toBe(
      'open',
    );
  });

  test('that was prevented is lost if the money went, and else none', async () => {
    for (const inquiry of [true, false]) {
      const { url } = await subscribed();
      clients.stripe.dispute(url, { inquiry });
      expect(await stateOf(clients.stripe.closeDispute(url, 'prevented'))).toBe(inquiry ? undefined : 'lost');
    }
  });
});

describe('when every webhook was lost, asking brings', () => {
  test('what began, each renewal, refunds and disputes, in a few requests', async () => {
    const { url, paymentId, reference: checkout } = await checkOut({ interval: 'month' });
    clients.stripe.pay(url);
    clients.stripe.dispute(url);
    for (let n = 0; n < 12; n++) clients.stripe.renew(url);
    const { id } = clients.stripe.subscription(url);
    for (const handle of [{ paymentId, checkout }, { subscription: id }]) {
      const before = clients.stripe.asked.length;
      const facts = await client().lookUp(handle);
      expect(clients.stripe.asked.length - before).toBeLessThanOrEqual(5);
      const paid = new Map(ofKind(facts, 'payment').map((fact) => [fact.reference, fact]));
      expect(paid.size).toBe(13);
      expect([...paid.values()].filter((fact) => fact.paymentId)).toMatchObject([{ paymentId, status: 'succeeded' }]);
      expect([...paid.values()].every((fact) => fact.subscription === id && fact.bill.paid === 1999)).toBe(true);
      expect(ofKind(facts, 'subscription')).toMatchObject([{ paymentId, reference: id, status: 'active' }]);
      expect(ofKind(facts, 'dispute')).toMatchObject([{ paymentId, state: 'open' }]);
    }
  });

  test('the refund of what was paid once, whose name we never learnt', async () => {
    const { url, paymentId, reference: checkout } = await checkOut();
    clients.stripe.pay(url);
    clients.stripe.refund(url, 300);
    const facts = await client().lookUp({ paymentId, checkout });
    expect(ofKind(facts, 'refund-state')).toMatchObject([{ paymentId, money: usd(300) }]);
  });

  test('a payment of three years ago, which is asked for by its name', async () => {
    const { url, reference, subscription, paymentId } = await subscribed();
    for (let n = 0; n < 36; n++) clients.stripe.renew(url);
    clients.stripe.refund(url, 100);
    const facts = await client().lookUp({ paymentId, reference, subscription });
    expect(ofKind(facts, 'payment')).toContainEqual(expect.objectContaining({ reference, paymentId }));
    expect(ofKind(facts, 'refund-state')).toMatchObject([{ reference, money: usd(100) }]);
  });

  test('nothing of a renewal that nobody tried to collect yet', async () => {
    const { url, subscription } = await subscribed();
    clients.stripe.books.subscriptions.advance(clients.stripe.subscription(url));
    expect(ofKind(await client().lookUp({ subscription }), 'payment')).toHaveLength(1);
  });
});

describe('the end of a subscription', () => {
  const foreseen = (url: string) => clients.stripe.books.foresee(clients.stripe.subscription(url).id);

  test('at the end of its period takes nothing more; on its day it is over', async () => {
    const { url, subscription } = await subscribed();
    expect(foreseen(url).length).toBeGreaterThan(10);
    const [fact] = await client().cancelSubscription(subscription);
    expect(fact).toMatchObject({ status: 'active', renews: false, cancelAt: (fact as any).periodEnd });
    expect(foreseen(url)).toEqual([]);
    const events = clients.stripe.books.timeline.run(clients.stripe.books.things.now + (40 * DAY) / 1000);
    expect(await told(events.filter(({ data }) => data.object.id === subscription))).toMatchObject([
      { kind: 'subscription', status: 'canceled' },
    ]);
  });

  test.each(['an open bill', 'a draft', 'what waits for the next bill', 'a pause', 'a bill nobody will pay'])(
    'now leaves nothing to collect: %s',
    async (what) => {
      const { url, subscription } = await subscribed();
      const { books } = clients.stripe;
      const thing = clients.stripe.subscription(url);
      if (what.startsWith('an open')) clients.stripe.decline(url);
      if (what.startsWith('a draft')) Object.assign(books.subscriptions.advance(thing), { status: 'draft' });
      if (what.startsWith('what waits')) books.changes.change(thing, { quantity: 9 });
      if (what.startsWith('a pause')) books.changes.pause(thing, 'keep_as_draft');
      if (what.startsWith('a bill')) books.invoices.shelve(books.subscriptions.advance(thing), 'uncollectible');
      for (const _ of ['once', 'again'])
        expect(await client().endSubscription(subscription)).toMatchObject([
          { reference: subscription, status: 'canceled' },
        ]);
      expect(foreseen(url)).toEqual([]);
      const { query } = clients.stripe.askedFor('DELETE', /subscriptions/).at(-1)!;
      expect([query.get('invoice_now'), query.get('prorate')]).toEqual(['false', 'false']);
    },
  );

  test('now goes on where it was cut off', async () => {
    const { url, subscription } = await subscribed();
    clients.stripe.decline(url);
    clients.stripe.loseAnswers(3);
    await expect(client().endSubscription(subscription)).rejects.toThrow(ProviderAway);
    expect(foreseen(url)).not.toEqual([]);
    await client().endSubscription(subscription);
    expect(foreseen(url)).toEqual([]);
  });

  test('that the portal has set already is told', async () => {
    const { url, subscription } = await subscribed();
    clients.stripe.books.changes.cancelLater(clients.stripe.subscription(url));
    expect(await client().cancelSubscription(subscription)).toMatchObject([{ status: 'active', renews: false }]);
  });

  test('is told, too, of one that was over already; of one that never was it is refused', async () => {
    const { url, subscription } = await subscribed();
    clients.stripe.end(url);
    expect(await client().cancelSubscription(subscription)).toMatchObject([{ status: 'canceled' }]);
    expect(await client().endSubscription(subscription)).toMatchObject([{ status: 'canceled' }]);
    await expect(client().endSubscription('sub_0never0')).rejects.toThrow(ProviderRefused);
    clients.stripe.faults.length = 0;
  });
});
