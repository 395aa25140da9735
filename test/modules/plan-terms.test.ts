import { DAY, fromNow } from '../../src/kit/clock';
import { PROVIDERS } from '../../src/modules/payments/providers/port/payment.provider';
import { House } from '../support/house';
import { listen, Till, type Told } from '../support/till';

let house: House;
let told: Told[];
beforeAll(async () => {
  house = await House.open({ ACCESS_TOKEN_TTL: '24h' });
  told = listen(house);
});
afterAll(() => house.close());
beforeEach(() => void told.splice(0));

const order = async (terms = {}) => Till.order(house, await owner(), terms);
const owner = () => house.user({ organizationName: 'Acme', verified: false });
const bought = async (terms = {}) => {
  const till = await order(terms);
  await till.hear(till.first(), till.state());
  expect(await till.on()).toMatchObject({ plan: 'bought' });
  return till;
};
const saidOf = (till: Till, topic: string) => told.filter((one) => one.topic === topic && one.paymentId === till.id);
const endings = (till: Till) => saidOf(till, 'subscription.ends-now').length;

describe.each(PROVIDERS)('through %s, a renewal', (provider) => {
  test('carries on whatever it costs, a settled bill of nothing too, month by month for a year', async () => {
    const till = await bought({ provider });
    const bills = [
      { subtotal: 2400, total: 2400, paid: 2400 }, // the price was raised
      { discount: 1900, total: 0, paid: 0 }, // a coupon
      { tax: 380, total: 2280, paid: 2280 },
      { balance: 1900, paid: 0 }, // a credit
      { subtotal: 1, total: 1, paid: 1 },
      {},
    ];
    for (let month = 1; month <= 12; month++) {
      await till.pass(31);
      expect(await till.hear(till.renewal(month, bills[month % bills.length]))).toBe('applied');
      await till.sweep();
      expect(await till.on()).toMatchObject({ plan: 'bought' });
    }
    expect(endings(till)).toBe(0);
    const { data } = (await till.owner.get('/payments?limit=100')).expect(200);
    expect(data.map(({ status }: any) => status)).toEqual(Array(13).fill('succeeded'));
    const receipts = told.filter(({ topic }) => topic === 'payment.succeeded');
    expect(receipts).toHaveLength(13 - 4); // none for nothing
    expect(data.filter(({ amount }: any) => amount === 2280)).toHaveLength(2);
  });

  test('that never comes ends the plan, at the provider too, at once and not at the end of a period', async () => {
    const till = await bought({ provider });
    await till.hear(till.state({ status: 'past_due', at: fromNow(1000).toISOString() }));
    await till.pass(30);
    expect(await till.on()).toMatchObject({ plan: 'bought' });
    await till.pass(32);
    expect(await till.on()).toMatchObject({ plan: null, limits: { seats: 5 } });
    expect([endings(till), saidOf(till, 'subscription.renews-no-more').length]).toEqual([1, 0]);
  });

  test('that is collected all the same gives the plan back, to the end of what it pays for', async () => {
    const till = await bought({ provider });
    await till.pass(62);
    expect(await till.standing()).toBe('none');
    const canceled = till.state({ status: 'canceled', renews: false });
    await till.hear(till.renewal(1), canceled, till.renewal(1), canceled);
    expect(await till.on()).toMatchObject({ plan: 'bought', limits: { seats: 5 } });
    expect(await till.standing()).toBe('cancelled');
    expect(await till.kinds()).toEqual([]);
    await till.pass(20);
    expect(await till.standing()).toBe('cancelled');
    await till.pass(12);
    expect(await till.standing()).toBe('none');
  });

  test('that is collected for a time that is over is for a person to see, who can give the plan back', async () => {
    const till = await bought({ provider });
    await till.pass(62);
    const over = { from: fromNow(-31 * DAY).toISOString(), to: fromNow(-DAY).toISOString() };
    await till.hear(till.renewal(1, { covers: over }));
    expect([await till.standing(), await till.kinds()]).toEqual(['none', ['paid-for-nothing']]);
    await till.accept('paid-for-nothing');
    await till.pass(29);
    expect(await till.standing()).toBe('cancelled');
  });
});

describe('while something is past due', () => {
  const pastDue = async () => {
    const till = await bought();
    await till.pass(32);
    await till.hear(till.state({ status: 'past_due' }));
    return till;
  };

  test('to cancel is to end it now: what is open is not collected', async () => {
    const till = await pastDue();
    const answer = (await till.owner.delete('/organizations/:org/subscription')).expect(200);
    expect(answer).toMatchObject({ status: 'ended', cancelAtPeriodEnd: true });
    expect([endings(till), saidOf(till, 'subscription.renews-no-more').length]).toEqual([1, 0]);
    expect(await till.on()).toMatchObject({ plan: null });
  });

  test('to delete the organization is, too', async () => {
    const till = await pastDue();
    (await till.owner.delete('/organizations/:org')).expect(204);
    expect([endings(till), saidOf(till, 'subscription.renews-no-more').length]).toEqual([1, 0]);
  });
});

test('an order that is paid when its organization is gone gives nothing, is for a person to see, and is charged for no more', async () => {
  const till = await order();
  (await till.owner.delete('/organizations/:org')).expect(204);
  await till.hear(till.first(), till.state());
  expect([await till.kinds(), endings(till)]).toEqual([['paid-for-nothing'], 1]);
});

