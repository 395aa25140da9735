import { clock, DAY, fromNow } from '../../src/kit/clock';
import { newId } from '../../src/kit/id';
import type {
  Chargeback,
  Refund,
  Subscription,
  Transaction,
} from '../../src/modules/payments/providers/flutterwave/api.types';
import { disputeFacts, refundFact } from '../../src/modules/payments/providers/flutterwave/returns.facts';
import { ownerAmong, transactionFacts } from '../../src/modules/payments/providers/flutterwave/transactions.facts';
import type { CheckoutOrder, Fact, PaymentFact } from '../../src/modules/payments/providers/port/payment.provider';
import { BadSignature, ProviderRefused } from '../../src/modules/payments/providers/port/providers.errors';
import { FlutterwaveProvider } from '../../src/modules/payments/providers/flutterwave.provider';
import { Clients } from '../support/providers/clients';

let clients: Clients;
beforeAll(async () => void (clients = await Clients.open()));
afterAll(() => clients.close());
afterEach(() => expect(flutterwave().faults).toEqual([]));

const flutterwave = () => clients.flutterwave;
const client = () => clients.clients.flutterwave;
const told = (events: object | object[]) => clients.told('flutterwave', events);
const usd = (amount: number) => ({ amount, currency: 'USD' });

/** Each buyer is one of their own: it is by the address that renewals are found. */
const checkOut = async (changes: Partial<CheckoutOrder> & { interval?: 'once' | 'month' } = {}) => {
  const email = `${newId()}@example.com`;
  return { email, ...(await clients.checkOut('flutterwave', { email, ...changes })) };
};
const subscribed = async () => {
  const bought = await checkOut({ interval: 'month' });
  const facts = await told(flutterwave().pay(bought.url));
  const { reference: subscription } = facts.find(({ kind }) => kind === 'subscription') as { reference: string };
  return { ...bought, subscription, facts };
};
const payments = (facts: Fact[]) => facts.filter((fact): fact is PaymentFact => fact.kind === 'payment');

