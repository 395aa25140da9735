import { HOUR, MINUTE } from '../../src/kit/clock';
import { InvitesJob } from '../../src/modules/invites/invites.job';
import { HousekeepingJob } from '../../src/modules/system/housekeeping.job';
import { atOnce, statusesOf } from '../support/at-once';
import { testOnOwnServer } from '../support/engines';
import { eventually } from '../support/eventually';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { Smtp } from '../support/mail-server';
import { drain } from '../support/mails';
import { Primary } from '../support/primary';
import { Relay } from '../support/relay';
import { PASSWORD, type Visitor } from '../support/visitor';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(program: string): Promise<Primary> {
  const primary = await Primary.start(program);
  closing.push(() => primary.stop());
  return primary;
}

async function open(DATABASE_URL: string, settings = {}): Promise<House> {
  const house = await House.open({ DATABASE_URL, ...settings });
  closing.push(() => house.close());
  await house.source.runMigrations();
  return house;
}

const inviteOf = (name: string) => ({ email: freshAddress(name), role: 'Member' });
const signUp = (house: House, email = freshAddress('ada')) =>
  house.visitor().post('/auth/signup', { email, password: PASSWORD });
/** As many connections as there may be, however few requests meet by chance. */
async function connectAll({ source }: House): Promise<void> {
  const runners = Array.from({ length: 10 }, () => source.createQueryRunner());
  await Promise.all(runners.map((runner) => runner.connect()));
  await Promise.all(runners.map((runner) => runner.release()));
}

const readiness = (house: House) => house.visitor().get('/health/ready');
const isReady = async (house: House) => (await readiness(house)).status === 200;
const linesOf = (house: House, says: object) =>
  house.log.map((line) => JSON.parse(line)).filter((line) => expect.objectContaining(says).asymmetricMatch(line));

/** How a server says that its disk is full. */
const NO_ROOM: [errno: number, code: string][] = [
  [1021, 'ER_DISK_FULL'],
  [1114, 'ER_RECORD_FILE_FULL'],
  [1026, 'ER_ERROR_ON_WRITE'],
  [1030, 'ER_GET_ERRNO'],
  [3, 'EE_WRITE'],
];

/** Each in a way of its own: in a transaction or not, with a key or without, by our statements or TypeORM's. */
const WRITES: ((owner: Visitor) => ReturnType<Visitor['get']>)[] = [
  ({ post, user }) => post('/auth/login', { email: user.email, password: PASSWORD }),
  ({ post, refreshToken }) => post('/auth/refresh', { refreshToken }),
  ({ post, user }) => post('/auth/magic-link', { email: user.email }),
  ({ post }) => post('/organizations', { name: 'Acme' }),
  ({ post }) => post('/organizations/:org/invites', inviteOf('guest'), { 'idempotency-key': freshAddress('key') }),
  ({ post }) => post('/organizations/:org/invites', inviteOf('guest')),
  ({ put }) => put('/users/me/data/theme', { value: 'dark' }),
  (owner) => owner.delete('/organizations/:org'),
];

testOnOwnServer(
  'a server that is read-only now is seen by the probe; who would write is told to come again',
  async (program) => {
    const primary = await start(program);
    const house = await open(primary.url);
    const ada = await house.owner();
    await house.settled();

    await primary.becomeStandby();
    const refused = await readiness(house); // before anyone tried to write
    expect(refused.problem(503, 'not-ready').detail).toBe('The database takes no writes.');
    expect(refused.headers['retry-after']).toBe('5');
    expect(linesOf(house, { check: 'database', code: 'ER_READ_ONLY_MODE' })).toMatchObject([
      { reason: 'The server is read-only.', milliseconds: expect.any(Number) },
    ]);

    const answers = await atOnce(40, (i) => WRITES[i % WRITES.length]!(ada));
    answers.push(await signUp(house));
    for (const answer of answers) {
      answer.problem(503, 'unavailable');
      expect(answer.headers['retry-after']).toBe('1');
    }
    (await ada.get('/auth/me')).expect(200);
    for (const { code } of linesOf(house, { level: 50 }).map(({ err }) => err))
      expect(code).toBe('ER_OPTION_PREVENTS_STATEMENT');
    expect(linesOf(house, { level: 50 })).toHaveLength(1);

    await primary.becomePrimary();
    expect(await isReady(house)).toBe(true);
    for (const write of WRITES.slice(0, -1)) expect((await write(ada)).status).toBeLessThan(300);
  },
);

testOnOwnServer(
  'of a failover behind one address the probe alone takes every connection to the new server',
  async (program) => {
    const [old, successor] = [await start(program), await start(program)];
    await (await open(successor.url)).close();
    const relay = await Relay.to(old.url);
    closing.push(() => relay.close());
    const house = await open(relay.before(old.url));
    await connectAll(house);
    await house.settled();
    expect((await old.connections()).length).toBeGreaterThan(5);

    await old.becomeStandby();
    relay.turnTo(successor.url);
    (await readiness(house)).problem(503, 'not-ready');
    await eventually(async () => (await old.connections()).length === 0);
    expect(await isReady(house)).toBe(true);

    const emails = Array.from({ length: 20 }, () => freshAddress('bob'));
    expect(statusesOf(await atOnce(20, (i) => signUp(house, emails[i])))).toEqual(emails.map(() => 201));
    const arrived = await successor.query('SELECT email FROM users ORDER BY email');
    expect(arrived.map(({ email }) => email)).toEqual(emails.toSorted());
  },
);