describe('money that goes back', () => {
  test('of an old month changes nothing of the plan; of the month that is paid for it ends it, at the provider too', async () => {
    const till = await bought();
    await till.pass(31);
    await till.hear(till.renewal(1));
    await till.hear(till.refund(0));
    expect([await till.standing(), endings(till)]).toEqual(['active', 0]);
    await till.hear(till.refund(1, 1899));
    expect(await till.standing()).toBe('active');
    await till.hear(till.refund(1));
    expect([await till.standing(), endings(till)]).toEqual(['none', 1]);
  });

  test('is all that was paid, with its tax, also where it was told of first', async () => {
    const till = await order();
    const tax = { tax: 380, total: 2280, paid: 2280 };
    const back = { ...till.refund(0, 1900), paymentId: till.id };
    await till.hear(back, till.first(tax));
    expect(await till.standing()).toBe('active');
    await till.hear(till.refund(0, 2280));
    expect(await till.standing()).toBe('none');
    expect((await till.owner.get(`/payments/${till.id}`)).expect(200)).toMatchObject({
      amount: 2280,
      refundedAmount: 2280,
      status: 'refunded',
    });
  });

  test('by its name counts once, and is free again when the bank returned it', async () => {
    const till = await bought({ interval: 'once' });
    const state = (refund: string, amount: number, status: 'pending' | 'succeeded' | 'returned') => ({
      kind: 'refund-state' as const,
      reference: `in_${till.id}_0`,
      refund,
      money: { ...till.price, amount },
      status,
    });
    const refunded = async () => (await till.owner.get(`/payments/${till.id}`)).expect(200).refundedAmount;
    await till.hear(state('re_1', 700, 'pending'), state('re_1', 700, 'succeeded'), state('re_1', 700, 'pending'));
    await till.hear(state('re_2', 500, 'succeeded'));
    expect(await refunded()).toBe(1200);
    await till.hear(state('re_1', 700, 'returned'), state('re_1', 700, 'succeeded'));
    expect([await refunded(), await till.kinds()]).toEqual([500, ['refund-returned']]);
  });

  test('by a dispute that is won comes back, and with it the plan, to the end of what is paid', async () => {
    const till = await bought();
    await till.hear(till.dispute(0, 'open'));
    expect([await till.standing(), endings(till), await till.kinds()]).toEqual(['none', 1, ['dispute']]);
    await till.hear(till.state({ status: 'canceled', renews: false }));
    await till.hear(till.dispute(0, 'won'), till.dispute(0, 'open'));
    expect(await till.on()).toMatchObject({ plan: 'bought' });
    expect(await till.standing()).toBe('cancelled');
    expect((await till.owner.get(`/payments/${till.id}`)).expect(200).status).toBe('succeeded');
    await till.pass(32);
    expect(await till.standing()).toBe('none');
  });

  test('by a dispute that is lost stays away', async () => {
    const till = await bought();
    await till.hear(till.dispute(0, 'lost'), till.dispute(0, 'open'));
    expect(await till.standing()).toBe('none');
    expect((await till.owner.get(`/payments/${till.id}`)).expect(200).status).toBe('disputed');
  });
});

describe('a pause', () => {
  test('leaves the default plan in force, tells the provider nothing, lasts as long as it will, and ends by itself', async () => {
    const till = await bought();
    await till.pass(10);
    await till.hear(till.state({ status: 'paused' }));
    expect([await till.standing(), await till.on()]).toEqual(['paused', { plan: null, limits: { seats: 5 } }]);
    await till.pass(200);
    expect(await till.standing()).toBe('paused');
    await till.hear(till.state({ periodEnd: fromNow(20 * DAY).toISOString() }));
    await till.sweep();
    expect([await till.standing(), await till.on()]).toEqual(['active', { plan: 'bought', limits: { seats: 5 } }]);
    await till.pass(20);
    expect(await till.standing()).toBe('active');
    await till.hear(till.renewal(1));
    await till.pass(25);
    expect(await till.standing()).toBe('active');
    expect(endings(till)).toBe(0);
  });
});

describe('a day of its own to end', () => {
  test('is shown as cancelled, and is the end', async () => {
    const till = await bought();
    const cancelAt = fromNow(40 * DAY).toISOString();
    await till.hear(till.state({ cancelAt, renews: true, periodEnd: fromNow(31 * DAY).toISOString() }));
    const shown = (await till.owner.get('/organizations/:org/subscription')).expect(200);
    expect(shown).toMatchObject({ status: 'cancelled', cancelAtPeriodEnd: true, cancelAt });
    await till.pass(30);
    await till.hear(till.renewal(1));
    await till.pass(9);
    expect(await till.standing()).toBe('cancelled');
    await till.pass(2);
    expect(await till.standing()).toBe('none');
  });
});

describe('packs', () => {
  test('are bought beside a plan: they neither end it, nor begin anything, nor take anything away when they go back', async () => {
    const till = await bought();
    const pack = await Till.order(house, till.owner, {
      kind: 'pack',
      interval: 'once',
      amount: 500,
      limits: { seats: 1 },
    });
    const newer = await Till.order(house, till.owner, { kind: 'pack', interval: 'once', amount: 500 });
    await pack.hear(pack.first());
    expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 5 } });
    await pack.hear(pack.dispute(0, 'open'));
    await pack.hear(pack.dispute(0, 'won'));
    await newer.hear(newer.first(), newer.refund(0));
    expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 5 } });
    expect([await till.standing(), endings(till) + endings(pack) + endings(newer)]).toEqual(['active', 0]);
    expect((await till.owner.get(`/payments/${pack.id}`)).expect(200).status).toBe('succeeded');
  });

  test('leave someone without a plan without one, and without limits', async () => {
    const pack = await order({ kind: 'pack', interval: 'once' });
    await pack.hear(pack.first());
    expect(await pack.on()).toEqual({ plan: null, limits: null });
  });
});