describe('a transaction', () => {
  test('counts what was asked for: a fee on top is theirs, what they keep is the seller’s', async () => {
    flutterwave().books.feeOnTop = true;
    const { url, paymentId } = await checkOut();
    const [paid] = await told(flutterwave().pay(url));
    flutterwave().books.feeOnTop = false;
    const { charged_amount, app_fee } = flutterwave().books.transactions.at(-1)!;
    expect([charged_amount > 19.99, app_fee > 0]).toEqual([true, true]);
    const bill = { currency: 'USD', subtotal: 1999, discount: 0, tax: 0, total: 1999, balance: 0, paid: 1999 };
    expect(paid).toMatchObject({ paymentId, status: 'succeeded', bill, at: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  test.each([
    [25, 2500],
    [10, 1000],
  ])('of %s where 19.99 was asked is told as it is', async (amount, paid) => {
    const { url } = await checkOut();
    expect(await told(flutterwave().pay(url, { amount }))).toMatchObject([{ status: 'succeeded', bill: { paid } }]);
  });

  test('is pending for hours, and paid once it is verified, whoever tells', async () => {
    const { url, paymentId } = await checkOut();
    expect(await told(flutterwave().pay(url, { status: 'pending' }))).toMatchObject([{ paymentId, status: 'pending' }]);
    flutterwave().settle(url); // an event that never comes
    expect(await client().lookUp({ paymentId })).toMatchObject([{ paymentId, status: 'succeeded' }]);
  });

  const data = { id: 1, flw_ref: 'f', amount: 19.99, currency: 'USD', created_at: '2026-01-31T10:00:00.000Z' };
  const transaction = (changes: object) =>
    ({ ...data, customer: { email: 'a@example.com' }, ...changes }) as Transaction;
  test.each([
    ['successful', ['succeeded']],
    ['pending', ['pending']],
    ['failed', ['failed']],
    ['of another state', []],
  ])('that is %s', (status, wanted) => {
    const facts = transactionFacts(transaction({ status, tx_ref: newId() }));
    expect(facts.map((fact) => fact.status)).toEqual(wanted);
    expect(transactionFacts(transaction({ status, tx_ref: 'sold elsewhere' }))).toEqual([]);
  });

  const running = { id: 7, plan: 3, amount: 19.99, status: 'active', created_at: '2026-01-01T00:00:00.000Z' };
  const other = (changes: Partial<Subscription>): Subscription => ({ ...running, id: 8, ...changes });
  test.each<[string, Subscription[], object, object]>([
    ['the only one', [running], {}, { subscription: running }],
    ['of several amounts', [running, other({ amount: 5 })], {}, { subscription: running }],
    ['of several plans, where it says one', [running, other({ plan: 4 })], { plan: 3 }, { subscription: running }],
    ['of two that fit', [running, other({})], {}, { among: ['7', '8'] }],
    ['of one that runs', [running, other({ status: 'cancelled' })], {}, { subscription: running }],
    ['of one that was cancelled since', [other({ status: 'cancelled' })], {}, { subscription: { id: 8 } }],
    ['of one that began later', [other({ created_at: '2026-02-01T00:00:00.000Z' })], {}, {}],
    ['of none', [], {}, {}],
  ])('is of a customer’s subscription: %s', (_which, all, changes, wanted) => {
    const owner = ownerAmong(all, transaction({ status: 'successful', tx_ref: 'theirs', ...changes }));
    expect(owner).toMatchObject(wanted);
    expect(Object.keys(owner)).toEqual(Object.keys(wanted));
  });
});

describe('a renewal', () => {
  test('that names nothing is found by its buyer and its amount', async () => {
    const { url, subscription, email } = await subscribed();
    flutterwave().sellElsewhere(email, 5);
    const [renewed, state] = await told(flutterwave().renew(url));
    expect(renewed).toMatchObject({ status: 'succeeded', subscription, bill: { paid: 1999 }, at: expect.any(String) });
    expect(renewed).not.toHaveProperty('paymentId');
    expect(state).toMatchObject({ kind: 'subscription', reference: subscription, renews: true });
  });

  test('under our own reference names the payment that began it, and when it was charged', async () => {
    const { url, subscription, paymentId, facts } = await subscribed();
    const [first] = payments(facts);
    flutterwave().books.transactions.at(-1)!.created_at = fromNow(-30 * DAY).toISOString();
    const [again] = payments(await told(flutterwave().renew(url, 'ours')));
    expect(again).toMatchObject({ paymentId, subscription, status: 'succeeded' });
    expect(again!.reference).not.toBe(first!.reference);
    expect(Date.parse(again!.at!)).toBeGreaterThan(clock.now().getTime() - DAY);
  });

  test('that could be of two subscriptions says which', async () => {
    const { url, email, subscription } = await subscribed();
    const second = await checkOut({ interval: 'month', email });
    const [, state] = await told(flutterwave().pay(second.url));
    const [renewed] = await told(flutterwave().renew(url));
    expect(renewed).toMatchObject({ among: [subscription, (state as { reference: string }).reference] });
    expect(renewed).not.toHaveProperty('subscription');
  });

  test('is not what one pays once, be it the same amount', async () => {
    const { email } = await subscribed();
    const once = await checkOut({ email });
    const [paid] = await told(flutterwave().pay(once.url));
    expect(paid).toMatchObject({ paymentId: once.paymentId });
    expect(paid).not.toHaveProperty('subscription');
  });

  test('that nobody told is listed when the subscription is asked about, over several pages', async () => {
    const { url, email, subscription, paymentId } = await subscribed();
    const since = fromNow(-DAY).toISOString();
    for (let month = 0; month < 11; month++) flutterwave().renew(url);
    flutterwave().renew(url, 'ours');
    flutterwave().sellElsewhere(email, 5);
    const facts = await client().lookUp({ subscription, paymentId });
    const charged = new Set(payments(facts).map(({ reference }) => reference));
    expect(charged.size).toBe(13);
    expect(payments(facts).every((fact) => fact.subscription === subscription)).toBe(true);
    const nameless = await client().lookUp({ subscription, buyer: { email, since } });
    expect(payments(nameless).filter((fact) => fact.subscription === subscription)).toHaveLength(11);
  });

  test('that is declined three times ends it, and the event names its customer alone: so we ask', async () => {
    const { url, subscription } = await subscribed();
    const tries = [...flutterwave().decline(url), ...flutterwave().decline(url)];
    expect(await told(tries)).toEqual([]); // they try again
    const [last, cancelled] = flutterwave().decline(url);
    expect(await told(last!)).toEqual([]);
    const { body, headers } = flutterwave().sign(cancelled!);
    const { ask, facts } = client().readEvent(Buffer.from(body), headers);
    expect([ask?.buyer?.email, ask?.subscription, facts]).toEqual([cancelled!.data.customer.email, undefined, []]);
    expect(await told(cancelled!)).toMatchObject([{ reference: subscription, renews: false, status: 'active' }]);
  });
});

describe('a subscription', () => {
  test('is cancelled by its buyer in a mail, which is told; ours, which is not, ends what would be charged', async () => {
    const bought = await subscribed();
    expect(await told(flutterwave().cancelByMail(bought.url))).toMatchObject([
      { reference: bought.subscription, renews: false },
    ]);
    const { subscription } = await subscribed();
    const due = () => flutterwave().books.foresee(subscription);
    expect(due()).toHaveLength(1);
    expect(await client().endSubscription(subscription)).toMatchObject([{ reference: subscription, renews: false }]);
    expect(due()).toEqual([]);
    expect(await client().endSubscription(subscription)).toEqual([]); // already
    expect(await client().cancelSubscription('1')).toEqual([]); // gone
    flutterwave().fail(400);
    await expect(client().endSubscription(subscription)).rejects.toThrow(ProviderRefused);
  });
});

describe('money that goes back', () => {
  const refund = (status: string) => ({ id: 5, transaction_id: 1, amount_refunded: 7, status }) as Refund;
  test.each([
    ['completed', 'succeeded'],
    ['completed-momo', 'succeeded'],
    ['completed-bank-transfer', 'succeeded'],
    ['pending', 'pending'],
    ['new', 'pending'],
    ['failed', 'returned'],
  ])('a refund that is %s is %s', (status, wanted) => {
    const fact = refundFact(refund(status), { reference: '1' }, 'USD');
    expect(fact).toEqual({ kind: 'refund-state', reference: '1', refund: '5', money: usd(700), status: wanted });
  });

  test('bears our name where it is ours, and is told where it is not', async () => {
    const { url, paymentId } = await checkOut();
    const [paid] = payments(await told(flutterwave().pay(url)));
    const payment = { paymentId, reference: paid!.reference! };
    const refundId = newId();
    const ours = { refundId, payment, paid: usd(1999), refundedBefore: 0, amount: 500 };
    const made = { kind: 'refund-state', ...payment, refundId, money: usd(500), status: 'succeeded' };
    expect(await client().refund(ours)).toMatchObject([made]);
    expect(await client().refund(ours)).toMatchObject([made]); // asked again, it is the same
    expect(flutterwave().askedFor('POST', /refund$/)).toHaveLength(1);

    flutterwave().books.refundStatus = 'pending';
    const theirs = flutterwave().refund(url, 7);
    const states = (facts: Fact[]) => facts.filter(({ kind }) => kind === 'refund-state');
    expect(states(await client().lookUp(payment))).toMatchObject([made, { money: usd(700), status: 'pending' }]);
    Object.assign(theirs, { status: 'failed' });
    expect(states(await client().lookUp(payment))).toMatchObject([made, { money: usd(700), status: 'returned' }]);
    flutterwave().books.refundStatus = 'completed';
    const rest = { ...ours, refundId: newId(), refundedBefore: 500, amount: 1499 };
    expect(await client().refund(rest)).toHaveLength(3); // what came back can go again
  });

  test.each([
    ['initiated', 'open'],
    ['pending', 'open'],
    ['declined', 'open'],
    ['accepted', 'lost'],
    ['lost', 'lost'],
    ['won', 'won'],
    ['of another state', undefined],
  ])('a chargeback that is %s is %s', (status, state) => {
    const chargeback: Chargeback = { id: 9, amount: 19.99, status, transaction_id: 1 };
    const dispute = { kind: 'dispute', reference: '1', dispute: '9', money: usd(1999), state };
    expect(disputeFacts(chargeback, { reference: '1' }, 'USD')).toEqual(state ? [dispute] : []);
  });

  test('by a bank is found when the payment is asked about, and where it may not be listed the payment counts', async () => {
    const { url, paymentId } = await checkOut();
    await told(flutterwave().pay(url));
    const chargeback = flutterwave().dispute(url, 'initiated');
    const open = { kind: 'dispute', paymentId, dispute: String(chargeback.id), state: 'open', reason: 'Not received' };
    expect(await client().lookUp({ paymentId })).toContainEqual(expect.objectContaining(open));
    const hint = { event: 'chargeback.initiated', data: { transaction_id: chargeback.transaction_id } };
    expect(await told(hint)).toContainEqual(expect.objectContaining(open));
    chargeback.status = 'won';
    expect(await client().lookUp({ paymentId })).toContainEqual(expect.objectContaining({ ...open, state: 'won' }));
  });
});

describe('another version of the API', () => {
  const v4 = { type: 'charge.completed', data: { id: 'chg_1', status: 'succeeded', reference: newId() } };
  const read = ({ body, headers }: { body: string; headers: Record<string, string> }) =>
    client().readEvent(Buffer.from(body), headers);

  test('is heard, and found strange; signed as it signs, or with the old hash', () => {
    for (const signed of [flutterwave().signAsV4(v4), flutterwave().sign(v4)])
      expect(read(signed)).toMatchObject({ type: 'charge.completed', facts: [], strange: 'other-api-version' });
    expect(read(flutterwave().sign({ event: 'transfer.completed', data: { id: 1 } }))).not.toHaveProperty('strange');
  });

  test('is not believed without the secret', () => {
    const forged = flutterwave().signAsV4(v4, { hash: 'another' });
    const genuine = flutterwave().signAsV4(v4);
    for (const wrong of [
      forged,
      { ...genuine, body: genuine.body.replace('chg_1', 'chg_2') },
      { ...genuine, headers: {} as Record<string, string> },
      { ...genuine, headers: { ...genuine.headers, 'verif-hash': 'wrong' } },
    ])
      expect(() => read(wrong)).toThrow(BadSignature);
  });
});

test('its key shows whether money moves', () => {
  const keyed = (key: string) =>
    new FlutterwaveProvider({ ...flutterwave().settings, FLUTTERWAVE_SECRET_KEY: key }).isLive;
  expect([keyed('FLWSECK_TEST-1-X'), keyed('FLWSECK-1-X')]).toEqual([false, true]);
});

test('what another product of the account sells says nothing', async () => {
  const { email } = await subscribed();
  expect(await told(flutterwave().sellElsewhere(email, 5))).toEqual([]);
  expect(await told(flutterwave().sellElsewhere(`${newId()}@example.com`, 19.99))).toEqual([]);
});
