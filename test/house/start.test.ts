import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isEmbedded } from '../support/engines';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess, freePort, run } from '../support/process';
import { PASSWORD } from '../support/visitor';

let place: Place;
let app: AppProcess | undefined;

beforeEach(async () => {
  place = await emptyPlace();
});

afterEach(async () => {
  await app?.end();
  app = undefined;
  await place.clear();
});

const post = (path: string, body: object) =>
  fetch(app!.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const get = (path: string, token = '') => fetch(app!.url + path, { headers: { authorization: `Bearer ${token}` } });

test('an empty folder is enough, and the first lines say where everything is', async () => {
  app = await AppProcess.start(place.folder, place.settings);

  const named = (name: string) => new RegExp(`^ *${name} +(\\S+)$`, 'm').exec(app!.output)?.[1];
  expect(named('API')).toBe(app.url);
  expect(named('Database')).toBe(isEmbedded ? './data/tenantry.db' : new URL(place.settings.DATABASE_URL!).host);
  const shown = ['Swagger UI', 'Contract', 'Mail'].map((name) => fetch(named(name)!));
  expect((await Promise.all(shown)).map(({ status }) => status)).toEqual([200, 200, 200]);
});

test('the first start makes keys that only their owner can read, and the second keeps them', async () => {
  const PORT = String(await freePort());
  app = await AppProcess.start(place.folder, { ...place.settings, PORT });
  const keys = join(place.folder, 'data/keys.json');
  const made = readFileSync(keys, 'utf8');
  expect(statSync(keys).mode & 0o777).toBe(0o600);
  const ada = { email: 'ada@example.com', password: PASSWORD };
  const { accessToken, refreshToken }: any = await (await post('/auth/signup', ada)).json();
  expect(await app.end()).toBe(0);

  app = await AppProcess.start(place.folder, { ...place.settings, PORT });

  expect(readFileSync(keys, 'utf8')).toBe(made);
  expect((await get('/auth/me', accessToken)).status).toBe(200);
  expect((await post('/auth/refresh', { refreshToken })).status).toBe(200);
  expect((await post('/auth/login', ada)).status).toBe(200);
});

test('a .env file in the folder is read, and the environment wins over it', async () => {
  writeFileSync(join(place.folder, '.env'), 'PORT=1\nSIGNUP_POLICY=closed\n');

  app = await AppProcess.start(place.folder, place.settings); // on a free port

  expect((await post('/auth/signup', { email: 'ada@example.com', password: PASSWORD })).status).toBe(403);
});

test('production refuses to start without secrets, and names each setting that is missing', async () => {
  const { code, output } = await run('main', [], place.folder, { NODE_ENV: 'production' });

  expect(code).toBe(1);
  const [first, ...faults] = output.trimEnd().split('\n');
  expect(first).toBe('Tenantry cannot start with these settings:');
  const named = faults.map((line) => /^ {2}([A-Z_]+): /.exec(line)?.[1]);
  expect(named).toEqual(['APP_URL', 'JWT_PRIVATE_KEY', 'SECRET_KEYS', 'SMTP_URL', 'MAIL_FROM', 'DATABASE_URL']);
  expect(readdirSync(place.folder)).toEqual([]);
});

test('a port that is taken is named, and ends the start', async () => {
  app = await AppProcess.start(place.folder, place.settings);
  const { port: PORT } = new URL(app.url);
  const elsewhere = join(place.folder, 'elsewhere');
  mkdirSync(elsewhere);

  const { code, output } = await run('main', [], elsewhere, { ...place.settings, PORT });

  expect(code).toBe(1);
  expect(output.split('\n')).toContain(`PORT: ${PORT} is taken; stop what listens there, or set another`);
});

/** What makes a Node find its SQLite missing, not built, or built for another Node: it runs this first. */
const refusing = (files: RegExp) => `
  const { Module } = require('node:module');
  const resolve = Module._resolveFilename;
  Module._resolveFilename = (name, ...more) => {
    if (${files}.test(name)) throw Object.assign(new Error('Cannot find module'), { code: 'MODULE_NOT_FOUND' });
    return resolve(name, ...more);
  };`;
const WITHOUT_SQLITE = {
  'that was never installed': refusing(/^(better-sqlite3|sqlite-on-node-20)$/),
  'that was not built': refusing(/sqlite.*\.node$/),
  'of another Node': `
    const { dlopen } = process;
    process.dlopen = (to, file, ...more) => {
      if (/sqlite/.test(file)) throw new Error('It was compiled against a different Node.js version');
      return dlopen.call(process, to, file, ...more);
    };`,
};

test.each(Object.entries(WITHOUT_SQLITE))('of a SQLite %s two lines say what to do', async (_, trouble) => {
  const first = join(place.folder, 'first.cjs');
  writeFileSync(first, trouble);

  const settings = { NODE_OPTIONS: `--require=${first}`, DATABASE_URL: 'sqlite:tenantry.db' };
  const { code, output } = await run('main', [], place.folder, settings);

  expect(code).toBe(1);
  expect(output).toBe(
    `SQLite is not installed for Node ${process.versions.node}: run \`npm ci\` with this Node.\n` +
      'Or let DATABASE_URL name a MySQL or MariaDB server.\n',
  );
});

test('a database server that is not there is named, without its password, and ends the start', async () => {
  const DATABASE_URL = `mysql://ada:lanterns@localhost:${await freePort()}/tenantry`;

  const { code, output } = await run('main', [], place.folder, { DATABASE_URL });

  expect(code).toBe(1);
  expect(output).toMatch(/^DATABASE_URL: no connection to localhost \(.*ECONNREFUSED.*\)\n$/);
});
