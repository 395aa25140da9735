import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../src/data-source';
import { loadConfig } from '../../src/config/config';
import { type Cluster, startCluster } from './cluster';
import { Databases } from './databases';
import { announce, type Engine, type Settings } from './engines';
import { startServer } from './server';

type Project = { globals: { ENGINE: Engine; SERVER?: string; GALERA?: string } };
/** For each worker, the addresses of its database. */
type Prepared = { urls: string[][]; end?: () => Promise<void> };

const endings: (() => Promise<void>)[] = [];

/** Before the tests of an engine: a migrated database and a folder for each worker. */
export async function setUp({ maxWorkers }: { maxWorkers: number }, { globals }: Project): Promise<void> {
  const { ENGINE: engine, SERVER: server, GALERA: galera } = globals;
  const folder = mkdtempSync(join(tmpdir(), `tenantry-${engine}-`));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clean); // when the setup fails, jest calls no teardown

  const { urls, end } = server ? await prepare(server, folder, maxWorkers, galera) : { urls: [] };
  if (end) endings.push(end);

  const places = Array.from({ length: maxWorkers }, (_, i) => placesIn(join(folder, String(i + 1)), urls[i]));
  for (const [place] of places) await migrate(place!);
  announce(engine, places);
}

/** After the tests of all engines. */
export async function tearDown(): Promise<void> {
  for (const end of endings) await end();
}

/** Empty databases: on a server that is there, or on one of our own. */
async function prepare(server: string, folder: string, count: number, galera?: string): Promise<Prepared> {
  if (galera) return prepareCluster(await startCluster(server, folder, galera), count);
  const own = server.includes('://') ? undefined : await startServer(server, folder);
  const databases = new Databases(own?.url ?? server, count);
  await databases.create();
  return { urls: databases.urls.map((url) => [url]), end: own ? own.stop : () => databases.drop() };
}

async function prepareCluster({ nodes, stop }: Cluster, count: number): Promise<Prepared> {
  const [first, ...others] = nodes.map(({ url }) => new Databases(url, count));
  await first!.create();
  return { urls: first!.urls.map((url, i) => [url, ...others.map(({ urls }) => urls[i]!)]), end: stop };
}

/** Without a URL: the embedded engine, whose file is in the folder. */
function placesIn(folder: string, urls: string[] = []): Settings[] {
  mkdirSync(folder);
  return urls.length > 0 ? urls.map((url) => ({ DATA_DIR: folder, DATABASE_URL: url })) : [{ DATA_DIR: folder }];
}

async function migrate(place: Settings): Promise<void> {
  const source = await connect(loadConfig({ NODE_ENV: 'test', ...place }));
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}
