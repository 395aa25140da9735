import { tracingChannel } from 'node:diagnostics_channel';
import { connect } from '../../src/data-source';
import { SECOND } from '../../src/kit/clock';
import { inRequest, requestContext } from '../../src/kit/request-context';
import { loadConfig } from '../../src/config/config';
import { Database } from '../../src/database/database';
import { migrate } from '../../src/database/migrate';
import type { Answer } from '../support/answer';
import { atOnce, statusesOf } from '../support/at-once';
import { workerSettings } from '../support/engines';
import { eventually } from '../support/eventually';
import { House } from '../support/house';
import { emptyPlace } from '../support/place';
import { Relay } from '../support/relay';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** An app whose database is at the other end of a relay. */
async function open(settings = {}): Promise<{ house: House; relay: Relay }> {
  const { DATABASE_URL } = workerSettings() as { DATABASE_URL: string };
  const relay = await Relay.to(DATABASE_URL);
  closing.push(() => relay.close());
  const house = await House.open({ DATABASE_URL: relay.before(DATABASE_URL), ...settings });
  closing.push(() => ((relay.isSilent = false), house.close()));
  return { house, relay };
}

const readiness = (house: House) => house.visitor().get('/health/ready');
const figures = (house: House) => house.app.get(Database).connections!;
/** A connection that somebody holds; what stands in the way where there is none. */
const hold = ({ source }: House) => {
  const runner = source.createQueryRunner();
  return runner.connect().then(
    () => runner,
    (error: Error & { code?: string }) => error.code,
  );
};
const refused = (answer: Answer) => {
  answer.problem(503, 'unavailable');
  expect(answer.headers['retry-after']).toBe('1');
};

test('where every connection is taken two hundred wait, and not for ever; the instance is ready all the while', async () => {
  const { house } = await open({ DATABASE_POOL: '2' });
  const ada = await house.user();
  await house.settled();
  const holding = [await hold(house), await hold(house)] as { release(): Promise<void> }[];
  expect(figures(house)).toEqual({ used: 2, idle: 0, waiting: 0 });

  const queue = Array.from({ length: 300 }, () => hold(house));
  expect(figures(house)).toEqual({ used: 2, idle: 0, waiting: 200 });
  const [ready, asked] = await Promise.all([readiness(house), ada.get('/auth/me')]);
  ready.expect(200);
  refused(asked);
  expect(new Set(await Promise.all(queue))).toEqual(new Set(['POOL_BUSY']));
  refused(await ada.get('/auth/me')); // who has the whole queue before it is refused as well as who waits alone
  (await readiness(house)).expect(200);

  await Promise.all(holding.map((runner) => runner.release()));
  (await ada.get('/auth/me')).expect(200);
});

test('whoever waited for a connection goes on as part of their own request, not of the one that gave it back', async () => {
  const { house } = await open({ DATABASE_POOL: '1' });
  await house.settled();
  const served: (string | undefined)[] = [];
  const channel = tracingChannel<unknown, { query: string }>('mysql2:execute');
  const hear = (message: unknown) =>
    (message as { query: string }).query.startsWith('SELECT ?') && served.push(requestContext()?.requestId);
  channel.start.subscribe(hear);
  const ids = ['first', 'second', 'third'];
  const ask = (requestId: string) =>
    inRequest({ requestId, ip: '', userAgent: '' }, () => house.app.get(Database).select('SELECT ?', [requestId]));
  await Promise.all(ids.map(ask));
  channel.start.unsubscribe(hear);
  expect(served).toEqual(ids);
});

test('a database that has become slow takes no instance out of rotation, however many ask at once', async () => {
  const { house, relay } = await open();
  const ada = await house.user();
  (await readiness(house)).expect(200);
  await house.settled();

  relay.latency = 100; // each way
  const state = { isOver: false };
  const work = atOnce(200, () => ada.get('/auth/me')).finally(() => (state.isOver = true));
  const probes: Answer[] = [];
  while (!state.isOver) probes.push(await readiness(house));
  expect(probes.length).toBeGreaterThan(1);
  expect(probes.filter(({ status }) => status !== 200)).toEqual([]);
  const kinds = new Set(statusesOf(await work));
  expect(kinds).toContain(200);
  expect([...kinds].filter((status) => ![200, 503].includes(status))).toEqual([]);
});

test('a database that says nothing keeps no request: each is told to come again, nobody is sent here, and it heals by itself', async () => {
  const { house, relay } = await open({ STATEMENT_TIMEOUT: '1s' });
  const ada = await house.owner();
  (await readiness(house)).expect(200);
  await house.settled();

  relay.isSilent = true;
  const asked = atOnce(60, (i) => (i % 2 ? ada.get('/auth/me') : ada.post('/organizations', { name: 'Acme' })));
  (await readiness(house)).problem(503, 'not-ready');
  for (const answer of await asked) refused(answer);
  refused(await ada.get('/auth/me'));

  relay.isSilent = false;
  await eventually(async () => (await readiness(house)).status === 200);
  await eventually(async () => (await ada.get('/auth/me')).status === 200);
});

test('a write whose lock another one holds is given up in time, and nothing of it is done', async () => {
  const { house } = await open({ STATEMENT_TIMEOUT: '1s' });
  const ada = await house.user();
  const other = await connect(loadConfig({ NODE_ENV: 'test', ...workerSettings() }));
  closing.push(() => other.destroy());
  const runner = other.createQueryRunner();
  await runner.startTransaction();
  await runner.query('SELECT id FROM users WHERE id = ? FOR UPDATE', [ada.user.id]);

  const write = () => ada.put('/users/me/data/theme', { value: 'dark' });
  refused(await write());
  await runner.rollbackTransaction();
  await runner.release();
  (await ada.get('/users/me/data/theme')).problem(404, 'not-found');
  (await write()).expect(200);
});

test('what may have been committed is not done again: the answer to a COMMIT was lost', async () => {
  const { house, relay } = await open({ STATEMENT_TIMEOUT: '1s' });
  const ada = await house.owner();
  await house.settled();
  relay.overhears = (said) => {
    if (said.includes('COMMIT')) relay.isSilent = true;
  };
  refused(await ada.post('/organizations', { name: `Of ${ada.user.id}` }));

  relay.overhears = undefined;
  relay.isSilent = false;
  await eventually(async () => (await ada.get('/auth/me')).status === 200);
  const found = await house.query('SELECT id FROM organizations WHERE name = ?', [`Of ${ada.user.id}`]);
  expect(found).toHaveLength(1);
});

test('a migration takes the time that it needs, and only a migration', async () => {
  const place = await emptyPlace();
  closing.push(() => place.clear());
  const source = await connect(loadConfig({ NODE_ENV: 'test', STATEMENT_TIMEOUT: '1s', ...place.settings }));
  closing.push(() => source.destroy());
  const wait = (on: { query(sql: string): Promise<unknown> }) => on.query(`SELECT SLEEP(${(3 * SECOND) / SECOND})`);
  const slow = { name: 'Slow9995219200000', up: wait, down: async () => undefined };
  (source.migrations as unknown[]).push(slow);

  await migrate(source);
  expect(await source.query('SELECT name FROM migrations WHERE name = ?', [slow.name])).toHaveLength(1);
  await expect(wait(source)).rejects.toMatchObject({ errno: 1969 });
});