testOnOwnServer('one write that a standby refuses takes every connection to the new server', async (program) => {
  const [old, successor] = [await start(program), await start(program)];
  await (await open(successor.url)).close();
  const relay = await Relay.to(old.url);
  closing.push(() => relay.close());
  const house = await open(relay.before(old.url));
  await connectAll(house);
  await house.settled();

  await old.becomeStandby();
  relay.turnTo(successor.url);
  (await signUp(house)).problem(503, 'unavailable');
  expect(statusesOf(await atOnce(20, () => signUp(house)))).toEqual(Array.from({ length: 20 }, () => 201));
  expect(await old.connections()).toEqual([]);
});

testOnOwnServer('what waits for a server that takes writes is done once there is one, and once', async (program) => {
  const primary = await start(program);
  const smtp = await Smtp.open();
  closing.push(() => smtp.stop());
  const house = await open(primary.url, { SMTP_URL: smtp.url, ACCESS_TOKEN_TTL: '24h' });
  const ada = await house.owner();
  await drain([house.app]);
  await smtp.stop();
  (await ada.post('/auth/magic-link', { email: ada.user.email })).expect(202);
  await drain([house.app]);

  await primary.becomeStandby();
  await smtp.start();
  house.clock.advance(HOUR); // the mail is due
  await eventually(async () => linesOf(house, { msg: 'The outbox cannot be read.' })[0]);
  await Promise.all([house.app.get(HousekeepingJob).clean(), house.app.get(InvitesJob).sweep()]);
  const invite = inviteOf('guest');
  const ask = () => ada.post('/organizations/:org/invites', invite, { 'idempotency-key': 'guest' });
  (await ask()).problem(503, 'unavailable');
  expect(smtp.takenFor(ada.user.email)).toHaveLength(1); // the confirmation

  await primary.becomePrimary();
  const { id } = (await ask()).expect(201);
  expect((await ask()).expect(201).id).toBe(id);
  await drain([house.app]);
  expect(smtp.takenFor(ada.user.email)).toHaveLength(2); // and the link
  expect(smtp.takenFor(invite.email)).toHaveLength(1);
  expect(await house.query('SELECT id FROM outbox_messages')).toEqual([]);
});

/** What servers, clusters and proxies say, and whether the connections that were there are thrown away. */
const SAID: [errno: number, isLeft: boolean][] = [
  [1040, false], // too many connections
  [1041, false], // out of resources
  [1045, false], // the password was changed
  [1114, false], // the table is full
  [1205, false], // waited too long for a lock
  [1969, false], // took too long
  [1047, true], // WSREP has not yet prepared node for application use
  [1053, true], // shutdown in progress
  [1180, true], // error during COMMIT
  [1290, true], // running with --read-only
  [1792, true], // in a READ ONLY transaction
  [1836, true], // running in read-only mode
  [1874, true], // InnoDB is in read-only mode
  [1927, true], // the connection was killed
  [2013, true], // a proxy lost the server
  [3100, true], // a replication hook failed
  [4031, true], // disconnected for inactivity
];

testOnOwnServer(
  'whatever says that this server cannot serve now is a 503 with a time to come again',
  async (program) => {
    const primary = await start(program);
    const house = await open(primary.url);
    await atOnce(20, () => signUp(house));
    await house.settled();
    for (const [errno, isLeft] of SAID) {
      await primary.refuse('users', errno);
      const before = await primary.connections();
      const answer = await signUp(house);
      expect([errno, answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([
        errno,
        503,
        'unavailable',
        '1',
      ]);
      const remaining = async () => (await primary.connections()).filter((id) => before.includes(id));
      if (isLeft) await eventually(async () => (await remaining()).length === 0);
      else expect(await remaining()).toEqual(before);
      await primary.query('DROP TRIGGER refuse');
      (await signUp(house)).expect(201);
    }
  },
);

testOnOwnServer(
  'a server without room for writes is not ready, says why, and is ready again once it has some',
  async (program) => {
    const primary = await start(program);
    const house = await open(primary.url);
    const ada = await house.owner();
    await house.settled();
    for (const [errno, code] of NO_ROOM) {
      (await readiness(house)).expect(200);
      await primary.refuse('idempotency_keys', errno);
      const invite = () =>
        ada.post('/organizations/:org/invites', inviteOf('guest'), { 'idempotency-key': freshAddress('key') });
      (await invite()).problem(503, 'unavailable');
      const detail = `The database takes no writes (${code}).`;
      expect((await readiness(house)).problem(503, 'not-ready').detail).toBe(detail);
      house.clock.advance(MINUTE);
      expect((await readiness(house)).problem(503, 'not-ready').detail).toBe(detail); // it was tried

      await primary.query('DROP TRIGGER refuse');
      (await ada.get('/auth/me')).expect(200);
      house.clock.advance(MINUTE);
      (await readiness(house)).expect(200);
      (await invite()).expect(201);
    }
  },
);

testOnOwnServer('connections that are killed, at work or not, are nobody’s 500', async (program) => {
  const primary = await start(program);
  const house = await open(primary.url);
  const kinds = new Set<string>();
  for (let round = 0; round < 5; round++) {
    const asked = atOnce(20, () => signUp(house));
    for (const id of await primary.connections()) await primary.query(`KILL ${id}`).catch(() => undefined); // gone by itself
    for (const { status, body } of await asked) kinds.add(`${status} ${body.code ?? ''}`);
  }
  expect([...kinds].filter((kind) => !['201 ', '503 unavailable'].includes(kind))).toEqual([]);
  await house.settled();
  (await signUp(house)).expect(201);
});
