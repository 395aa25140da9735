import { DAY } from '../../src/kit/clock';
import { LedgerService } from '../../src/modules/payments/ledger/ledger.service';
import type { Fact } from '../../src/modules/payments/providers/port/payment.provider';
import { SubscriptionsJob } from '../../src/modules/payments/subscriptions/subscriptions.job';
import { atOnce } from '../support/at-once';
import { workerSettings } from '../support/engines';
import { House } from '../support/house';
import { INSTANCES, RACERS } from '../support/races';
import { listen, Till, type Told } from '../support/till';

/** Each at a node of its own, where there are several. */
const houses: House[] = [];
const told: Told[] = [];
beforeAll(async () => {
  for (let i = 0; i < INSTANCES; i++) houses.push(await House.open({ ...workerSettings(i), ACCESS_TOKEN_TTL: '24h' }));
  for (const house of houses) listen(house, told);
});
afterAll(async () => {
  for (const house of houses) await house.close();
});
beforeEach(() => void told.splice(0));

const house = () => houses[0]!;
const turn = (i: number) => houses[i % houses.length]!.app;
/** Each of these facts told many times at once, in turn at each instance. */
const tell = ({ provider }: Till, ...facts: Fact[]) =>
  atOnce(RACERS, (i) =>
    turn(i)
      .get(LedgerService, { strict: false })
      .apply(provider, [facts[i % facts.length]!]),
  );
const sweep = (i: number) => turn(i).get(SubscriptionsJob, { strict: false }).sweep();
const bought = async () => {
  const till = await Till.order(house(), await house().user({ organizationName: 'Acme', verified: false }));
  await till.hear(till.first());
  return till;
};
const lines = async (till: Till) => (await till.owner.get('/payments')).expect(200).data;
const endings = ({ id }: Till) =>
  told.filter(({ topic, paymentId }) => topic === 'subscription.ends-now' && paymentId === id).length;

test('a first payment that is told many times at once begins one plan', async () => {
  const till = await Till.order(house(), await house().user({ organizationName: 'Acme', verified: false }));
  await tell(till, till.first(), till.state());
  expect([await till.standing(), (await lines(till)).length]).toEqual(['active', 1]);
  expect(told.filter(({ topic }) => topic === 'payment.succeeded')).toHaveLength(1);
});

test('a renewal that is told many times at once is one payment, and carries on for one period', async () => {
  const till = await bought();
  await till.pass(30);
  await tell(till, till.renewal(1));
  expect(await lines(till)).toHaveLength(2);
  const { startedAt, currentPeriodEnd } = (await till.owner.get('/organizations/:org/subscription')).expect(200);
  const days = (Date.parse(currentPeriodEnd) - Date.parse(startedAt)) / DAY;
  expect(days > 58 && days < 63).toBe(true); // two months
});

test('a refund of a month and the renewal after it, at once, leave what is paid for', async () => {
  const till = await bought();
  await till.pass(32);
  await tell(till, till.refund(0), till.renewal(1));
  expect(await till.standing()).toBe('active');
  await tell(till, till.refund(1), till.renewal(1));
  expect([await till.standing(), endings(till)]).toEqual(['none', 1]);
});

test('an end for want of money, and the money, at once, leave the plan that was paid for', async () => {
  const till = await bought();
  house().clock.advance(62 * DAY);
  await till.owner.signIn(till.owner.user.email);
  const renewal = till.renewal(1);
  await atOnce<unknown>(RACERS, (i) =>
    i % 2 ? sweep(i) : turn(i).get(LedgerService, { strict: false }).apply(till.provider, [renewal]),
  );
  expect(['active', 'cancelled']).toContain(await till.standing());
  expect(endings(till)).toBe((await till.standing()) === 'active' ? 0 : 1);
});

test('what is refused many times at once is one thing for a person to decide', async () => {
  const till = await Till.order(house(), await house().user({ organizationName: 'Acme', verified: false }));
  await tell(till, till.first({ subtotal: 1, total: 1, paid: 1 }));
  expect(await till.kinds()).toEqual(['amount-differs']);
});
