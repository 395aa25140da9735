import type { DataSource } from 'typeorm';
import { connect } from '../../src/data-source';
import { migrate, pending } from '../../src/database/migrate';
import { loadConfig } from '../../src/config/config';
import { engine, isCluster, isEmbedded, workerSettings } from '../support/engines';
import { emptyPlace, type Place } from '../support/place';
import { few } from '../support/races';

let place: Place;
let source: DataSource;

/** On a cluster, the nth is at the nth node. */
const connectHere = (nth = 0) => {
  const { DATABASE_URL: here } = place.settings;
  const { DATABASE_URL: node } = workerSettings(nth);
  const there = here &&
    node && { DATABASE_URL: Object.assign(new URL(node), { pathname: new URL(here).pathname }).href };
  return connect(loadConfig({ NODE_ENV: 'test', DATA_DIR: place.folder, ...there }));
};

beforeEach(async () => {
  place = await emptyPlace();
  source = await connectHere();
});
afterEach(async () => {
  await source.destroy();
  await place.clear();
});

/** What TypeORM would still have to do to get from the tables to the entities, and back. */
async function differences(): Promise<string[]> {
  const { upQueries, downQueries } = await source.driver.createSchemaBuilder().log();
  return [...upQueries, ...downQueries].map(({ query }) => query);
}

async function tables(): Promise<string[]> {
  const sql = isEmbedded
    ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()';
  const rows = await source.query<{ name: string }[]>(sql);
  return rows
    .map(({ name }) => name)
    .filter((name) => name !== 'migration_turns')
    .sort();
}

const described = () => [...source.entityMetadatas.map(({ tableName }) => tableName), 'migrations'].sort();
const applied = () => source.query<{ id: number; name: string }[]>('SELECT id, name FROM migrations ORDER BY id');

test(`the migrations build what the entities describe, on ${engine}`, async () => {
  expect(await differences()).not.toEqual([]);

  await migrate(source);
  expect(await tables()).toEqual(described());
  expect(await differences()).toEqual([]);
});

test('what has run is not run again', async () => {
  expect(await pending(source)).toEqual(source.migrations.map(({ name }) => name));

  await migrate(source);
  const once = await applied();
  expect(once.map(({ name }) => name)).toEqual(source.migrations.map(({ name }) => name));
  expect(await pending(source)).toEqual([]);

  await migrate(source);
  expect(await applied()).toEqual(once);
});

test('every migration can be taken back, one by one, and run again', async () => {
  await migrate(source);
  for (const _ of source.migrations) await source.undoLastMigration();
  expect(await tables()).toEqual(['migrations']);

  await migrate(source);
  expect(await tables()).toEqual(described());
  expect(await differences()).toEqual([]);
});

test('a migration that fails is named, keeps those before it, and goes through once the cause is gone', async () => {
  await source.query('CREATE TABLE invites (left_over int)');
  await expect(migrate(source)).rejects.toThrow(
    /^Migration Invites\d+ failed: .*invites.*already exists.*mend the cause and start again\.$/s,
  );
  expect((await pending(source))[0]).toMatch(/^Invites/);
  expect(await tables()).toEqual(expect.arrayContaining(['users', 'organizations', 'user_org']));

  await source.query('DROP TABLE invites');
  await migrate(source);
  expect(await differences()).toEqual([]);
});

// Two apps on one embedded file is no installation: it has one writer.
if (!isEmbedded) {
  test('of instances that start at once, one migrates and the others wait for it', async () => {
    const names = source.migrations.map(({ name }) => name);
    for (const _ of few(isCluster ? 3 : 1)) {
      await Promise.all([place.clear(), source.destroy()]);
      place = await emptyPlace();
      const instances = await Promise.all([0, 1, 2].map(connectHere));
      [source] = instances as [DataSource];
      await Promise.all(instances.map(migrate));
      expect((await applied()).map(({ name }) => name)).toEqual(names);
      await Promise.all(instances.slice(1).map((other) => other.destroy()));
    }
  });

  test('the turn of an instance that died goes to another once it is over', async () => {
    await source.query(
      'CREATE TABLE migration_turns (id int PRIMARY KEY, owner varchar(36) NOT NULL, ends_at datetime(3) NOT NULL)',
    );
    await source.query("INSERT INTO migration_turns VALUES (1, 'who died', UTC_TIMESTAMP(3) - INTERVAL 1 SECOND)");
    await migrate(source);
    expect(await pending(source)).toEqual([]);
    expect(await source.query('SELECT owner FROM migration_turns')).toEqual([{ owner: '' }]);
  });
}
