import { loadConfig } from '../../src/config/config';
import { readServerUrls } from '../../src/config/settings/server-url';
import { testOnOwnServer } from '../support/engines';
import { eventually } from '../support/eventually';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { Primary } from '../support/primary';
import { PASSWORD } from '../support/visitor';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(...servers: Primary[]): Promise<House> {
  const house = await House.open({ DATABASE_URL: Primary.urlOf(servers) });
  closing.push(() => house.close());
  await house.source.runMigrations();
  return house;
}

/** Two servers with the same tables, as a cluster or a failover has them. */
async function startTwo(program: string): Promise<[Primary, Primary]> {
  const [one, other] = await Promise.all([Primary.start(program), Primary.start(program)]);
  closing.push(() => Promise.all([one.stop(), other.stop()]));
  for (const server of [one, other]) await (await open(server)).close();
  return [one, other];
}

const signUp = async (house: House) =>
  (await house.visitor().post('/auth/signup', { email: freshAddress('ada'), password: PASSWORD })).status;
const isReady = async (house: House) => (await house.visitor().get('/health/ready')).status === 200;
const isThere = async (server: Primary) => (await server.connections()).length > 0;
const people = async (server: Primary) => (await server.query('SELECT id FROM users')).length;

testOnOwnServer(
  'a new connection takes the first host that takes writes, and goes back there with the next',
  async (program) => {
    const [one, other] = await startTwo(program);
    await one.becomeStandby();
    const house = await open(one, other);
    expect(await signUp(house)).toBe(201);
    expect([await people(one), await people(other), await isThere(one)]).toEqual([0, 1, false]);

    await one.becomePrimary();
    await other.becomeStandby();
    await eventually(async () => (await signUp(house)) === 201); // whoever is the first to write hears it
    expect(await isReady(house)).toBe(true);
    await eventually(async () => !(await isThere(other)));
    expect([await people(one), await people(other)]).toEqual([1, 1]);
  },
);

testOnOwnServer('a host that is down, or that its cluster has left, is passed over', async (program) => {
  const [one, other] = await startTwo(program);
  const house = await open(one, other);
  expect(await isThere(other)).toBe(false);

  one.down();
  await eventually(() => isReady(house));
  await eventually(async () => (await signUp(house)) === 201);
  await one.up();
  await one.loseQuorum();
  await other.refuse('users', 1047); // so that its connections are left
  expect(await signUp(house)).toBe(503);
  await other.query('DROP TRIGGER refuse');
  expect(await signUp(house)).toBe(201);
  expect([await people(one), await people(other), await isThere(one)]).toEqual([0, 2, false]);
});

testOnOwnServer('where no host takes writes the app says so, and begins with the one that does', async (program) => {
  const [one, other] = await startTwo(program);
  const house = await open(one, other);
  for (const server of [one, other]) await server.becomeStandby();
  expect(await isReady(house)).toBe(false);
  expect(await signUp(house)).toBe(503);
  expect(await isReady(house)).toBe(false);

  await other.becomePrimary();
  expect(await isReady(house)).toBe(true);
  expect(await signUp(house)).toBe(201);
});

const read = (DATABASE_URL: string, DATABASE_PASSWORD?: string) =>
  readServerUrls(loadConfig({ NODE_ENV: 'test', DATABASE_URL, DATABASE_PASSWORD }).DATABASE_URL).map(
    ({ host, port, user, password, database }) => `${user}:${password}@${host}:${port}/${database}`,
  );

test('every host has the account, the database and the parameters, and a port of its own', () => {
  const url = 'mysql://ada:p%40w@db1,db2:3307,[::1]:3308/name';
  expect(read(url)).toEqual(['ada:p@w@db1:3306/name', 'ada:p@w@db2:3307/name', 'ada:p@w@::1:3308/name']);
  expect(read('mariadb://ada@db1,db2/name', 'a,b@c/d')).toEqual([
    'ada:a,b@c/d@db1:3306/name',
    'ada:a,b@c/d@db2:3306/name',
  ]);
  expect(readServerUrls(`${url}?ssl-mode=REQUIRED`).map(({ ssl }) => ssl?.rejectUnauthorized)).toEqual([
    false,
    false,
    false,
  ]);
});
