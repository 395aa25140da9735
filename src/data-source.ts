import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PoolOptions } from 'mysql2';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { Tools1795219200000 } from '../migrations/1795219200000-tools';
import { People1795219200001 } from '../migrations/1795219200001-people';
import { Organizations1795219200002 } from '../migrations/1795219200002-organizations';
import { Invites1795219200003 } from '../migrations/1795219200003-invites';
import { Notifications1795219200140 } from '../migrations/1795219200140-notifications';
import { Content1795219200150 } from '../migrations/1795219200150-content';
import { Payments1795219200160 } from '../migrations/1795219200160-payments';
import { Messaging1795219200170 } from '../migrations/1795219200170-messaging';
import { Social1795219200180 } from '../migrations/1795219200180-social';
import { Growth1795219200190 } from '../migrations/1795219200190-growth';
import { AccountWordings1795219200200 } from '../migrations/1795219200200-account-wordings';
import { InviteRenewals1795219200210 } from '../migrations/1795219200210-invite-renewals';
import { Identities1795219200230 } from '../migrations/1795219200230-identities';
import { AuthEpochs1795219200240 } from '../migrations/1795219200240-auth-epochs';
import { Bills1795219200300 } from '../migrations/1795219200300-bills';
import { Terms1795219200310 } from '../migrations/1795219200310-terms';
import { MoneyDesk1795219200320 } from '../migrations/1795219200320-money-desk';
import { Turns1795219200330 } from '../migrations/1795219200330-turns';
import { entities } from './entities';
import { type Config, isEmbedded } from './kit/config';
import { EmbeddedDataSource } from './kit/db/embedded';
import { tend } from './kit/db/leaving';
import { Naming } from './kit/db/naming';
import { readServerUrl } from './kit/db/server-url';
import { Stamps } from './kit/db/row';
import { sqlite } from './kit/db/sqlite';

/** Every migration, in order. A merged one is never edited; add another. */
const migrations = [
  Tools1795219200000,
  People1795219200001,
  Organizations1795219200002,
  Invites1795219200003,
  Notifications1795219200140,
  Content1795219200150,
  Payments1795219200160,
  Messaging1795219200170,
  Social1795219200180,
  Growth1795219200190,
  AccountWordings1795219200200,
  InviteRenewals1795219200210,
  Identities1795219200230,
  AuthEpochs1795219200240,
  Bills1795219200300,
  Terms1795219200310,
  MoneyDesk1795219200320,
  Turns1795219200330,
];

/** A where-clause with an undefined in it must not silently match every row. */
const invalidWhereValuesBehavior = { null: 'throw', undefined: 'throw' } as const;
const common = {
  entities,
  migrations,
  subscribers: [Stamps],
  namingStrategy: new Naming(),
  invalidWhereValuesBehavior,
  migrationsTransactionMode: 'each' as const,
};

/**
 * READ COMMITTED: a transaction that waited for a lock sees what the one before it did, and fewer of them collide. A page is read along
 * one index: from where two meet, all that matches would have to be sorted first.
 */
const SESSION = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION optimizer_switch = 'index_merge_intersection=off'",
];

/** On a node of a Galera cluster a read waits until what the others have committed is there: who wrote on one node reads on any. */
const CAUSAL = 'SET SESSION wsrep_sync_wait = 3';

/**
 * `trace` would take down the stack at every query; a server keeps 16,382 prepared statements for all who are connected. Without
 * `supportBigNumbers` 64 bits come as numbers, not as text: amounts are such, and what MySQL counts or compares.
 */
const SERVER = {
  charset: 'utf8mb4_bin',
  timezone: 'Z',
  poolSize: 10,
  trace: false,
  supportBigNumbers: false,
  extra: { maxPreparedStatements: 256 },
};

/** A connected database, for the app, the migrations and the tests. @throws Error when it cannot be reached */
export async function connect(config: Config): Promise<DataSource> {
  if (isEmbedded(config)) return embedded(config.DATABASE_URL.slice('sqlite:'.length)).initialize();

  return new DataSource(await serverOptions(config.DATABASE_URL)).initialize();
}

/** Every table and migration, connected to nothing: for what only wants to know them. */
export const unconnected = (): DataSource => new DataSource({ ...common, type: 'mysql', url: 'mysql://nowhere/none' });

function embedded(database: string): DataSource {
  mkdirSync(dirname(database), { recursive: true });
  return new EmbeddedDataSource({
    ...common,
    type: 'better-sqlite3',
    driver: sqlite(),
    database,
    enableWAL: true,
    prepareDatabase: (connection: { pragma(text: string): void }) => {
      connection.pragma('synchronous = FULL'); // what was acknowledged survives a power cut, too
      connection.pragma('busy_timeout = 5000');
    },
  });
}

/** TypeORM must know MariaDB from MySQL, or it reports differences that are not there. */
async function serverOptions(url: string): Promise<DataSourceOptions> {
  const server = readServerUrl(url);
  const { createConnection } = require('mysql2/promise') as typeof import('mysql2/promise');
  const connection = await createConnection({ ...server, connectTimeout: 10_000 }).catch(
    (error: Error & { code?: string }) => {
      throw new Error(`DATABASE_URL: no connection to ${server.host} (${error.message || error.code})`, {
        cause: error,
      });
    },
  );
  const [version] = await connection.query('SELECT VERSION() AS Value');
  const [replicates] = await connection.query("SHOW GLOBAL VARIABLES LIKE 'wsrep_on'");
  await connection.end();
  const type = /mariadb/i.test(valueOf(version)!) ? 'mariadb' : 'mysql';
  const beginning = valueOf(replicates) === 'ON' ? [...SESSION, CAUSAL] : SESSION;
  const { user, ...rest } = server;
  return { ...common, ...rest, ...SERVER, username: user, type, driver: tended(beginning) };
}

const valueOf = (rows: unknown): string | undefined => (rows as { Value: string }[])[0]?.Value;

/** mysql2, with pools that begin each connection with these statements and leave a server that cannot serve any more. */
function tended(beginning: string[]): object {
  const { createPool, ...rest } = require('mysql2') as typeof import('mysql2');
  return { ...rest, createPool: (options: PoolOptions) => tend(createPool(options), beginning) };
}
