import { DAY, fromNow, HOUR } from '../../src/kit/clock';
import { House } from '../support/house';
import { listen, Till, type Told } from '../support/till';

let house: House;
let told: Told[];
beforeAll(async () => {
  house = await House.open({ ACCESS_TOKEN_TTL: '24h' });
  told = listen(house);
});
afterAll(() => house.close());

const order = async (terms = {}) =>
  Till.order(house, await house.user({ organizationName: 'Acme', verified: false }), terms);
const endings = (till: Till) =>
  told.filter(({ topic, paymentId }) => topic === 'subscription.ends-now' && paymentId === till.id).length;
const paid = async (till: Till) => (await till.owner.get(`/payments/${till.id}`)).expect(200);
const cheaper = { subtotal: 1800, total: 1800, paid: 1800 };

test('a first payment that is not what was asked waits for a person; accepted, it counts and begins the plan', async () => {
  const till = await order();
  expect(await till.hear(till.first(cheaper), till.first(cheaper))).toBe('refused');
  expect([await till.on(), (await paid(till)).status]).toEqual([{ plan: null, limits: null }, 'created']);
  const [row, ...more] = await till.open();
  expect(row).toMatchObject({ kind: 'amount-differs', paymentId: till.id, amount: 1800, currency: 'EUR', times: 2 });
  expect(row!.details).toMatchObject({ reference: `in_${till.id}_0`, subscription: till.subscription, bill: cheaper });
  expect(more).toEqual([]);

  await till.accept('amount-differs');
  expect([await till.on(), await paid(till)]).toMatchObject([
    { plan: 'bought' },
    { status: 'succeeded', amount: 1800 },
  ]);
  await till.accept('amount-differs'); // again
  await till.pass(31);
  await till.hear(till.renewal(1, cheaper));
  expect(await till.standing()).toBe('active');
});

test('Flutterwave: more than was asked counts, and the surplus is for a person to see', async () => {
  const till = await order({ provider: 'flutterwave' });
  await till.hear(till.first({ subtotal: 2000, total: 2000, paid: 2000 }));
  expect([await till.standing(), await till.kinds(), (await paid(till)).amount]).toEqual([
    'active',
    ['overpaid'],
    2000,
  ]);
});

test('what was paid twice waits for a person; accepted, it carries the plan on for a period', async () => {
  const till = await order();
  const covers = { from: fromNow(0).toISOString(), to: fromNow(30 * DAY).toISOString() };
  await till.hear(till.first({ covers }), till.first({ covers }, { reference: 'in_again' }));
  expect(await till.kinds()).toEqual(['paid-twice']);
  const end = async () => (await till.owner.get('/organizations/:org/subscription')).expect(200).currentPeriodEnd;
  const before = Date.parse(await end());
  await till.accept('paid-twice');
  await till.accept('paid-twice');
  expect(Date.parse(await end()) - before).toBeGreaterThanOrEqual(28 * DAY);
  expect(Date.parse(await end()) - before).toBeLessThanOrEqual(31 * DAY);
  expect((await till.owner.get('/payments')).expect(200).data).toHaveLength(2);
});

test('as long as money that came in is not decided about, nobody is ended for want of money', async () => {
  const till = await order({ provider: 'flutterwave' });
  await till.hear(till.first());
  await till.hear(till.first({}, { reference: 'tx_again' }));
  await till.pass(70);
  expect([await till.standing(), await till.kinds(), endings(till)]).toEqual(['active', ['paid-twice'], 0]);
  await house.query('UPDATE attention SET open_key = NULL WHERE payment_id = ?', [till.id]);
  await till.sweep();
  expect([await till.standing(), endings(till)]).toEqual(['none', 1]);
});

test('an older order that is paid after a newer one began is not lost without a word', async () => {
  const older = await order();
  const newer = await Till.order(house, older.owner, {});
  await newer.hear(newer.first());
  house.clock.advance(HOUR);
  await older.hear(older.first());
  expect([await newer.on(), await older.kinds(), endings(older)]).toMatchObject([
    { plan: 'bought' },
    ['paid-for-nothing'],
    1,
  ]);
  await expect(older.accept('paid-for-nothing')).rejects.toMatchObject({ code: 'plan-in-force' });
  await newer.hear(newer.refund(0));
  await older.accept('paid-for-nothing');
  expect(await older.on()).toMatchObject({ plan: 'bought' });
});

test('a payment that looks like an order waits for a person; accepted, it is that order’s', async () => {
  const till = await order({ provider: 'lemonsqueezy' });
  const { bill } = till.first();
  await till.hear({ kind: 'likely', paymentId: till.id, reference: 'orders/7', bill });
  expect([await till.standing(), await till.kinds()]).toEqual(['none', ['likely-paid']]);
  await till.accept('likely-paid');
  expect([await till.standing(), (await paid(till)).reference]).toEqual(['active', 'orders/7']);
});

