import { newId } from '../../src/kit/id';
import { House } from '../support/house';
import { listen, Till } from '../support/till';
import { PASSWORD, type Visitor } from '../support/visitor';

let house: House;
let staff: Visitor;
beforeAll(async () => {
  house = await House.open({ ACCESS_TOKEN_TTL: '24h' });
  staff = await house.user();
  await house.promote(staff);
});
afterEach(() => house.query('UPDATE plans SET default_for = NULL')); // it is everyone's
afterAll(() => house.close());

const offer = async (terms: object = {}) => {
  const usual = { code: `p-${newId().slice(-12)}`, name: 'Plan', amount: 100, currency: 'EUR', interval: 'month' };
  return (await staff.post('/plans', { ...usual, limits: { seats: 2 }, ...terms })).expect(201);
};
const onPlan = async (owner: Visitor) => {
  const { plan, limits } = (await owner.get('/organizations/:org')).expect(200);
  return { plan, limits };
};

test('making a plan the default one moves the mark; there is one at most', async () => {
  const [one, two] = [await offer({ isDefault: true }), await offer()];
  const marks = async () => {
    const { data } = (await staff.get('/plans?limit=100')).expect(200);
    return data.filter(({ isDefault }: any) => isDefault).map(({ id }: any) => id);
  };
  expect([one.isDefault, two.isDefault, await marks()]).toEqual([true, false, [one.id]]);
  (await staff.put(`/plans/${two.id}`, { isDefault: true })).expect(200);
  expect(await marks()).toEqual([two.id]);
  (await staff.put(`/plans/${two.id}`, { name: 'Larger' })).expect(200);
  expect(await marks()).toEqual([two.id]);
  const three = await offer({ isDefault: true });
  expect(await marks()).toEqual([three.id]);
  (await staff.put(`/plans/${three.id}`, { isDefault: false })).expect(200);
  expect(await marks()).toEqual([]);
});

test('a pack is paid once, and is nobody’s default', async () => {
  const pointers = async (terms: object) => {
    const plan = {
      code: `p-${newId().slice(-12)}`,
      name: 'Pack',
      amount: 100,
      currency: 'EUR',
      kind: 'pack',
      ...terms,
    };
    const { errors } = (await staff.post('/plans', plan)).problem(422, 'validation-failed');
    return errors.map(({ pointer }: any) => pointer);
  };
  expect(await pointers({ interval: 'month' })).toEqual(['#/interval']);
  expect(await pointers({ interval: 'once', isDefault: true })).toEqual(['#/isDefault']);
  const { id } = await offer({ kind: 'pack', interval: 'once' });
  (await staff.put(`/plans/${id}`, { interval: 'year' })).problem(422, 'validation-failed');
  (await staff.put(`/plans/${id}`, { isDefault: true })).problem(422, 'validation-failed');
});

test('whoever founds an organization is on the default plan, and in it, however few seats it has', async () => {
  const none = await house.owner();
  const free = await offer({ isDefault: true, limits: { seats: 0, projects: 1 } });
  const owner = await house.owner();
  expect(await onPlan(owner)).toEqual({ plan: free.code, limits: { seats: 0, projects: 1 } });
  const email = `late-${newId()}@example.com`;
  (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
  const token = await house.tokenFor(email, 'invite');
  const form = { token, name: 'Late', password: PASSWORD };
  (await house.visitor().post('/invites/accept', form)).problem(409, 'seats-taken');
  expect(await onPlan(none)).toEqual({ plan: null, limits: null }); // was there before
});

test('a plan that ends leaves the default plan; without one, its own limits; nobody has more than while they paid', async () => {
  listen(house);
  const buy = async () => {
    const till = await Till.order(house, await house.user({ organizationName: 'Acme', verified: false }), {
      limits: { seats: 9 },
    });
    await till.hear(till.first());
    expect(await till.on()).toEqual({ plan: 'bought', limits: { seats: 9 } });
    return till;
  };
  const [early, late] = [await buy(), await buy()];
  await early.hear(early.refund(0));
  expect(await early.on()).toEqual({ plan: null, limits: { seats: 9 } });
  const free = await offer({ isDefault: true });
  expect(await early.on()).toEqual({ plan: null, limits: { seats: 9 } }); // the mark moves nobody
  await late.hear(late.refund(0));
  expect(await late.on()).toEqual({ plan: free.code, limits: { seats: 2 } });
  const again = await Till.order(house, late.owner, { limits: { seats: 3 } });
  await again.hear(again.first());
  expect(await again.on()).toEqual({ plan: 'bought', limits: { seats: 3 } });
});

test('a start that sells says once if there is no default plan, or if it allows more than one that is sold', async () => {
  const starts = async () => {
    const sells = { STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_of_a_start', LOG_LEVEL: 'warn' };
    const other = await House.open(sells);
    const said = other.log.map((line) => JSON.parse(line).msg).filter((msg) => /default/.test(msg));
    await other.close();
    return said;
  };
  await house.query('DELETE FROM plans');
  await offer({ limits: { seats: 2 } });
  expect(await starts()).toEqual([expect.stringMatching('No plan is the default one')]);
  const free = await offer({ isDefault: true, limits: { seats: 1 } });
  expect(await starts()).toEqual([]);
  (await staff.put(`/plans/${free.id}`, { limits: {}, isDefault: true })).expect(200);
  expect(await starts()).toEqual([expect.stringMatching(`"${free.code}" allows more than "p-`)]);
});
