import { Redis } from 'ioredis';
import { SECOND } from '../../src/kit/clock';
import { atOnce, statusesOf } from '../support/at-once';
import { eventually } from '../support/eventually';
import { House } from '../support/house';
import { RedisServer } from '../support/redis';

const MAX = 20;

let server: RedisServer;
let admin: Redis;
let houses: House[];
let hosts = 0;

beforeAll(async () => {
  server = await RedisServer.start();
  admin = new Redis(server.url);
  admin.on('error', () => undefined); // it goes away, as the tests want
  const settings = { RATE_LIMIT: `${MAX}/1m`, REDIS_URL: server.url };
  houses = [await House.open(settings), await House.open(settings)];
  for (const house of [...houses, ...houses]) await look(house, network()); // the first calls take longest
});
afterAll(async () => {
  for (const house of houses ?? []) await house.close();
  admin?.disconnect();
  await server?.down();
});

/** A network that nobody called from before. */
const network = () => `10.1.${++hosts}.7`;
const look = (house: House, ip: string) => Object.assign(house.visitor(), { ip }).get('/.well-known/jwks.json');
const lookAtOnce = async (times: number, ip: string) =>
  statusesOf(await atOnce(times, (i) => look(houses[i % houses.length]!, ip)));
const served = (statuses: number[]) => statuses.filter((status) => status === 200).length;
const redisOf = async (house: House) => (await house.visitor().get('/health/ready')).expect(200).checks.redis;
const said = (what: string) => houses.flatMap(({ log }) => log).filter((line) => line.includes(what)).length;

test('two instances share one allowance, of which parallel requests get no more than there is', async () => {
  for (let round = 0; round < 5; round++) {
    const ip = network();
    expect(await lookAtOnce(MAX + 12, ip)).toEqual([...Array(MAX).fill(200), ...Array(12).fill(429)]);
    for (const house of houses) {
      const refused = await look(house, ip);
      refused.problem(429, 'too-many-requests');
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    }
  }
});

test('a strict allowance is shared, too', async () => {
  const ip = network();
  const login = (house: House) => Object.assign(house.visitor(), { ip }).post('/auth/login', {});
  expect(statusesOf([await login(houses[0]!), await login(houses[1]!)])).toEqual([422, 429]);
});

test('what Redis is told goes by itself within the minute, and names nobody', async () => {
  await look(houses[0]!, network());
  const keys = await admin.keys('*');
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    const left = await admin.pttl(key);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
  }
  expect(keys.filter((key) => !/^tenantry:\{[0-9a-f]{64}:requests\}:hits$/.test(key))).toEqual([]);
});

test('when an allowance is over in Redis, it is whole again', async () => {
  const ip = network();
  await lookAtOnce(2 * MAX, ip);
  for (const key of await admin.keys('*')) await admin.pexpire(key, 0);
  expect(served(await lookAtOnce(2 * MAX, ip))).toBe(MAX);
});

test('while Redis hangs, each instance answers and counts by itself', async () => {
  await admin.call('CLIENT', 'PAUSE', '600000', 'WRITE');
  try {
    const ip = network();
    expect(served(await lookAtOnce(3 * MAX, ip))).toBe(houses.length * MAX);
    expect(await redisOf(houses[0]!)).toBe('away');
  } finally {
    await admin.call('CLIENT', 'UNPAUSE');
  }
  await backTogether();
});

test('while Redis is away, requests are served, readiness tells, and the log says so once; then all is as before', async () => {
  const before = said('Redis is away');
  await server.down();
  const ip = network();
  expect(served(await lookAtOnce(MAX, ip))).toBe(MAX);
  expect(await redisOf(houses[0]!)).toBe('away');
  expect(served(await lookAtOnce(2 * MAX, ip))).toBe(houses.length * MAX - MAX);
  expect(said('Redis is away')).toBe(before + houses.length);

  await server.up();
  await backTogether();
});

test('an instance starts without its Redis', async () => {
  const lonely = await House.open({ REDIS_URL: 'redis://:hunter2@127.0.0.1:1', RATE_LIMIT: '1/1m' });
  const statuses = [await look(lonely, network()), await look(lonely, `10.1.${hosts}.8`)].map(({ status }) => status);
  const state = await redisOf(lonely);
  const log = lonely.log.join('');
  await lonely.close();

  expect(statuses).toEqual([200, 429]);
  expect(state).toBe('away');
  expect(log).toContain('Redis is away');
  expect(log).not.toContain('hunter2');
});

/** Both instances count in Redis again. */
async function backTogether(): Promise<void> {
  houses[0]!.clock.advance(SECOND);
  for (const house of houses) await eventually(async () => (await redisOf(house)) === 'ok');
  for (const house of houses) (await look(house, network())).expect(200);
  expect(served(await lookAtOnce(2 * MAX, network()))).toBe(MAX);
}
