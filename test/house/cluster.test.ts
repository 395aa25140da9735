import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR } from '../../src/kit/clock';
import { loadConfig } from '../../src/config/config';
import { loadSecrets } from '../../src/config/secrets';
import { type Cluster, startOwnCluster } from '../support/cluster';
import { Crowd, halvesIn, missingIn, unmailed } from '../support/crowd';
import { Databases } from '../support/databases';
import type { Settings } from '../support/engines';
import { eventually } from '../support/eventually';
import { House } from '../support/house';
import { Smtp } from '../support/mail-server';
import { drain } from '../support/mails';
import { AppProcess } from '../support/process';
import { PLENTY } from '../support/start';

/*
 * Three nodes of its own and an instance at each, which nobody restarts from here to the end: people are at work at all of them while
 * nodes are killed, stopped and lost.
 */
let cluster: Cluster;
let smtp: Smtp;
let folder: string;
let settings: Settings[];
let apps: AppProcess[] = [];
let crowd: Crowd;
let house: House;

beforeAll(async () => {
  [cluster, smtp] = await Promise.all([startOwnCluster(), Smtp.open()]);
  folder = mkdtempSync(join(tmpdir(), 'tenantry-instances-'));
  loadSecrets(loadConfig({ NODE_ENV: 'test', DATA_DIR: folder })); // one set of keys for all of them
  const urls = cluster.nodes.map(({ url }) => new Databases(url, 1));
  await urls[0]!.create();
  settings = urls.map(({ urls: [DATABASE_URL] }) => ({
    NODE_ENV: 'test',
    DATABASE_URL: DATABASE_URL!,
    DATA_DIR: folder,
    APP_URL: 'http://127.0.0.1:3000',
    SMTP_URL: smtp.url,
    INVITE_TTL: '1d',
    RATE_LIMIT: PLENTY,
  }));
});
afterAll(async () => {
  await crowd?.stop();
  for (const app of apps) await app.end('SIGKILL');
  await house?.close();
  await smtp?.stop();
  await cluster?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const isReady = async (nth: number) => (await fetch(`${apps[nth]!.url}/health/ready`)).status === 200;
const areReady = (nths: number[]) =>
  eventually(async () => (await Promise.all(nths.map(isReady))).every((ready) => ready));
/** Until people are told to come again, and whoever probes the instance at this node. */
async function untilRefused(nth: number): Promise<void> {
  await crowd.until(10, '503 unavailable');
  await eventually(async () => !(await isReady(nth)));
  expect((await fetch(`${apps[nth]!.url}/health/live`)).status).toBe(200);
}
/** Until people join again, at whichever instances there are; their mail may be leased by one that cannot say that it is not sent. */
async function untilAtWork(): Promise<void> {
  crowd.open();
  await crowd.until(5, 'joined');
}

test('instances that start together on an empty database, each at a node, all come up, and each migration ran once', async () => {
  apps = await Promise.all(settings.map((one) => AppProcess.start(folder, one)));
  house = await House.open(settings[2]);
  const applied = await house.query('SELECT name FROM migrations ORDER BY id');
  expect(applied.map(({ name }) => name)).toEqual(house.source.migrations.map(({ name }) => name));
  await house.close();

  const [first, ...others] = apps.map(({ url }) => url);
  crowd = new Crowd(first!, smtp, others);
  crowd.start(3, 3);
  await untilAtWork();
});

test('a node that is killed takes its own instance along until it is back, and no other', async () => {
  const [, node] = cluster.nodes;
  node!.down('SIGKILL');
  await untilRefused(1);
  await untilAtWork();

  await node!.up();
  await node!.untilWhole();
  await areReady([0, 1, 2]);
  await untilAtWork();
});

test('a node that sees no other serves nobody, and all go on by themselves once they see one another', async () => {
  const [last, ...others] = cluster.nodes;
  for (const node of others) node.down('SIGSTOP');
  await last!.untilAlone();
  await untilRefused(0);

  for (const node of others) node.down('SIGCONT');
  for (const node of cluster.nodes) await node.untilWhole();
  await areReady([0, 1, 2]);
  await untilAtWork();
});

test('the one that is left of three serves nobody until an operator says that it is the cluster now', async () => {
  const [last, ...lost] = cluster.nodes;
  for (const node of lost) node.down('SIGKILL');
  await last!.untilAlone();
  await untilRefused(0);

  await last!.tell("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'");
  await areReady([0]);
  await untilAtWork();

  await Promise.all(lost.map((node) => node.up()));
  for (const node of cluster.nodes) await node.untilWhole();
  await areReady([0, 1, 2]);
});

test('all that was acknowledged meanwhile is there, and nobody was told of an error of ours', async () => {
  await untilAtWork();
  await crowd.stop();
  for (const app of apps.splice(0)) expect(await app.end()).toBe(0);

  house = await House.open(settings[2]);
  house.clock.advance(HOUR);
  await drain([house.app]);
  expect(await missingIn(house, crowd)).toEqual([]);
  expect(await halvesIn(house)).toEqual({});
  expect(unmailed(crowd, smtp)).toEqual([]);
  expect(Object.keys(crowd.answers).filter((kind) => kind.startsWith('5'))).toEqual(['503 unavailable']);
  expect(crowd.lost).toBe(0);
});
