import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sqlite } from '../../src/database/sqlite/library';
import { freshAddress } from '../support/fresh';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess, run } from '../support/process';
import { PASSWORD } from '../support/visitor';

const Library = sqlite() as new (file: string) => any;
const SERVER = { DATABASE_URL: 'mysql://tenantry:lanterns@127.0.0.1:1/tenantry' };
const closing: (() => unknown)[] = [];
let place: Place;

beforeEach(async () => {
  place = await emptyPlace();
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
  await place.clear();
});

async function start(folder: string, settings = {}): Promise<AppProcess> {
  const app = await AppProcess.start(folder, { RATE_LIMIT: '1000000/1m', ...settings });
  closing.push(() => app.end());
  return app;
}

const inPlace = (name: string) => join(place.folder, name);
const backup = (args: string[], settings = {}) => run('cli/backup', args, place.folder, settings);

async function call({ url }: AppProcess, method: string, path: string, token?: string, body?: object) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  return { status: answer.status, body: (await answer.json()) as any };
}

/** Signs up, and founds one organization after the other until it is told to stop; `acknowledged` are their names. */
async function writer(app: AppProcess) {
  const person = { email: freshAddress('ada'), password: PASSWORD };
  const { accessToken } = (await call(app, 'POST', '/auth/signup', undefined, person)).body;
  const acknowledged: string[] = [];
  const will = { goOn: true };
  const writing = (async () => {
    for (let i = 0; will.goOn; i++) {
      const { status, body } = await call(app, 'POST', '/organizations', accessToken, { name: `Works ${i}` });
      if (status === 201) acknowledged.push(body.id);
    }
  })();
  const stop = () => ((will.goOn = false), writing);
  return { person, acknowledged, stop };
}

test('what was acknowledged is in a backup of an app that goes on writing, and a new app runs on it', async () => {
  const app = await start(place.folder);
  const writers = await Promise.all([writer(app), writer(app)]);
  while (writers.some(({ acknowledged }) => acknowledged.length < 10)) await new Promise(setImmediate);
  const before = writers.map(({ acknowledged }) => [...acknowledged]);

  const { code, output } = await backup(['copy.db']);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(inPlace('copy.db')) });
  await Promise.all(writers.map(({ stop }) => stop()));
  expect(statSync(inPlace('copy.db')).mode & 0o777).toBe(0o600);
  expect(readdirSync(place.folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);

  const copy = new Library(inPlace('copy.db'));
  expect(copy.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  expect(copy.pragma('foreign_key_check')).toEqual([]);
  const halves =
    'SELECT id FROM organizations o WHERE NOT EXISTS (SELECT 1 FROM user_org m WHERE m.organization_id = o.id)';
  expect(copy.prepare(halves).all()).toEqual([]);
  copy.close();

  const restored = await start(place.folder, { DATABASE_URL: 'sqlite:copy.db' });
  for (const [i, { person }] of writers.entries()) {
    const { status, body } = await call(restored, 'POST', '/auth/login', undefined, person);
    expect(status).toBe(200);
    for (const id of before[i]!)
      expect((await call(restored, 'GET', `/organizations/${id}`, body.accessToken)).status).toBe(200);
  }
});

describe('npm run backup', () => {
  const REFUSALS: [why: string, args: string[], settings: object, says: string][] = [
    ['without a file', [], {}, 'Usage: npm run backup -- <file>'],
    ['with two', ['one.db', 'two.db'], {}, 'Usage'],
    ['of what is not there', ['copy.db'], {}, 'There is no database at /'],
    ['of a server', ['copy.db'], SERVER, 'see "Backups" in docs/operating.md'],
  ];
  test.each(REFUSALS)('%s: one line says why', async (_, args, settings, says) => {
    const { code, output } = await backup(args, settings);
    expect(code).toBe(1);
    expect(output).toContain(says);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).not.toContain('lanterns');
    expect(existsSync(inPlace('copy.db'))).toBe(false);
  });

  test('overwrites nothing, leaves nothing half done, and wants no app that runs', async () => {
    await (await start(place.folder)).end();
    writeFileSync(inPlace('letter.txt'), 'Dear Ada');
    const taken = await backup(['letter.txt']);
    expect(taken).toEqual({ code: 1, output: expect.stringContaining('is there already') });
    expect(statSync(inPlace('letter.txt')).size).toBe(8);

    writeFileSync(inPlace('no.db'), 'not a database, however one looks at it '.repeat(100));
    const failed = await backup(['copy.db'], { DATABASE_URL: 'sqlite:no.db' });
    expect(failed).toEqual({ code: 1, output: expect.stringContaining('There is no backup: ') });
    expect(readdirSync(place.folder).filter((name) => name.startsWith('copy'))).toEqual([]);

    expect((await backup(["it's a copy.db"])).code).toBe(0);
    expect((await backup(["it's a copy.db"])).code).toBe(1);
    expect((await backup(['no/such/folder/copy.db'])).code).toBe(1);
  });
});
