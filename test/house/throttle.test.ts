import { MINUTE, SECOND } from '../../src/kit/clock';
import { MemoryStore } from '../../src/rate-limit/memory.store';
import { atOnce, statusesOf } from '../support/at-once';
import { House } from '../support/house';
import { operations, urlOf } from '../support/operations';
import { stopTheClock } from '../support/still';
import type { Visitor } from '../support/visitor';

const MAX = 20; // so that a strict route takes one request a minute
const ID = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';

let house: House;
let hosts = 0;
beforeAll(async () => {
  house = await House.open({ RATE_LIMIT: `${MAX}/1m` });
  stopTheClock();
});
afterAll(() => house.close());

/** Someone in a network that nobody else calls from; or in this one. */
const visitor = (ip = `10.0.${++hosts}.7`): Visitor => Object.assign(house.visitor(), { ip });
const look = (one: Visitor, headers?: Record<string, string>) => one.get('/.well-known/jwks.json', headers);
const spend = (one: Visitor, times = MAX) => atOnce(times, () => look(one));
const isHeld = async (one: Visitor, headers?: Record<string, string>) => (await look(one, headers)).status === 429;

test('the request too many is refused, and told when to come again', async () => {
  const ada = visitor();
  expect(statusesOf(await spend(ada))).toEqual(Array(MAX).fill(200));

  house.clock.advance(20 * SECOND);
  const refused = await look(ada);

  refused.problem(429, 'too-many-requests');
  expect(refused.headers['retry-after']).toBe('40');
});

test('all routes draw on one allowance, before anyone asks who calls', async () => {
  const ada = visitor();
  await spend(ada, MAX - 1);
  (await ada.get('/versions/current')).expect(200);

  (await ada.get('/auth/me', { authorization: 'Bearer nonsense' })).problem(429, 'too-many-requests');
  expect(await isHeld(ada)).toBe(true);
});

test('after its minute the allowance is whole again, however often one tried meanwhile', async () => {
  const ada = visitor();
  await spend(ada, 3 * MAX);

  house.clock.advance(MINUTE - SECOND);
  expect(await isHeld(ada)).toBe(true);
  house.clock.advance(SECOND);
  expect(statusesOf(await spend(ada))).toEqual(Array(MAX).fill(200));
  expect(await isHeld(ada)).toBe(true);
});

test('of many at once no more get through than may', async () => {
  const ada = visitor();
  const statuses = statusesOf(await spend(ada, 2 * MAX));
  expect(statuses).toEqual([...Array(MAX).fill(200), ...Array(MAX).fill(429)]);
});

const publicWrites = operations.filter(({ permission, method }) => permission === 'public' && method !== 'GET');

/** What everyone comes with every few minutes, and what comes for all organizations from one provider. */
const OFTEN = ['refresh', 'receivePaymentEvent'];

test('every route that anyone may write to is strict, but for those that are called often', async () => {
  const held: string[] = [];
  for (const operation of publicWrites) {
    const url = urlOf(operation, { orgSlug: 'nobody', provider: 'nobody' });
    const eve = visitor();
    expect((await eve.post(url, {})).status).not.toBe(429);
    if ((await eve.post(url, {})).status === 429) held.push(operation.id);
  }
  const strict = publicWrites.map(({ id }) => id).filter((id) => !OFTEN.includes(id));
  expect(held).toEqual(strict);
  expect(held).toEqual(expect.arrayContaining(['signUp', 'login', 'requestPasswordReset', 'joinWaitlist']));
});

test('a strict route leaves the others alone, and other networks', async () => {
  const eve = visitor();
  const login = (one: Visitor) => one.post('/auth/login', {});
  (await login(eve)).expect(422);
  (await login(eve)).problem(429, 'too-many-requests');

  (await eve.post('/auth/signup', {})).expect(422);
  (await login(visitor())).expect(422);
  expect(await isHeld(eve)).toBe(false);
});

test('inviting is strict', async () => {
  const ada = visitor();
  const invites = `/organizations/${ID}/invites`;
  (await ada.post(invites, {})).problem(401, 'unauthenticated');
  (await ada.post(invites, {})).problem(429, 'too-many-requests');
});

test.each(['/health/live', '/health/ready', '/metrics'])('%s always answers', async (path) => {
  const monitor = visitor();
  await spend(monitor, MAX + 1);
  expect((await monitor.get(path)).status).not.toBe(429);
});

test('an IPv6 customer is a /64, an IPv4 one a /24, also when written as IPv6', async () => {
  await spend(visitor('2001:db8:1:2::7'));
  expect(await isHeld(visitor('2001:db8:1:2:ffff:ffff:ffff:ffff'))).toBe(true);
  expect(await isHeld(visitor('2001:db8:1:3::7'))).toBe(false);

  await spend(visitor('192.0.2.1'));
  expect(await isHeld(visitor('192.0.2.254'))).toBe(true);
  expect(await isHeld(visitor('::ffff:192.0.2.9'))).toBe(true);
  expect(await isHeld(visitor('192.0.3.1'))).toBe(false);
});

test('an invented X-Forwarded-For lets nobody escape', async () => {
  const eve = visitor();
  const statuses = statusesOf(
    await atOnce(MAX + 5, (i) => look(eve, { 'x-forwarded-for': `203.0.${i}.1`, forwarded: `for=203.0.${i}.1` })),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(MAX);
});

test('behind a proxy that is trusted, whoever it names is counted, and what they invented is not', async () => {
  const proxied = await House.open({ RATE_LIMIT: '2/1m', TRUST_PROXY: '10.9.0.0/16' });
  const via = (forwarded: string) =>
    isHeld(Object.assign(proxied.visitor(), { ip: '10.9.0.1' }), { 'x-forwarded-for': forwarded });

  const eve = [
    await via('203.0.113.7'),
    await via('198.51.100.1, 203.0.113.7'),
    await via('198.51.101.1, 203.0.113.7'),
  ];
  const grace = await via('198.51.100.1');
  await proxied.close();

  expect(eve).toEqual([false, false, true]);
  expect(grace).toBe(false);
});

test('without a limit nobody is counted', async () => {
  const open = await House.open({ RATE_LIMIT: 'off' });
  const statuses = statusesOf(await atOnce(50, () => open.visitor().post('/auth/login', {})));
  await open.close();
  expect(new Set(statuses)).toEqual(new Set([422]));
});

test('the memory that counting takes is bounded: the oldest windows go first, and those that are over', async () => {
  const counters = new MemoryStore(3);
  const hits = async (key: string) => (await counters.count(key, MINUTE)).hits;
  expect([await hits('a'), await hits('b'), await hits('c'), await hits('b')]).toEqual([1, 1, 1, 2]);

  expect(await hits('d')).toBe(1);
  expect(counters.size).toBe(3);
  expect([await hits('c'), await hits('d')]).toEqual([2, 2]);

  house.clock.advance(MINUTE);
  expect(await hits('e')).toBe(1);
  expect(counters.size).toBe(1);
});
