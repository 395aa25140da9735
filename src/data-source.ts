import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Connection, ConnectionOptions } from 'mysql2';
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
import { Trades1795219200500 } from '../migrations/1795219200500-trades';
import { Forgetting1795219200700 } from '../migrations/1795219200700-forgetting';
import { entities } from './entities';
import { SECOND } from './kit/clock';
import { type Config, isEmbedded } from './config/config';
import { EmbeddedDataSource } from './database/sqlite/driver';
import { Naming } from './database/naming';
import { readServerUrls, type Server } from './config/settings/server-url';
import { open } from './database/pool/opening';
import { ServerPool } from './database/pool/server-pool';
import { Stamps } from './database/row';
import { sqlite } from './database/sqlite/library';

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
  Trades1795219200500,
  Forgetting1795219200700,
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

/** A transaction that waited for a lock sees what the one before it did, and fewer of them collide. */
const ISOLATION = 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED';

/** A page is read along one index: from where two meet, all that matches would have to be sorted first. */
const ALONG_ONE = "optimizer_switch = 'index_merge_intersection=off'";

/** On a node of a Galera cluster a read waits until what the others have committed is there: who wrote on one node reads on any. */
const CAUSAL = 'wsrep_sync_wait = 3';

/** How long a statement may take, and wait for locks, of which MySQL bounds reads alone by the first. */
const bounding = (isMariaDb: boolean, milliseconds?: number): string => {
  const seconds = milliseconds === undefined ? undefined : milliseconds / 1000;
  const whole = seconds && Math.ceil(seconds);
  const time = isMariaDb
    ? `max_statement_time = ${seconds ?? 'DEFAULT'}`
    : `max_execution_time = ${milliseconds ?? 'DEFAULT'}`;
  return `${time}, innodb_lock_wait_timeout = ${whole ?? 'DEFAULT'}, lock_wait_timeout = ${whole ?? 'DEFAULT'}`;
};

/**
 * `trace` would take down the stack at every query; a server keeps 16,382 prepared statements for all who are connected. Without
 * `supportBigNumbers` 64 bits come as numbers, not as text: amounts are such, and what MySQL counts or compares.
 */
const SERVER = {
  charset: 'utf8mb4_bin',
  timezone: 'Z',
  trace: false,
  supportBigNumbers: false,
  extra: { maxPreparedStatements: 256 },
};

/** A connected database, for the app, the migrations and the tests. @throws Error when it cannot be reached */
export async function connect(config: Config): Promise<DataSource> {
  if (isEmbedded(config)) return embedded(config.DATABASE_URL.slice('sqlite:'.length)).initialize();

  return new DataSource(await serverOptions(config)).initialize();
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
async function serverOptions({ DATABASE_URL, DATABASE_POOL, STATEMENT_TIMEOUT }: Config): Promise<DataSourceOptions> {
  const servers = readServerUrls(DATABASE_URL);
  const { isMariaDb, replicates } = await kindOf(servers);
  const session = [ALONG_ONE, bounding(isMariaDb, STATEMENT_TIMEOUT), ...(replicates ? [CAUSAL] : [])];
  const making = {
    size: DATABASE_POOL,
    bound: STATEMENT_TIMEOUT + SECOND, // the server is to say it first
    unbinding: `SET SESSION ${bounding(isMariaDb)}`,
  };
  const beginning = [ISOLATION, `SET SESSION ${session.join(', ')}`];
  const createPool = (options: ConnectionOptions) =>
    new ServerPool({ ...making, open: (bound) => open(servers, { options, beginning, bound }) });
  const { user, ...rest } = servers[0]!;
  const type = isMariaDb ? 'mariadb' : 'mysql';
  return { ...common, ...rest, ...SERVER, username: user, type, driver: { ...require('mysql2'), createPool } };
}

async function kindOf(servers: Server[]): Promise<{ isMariaDb: boolean; replicates: boolean }> {
  const hosts = servers.map(({ host }) => host).join(', ');
  const connection = await open(servers).catch((error: Error & { code?: string }) => {
    throw new Error(`DATABASE_URL: no connection to ${hosts} (${error.message || error.code})`, { cause: error });
  });
  const version = await valueOf(connection, 'SELECT VERSION() AS Value');
  const replicates = await valueOf(connection, "SHOW GLOBAL VARIABLES LIKE 'wsrep_on'");
  connection.end();
  return { isMariaDb: /mariadb/i.test(version!), replicates: replicates === 'ON' };
}

async function valueOf(connection: Connection, sql: string): Promise<string | undefined> {
  const [rows] = await connection.promise().query(sql);
  return (rows as { Value: string }[])[0]?.Value;
}