describe('Flutterwave: a renewal', () => {
  const flutterwave = async () => {
    const till = await order({ provider: 'flutterwave' });
    await till.hear(till.first());
    return till;
  };

  test('under the name of the first payment, one interval on, carries on; sooner it is paid twice', async () => {
    const till = await flutterwave();
    for (let month = 1; month <= 3; month++) {
      await till.pass(31);
      const again = till.first({}, { reference: `tx_${till.id}_${month}`, subscription: undefined });
      expect(await till.hear(again, again)).toBe('applied');
      expect(await till.standing()).toBe('active');
    }
    expect((await till.owner.get('/payments')).expect(200).data).toHaveLength(4);
    await till.pass(10);
    await till.hear(till.first({}, { reference: 'tx_soon', subscription: undefined }));
    expect(await till.kinds()).toEqual(['paid-twice']);
  });

  test('under that name and of another sum carries nothing on: anyone can pay a little under any name', async () => {
    const till = await flutterwave();
    await till.pass(31);
    const little = { subtotal: 1, total: 1, paid: 1 };
    expect(await till.hear(till.first(little, { reference: 'tx_little', subscription: undefined }))).toBe('refused');
    expect(await till.kinds()).toEqual(['amount-differs']);
  });

  const unnamed = (till: Till, ...others: Till[]) =>
    till.renewal(1, {}, { subscription: undefined, among: [till, ...others].map((one) => one.subscription) });

  test('that may be of one alone is that one’s; of several that of the one that is due', async () => {
    const one = await flutterwave();
    const unknown = { subscription: 'sub_of_nobody' } as Till;
    await one.pass(29);
    const later = await flutterwave();
    expect(await one.hear(unnamed(one, later, unknown))).toBe('applied');
    expect((await one.owner.get('/payments')).expect(200).data).toHaveLength(2);
    expect((await later.owner.get('/payments')).expect(200).data).toHaveLength(1);
  });

  test('that may be of several is for a person to decide, and nobody loses what they may have paid for', async () => {
    const [one, other] = [await flutterwave(), await flutterwave()];
    await one.pass(31, other);
    expect(await one.hear(unnamed(one, other))).toBe('refused');
    expect([await one.kinds(), await other.kinds()]).toEqual([['likely-paid'], ['likely-paid']]);
    await one.pass(40, other);
    expect([await one.standing(), await other.standing()]).toEqual(['active', 'active']);
    await one.accept('likely-paid');
    await other.accept('likely-paid');
    expect((await one.owner.get('/payments')).expect(200).data).toHaveLength(2);
    expect((await other.owner.get('/payments')).expect(200).data).toHaveLength(1);
  });
});

test('a trial that a variant of Lemon Squeezy had of its own begins with the first bill at our price', async () => {
  const till = await order({ provider: 'lemonsqueezy' });
  const nothing = { subtotal: 0, total: 0, paid: 0 };
  await till.hear(till.first(nothing, { subscription: undefined }), till.state());
  expect([await till.standing(), await till.kinds()]).toEqual(['none', ['amount-differs']]);
  await till.pass(14);
  expect(await till.hear(till.renewal(1, { subtotal: 100, total: 100, paid: 100 }))).toBe('waiting');
  expect(await till.standing()).toBe('none');
  expect(await till.hear(till.renewal(2))).toBe('applied');
  expect([await till.on(), await till.standing()]).toMatchObject([{ plan: 'bought' }, 'active']);
});

test('Lemon Squeezy: a cheap subscription that names a dear payment carries nothing on, whichever is told first', async () => {
  for (const turned of [false, true]) {
    const till = await order({ provider: 'lemonsqueezy' });
    const dear = [
      till.first({}, { subscription: undefined, reference: `orders/${till.id}` }),
      till.state({ order: `orders/${till.id}` }),
    ];
    const cheap = [till.state({ reference: `cheap_${till.id}`, order: 'orders/1', at: fromNow(-1).toISOString() })];
    for (const fact of turned ? [...dear, ...cheap] : [...cheap, ...dear]) await till.hear(fact);
    await till.pass(25);
    const pennies = { subtotal: 100, total: 100, paid: 100 };
    expect(await till.hear(till.renewal(1, pennies, { subscription: `cheap_${till.id}` }))).toBe('waiting');
    expect(await till.hear(till.renewal(2))).toBe('applied');
  }
});

test('what its provider ended stays so, and what was charged after that comes back', async () => {
  for (const turned of [false, true]) {
    const till = await order();
    await till.hear(till.first());
    await till.pass(20);
    await till.hear(till.state({ status: 'canceled', renews: false }));
    expect([await till.standing(), endings(till)]).toEqual(['none', 0]);
    await till.pass(12);
    const facts = [till.renewal(1), till.state({ status: 'canceled', renews: false })];
    await till.hear(...(turned ? facts.toReversed() : facts));
    expect(await till.standing()).toBe('cancelled');
  }
});
