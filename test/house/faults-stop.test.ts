import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { eventually } from '../support/eventually';
import { House } from '../support/house';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess } from '../support/process';
import { RawSocket } from '../support/socket';
import { PLENTY } from '../support/start';
import { PASSWORD } from '../support/visitor';

let place: Place;
let app: AppProcess;
let house: House;

beforeAll(async () => {
  place = await emptyPlace();
});
afterAll(async () => {
  agent.destroy();
  await app?.end('SIGKILL');
  await house?.close();
  await place?.clear();
});

/** A client that keeps its connections as long as the app does. */
const agent = new Agent({ keepAlive: true });

type Begun = (email: string) => Promise<number | undefined>;

/** A sign-up that the app has begun to read: it says so, and waits for the rest, which tells how it ends. */
async function begun(): Promise<Begun> {
  const headers = { 'content-type': 'application/json', expect: '100-continue' };
  const signUp = request(`${app.url}/auth/signup`, { method: 'POST', headers, agent });
  const status = new Promise<number | undefined>((resolve) => {
    signUp.once('response', (response) => resolve(response.resume().statusCode));
    signUp.once('error', () => resolve(undefined));
  });
  signUp.flushHeaders();
  await once(signUp, 'continue');
  return (email) => {
    signUp.end(JSON.stringify({ email, password: PASSWORD }));
    return status;
  };
}

/** Whether anybody still listens there. */
const listens = () =>
  fetch(`${app.url}/health/live`, { headers: { connection: 'close' } }).then(
    ({ status }) => status === 200,
    () => false,
  );

test('SIGTERM: what runs is finished, nothing new is taken, and the app leaves with code 0', async () => {
  const settings = { ...place.settings, DATA_DIR: place.folder, NODE_ENV: 'test' };
  app = await AppProcess.start(place.folder, settings);
  const running = [await begun(), await begun(), await begun()];
  const end = app.end('SIGTERM');
  while (await listens());

  const emails = running.map((_, i) => `running-${i}@example.com`);
  const answers = await Promise.all(running.map((finish, i) => finish(emails[i]!)));
  expect(answers).toEqual([201, 201, 201]);
  expect(await end).toBe(0);

  house = await House.open(settings);
  expect((await house.query('SELECT email FROM users ORDER BY email')).map(({ email }) => email)).toEqual(emails);
  expect(await house.query('SELECT id FROM outbox_messages WHERE lease_owner IS NOT NULL')).toEqual([]);
  for (const email of emails) expect(await house.tokenFor(email, 'verify-email')).toBeTruthy(); // their mail waited
});

type Heard = { status?: number; connection?: string };

/** Asks once, on a connection that is kept from the last time where the app kept it; no status where nobody answers. */
function ask(path: string, accessToken: string, body?: object): Promise<Heard> {
  const headers = { authorization: `Bearer ${accessToken}`, ...(body && { 'content-type': 'application/json' }) };
  return new Promise((resolve) => {
    request(app.url + path, { method: body ? 'PUT' : 'GET', headers, agent })
      .once('response', (answer) => {
        const heard = { status: answer.statusCode, connection: answer.headers.connection };
        answer.resume().once('close', () => resolve(heard));
      })
      .once('error', () => resolve({}))
      .end(body && JSON.stringify(body));
  });
}

async function signedUp(email: string): Promise<string> {
  const answer = await fetch(`${app.url}/auth/signup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

test('SIGTERM: not ready at once, the app serves on, and nobody whose connection it kept fails; a second one ends the wait', async () => {
  const settings = { ...place.settings, DATA_DIR: place.folder, NODE_ENV: 'test', RATE_LIMIT: PLENTY };
  app = await AppProcess.start(place.folder, { ...settings, SHUTDOWN_DELAY: '1h' });
  const token = await signedUp('ada@example.com');
  const heard: Heard[] = [];
  let left = Infinity;
  const work = async (path: string, body?: object) => {
    for (; left > 0; left--) heard.push(await ask(path, token, body));
  };
  const working = [0, 1, 2, 3].flatMap((i) => [work('/auth/me'), work(`/users/me/data/theme-${i}`, { value: 'dark' })]);
  await eventually(async () => heard.length > 40);
  expect(heard.every(({ connection }) => connection === 'keep-alive')).toBe(true);

  app.child.kill('SIGTERM');
  await eventually(async () => (await fetch(`${app.url}/health/ready`)).status === 503);
  const since = heard.length + working.length; // whose answers may have been on their way
  left = 200;
  await Promise.all(working);
  expect(heard.filter(({ status }) => status !== 200)).toEqual([]);
  expect(new Set(heard.slice(since).map(({ connection }) => connection))).toEqual(new Set(['close']));
  expect(await listens()).toBe(true);
  expect(await app.end('SIGINT')).toBe(0);
  expect(await listens()).toBe(false);
});

test('SHUTDOWN_DELAY over, the app leaves by itself', async () => {
  const settings = { ...place.settings, DATA_DIR: place.folder, NODE_ENV: 'test' };
  app = await AppProcess.start(place.folder, { ...settings, SHUTDOWN_DELAY: '1' });
  expect(await app.end()).toBe(0);
});

const HEAD = 'POST /auth/signup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

test('SIGTERM: nobody is waited for who says nothing, half of something, or only keeps a connection', async () => {
  app = await AppProcess.start(place.folder, { ...place.settings, DATA_DIR: place.folder, NODE_ENV: 'test' });
  const open = (sent: string) => RawSocket.open(Number(new URL(app.url).port)).then((it) => it.listen().send(sent));
  const silent = [await open(''), await open('GET /hea'), await open(HEAD)];
  const idle = await open('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
  await idle.until(/"status":"ok"/);
  const next = await open('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /hea');
  await next.until(/"status":"ok"/);
  const half = await open(`${HEAD}Expect: 100-continue\r\nContent-Length: 20000\r\n\r\n`);
  await half.until(/100 Continue/);
  half.send('{"email":"');

  const end = app.end('SIGTERM');
  const closed: string[] = [];
  for (const [name, some] of Object.entries({ silent, idle: [idle, next], half: [half] }))
    for (const { closed: one } of some) void one.then(() => closed.push(name));
  expect(await end).toBe(0);
  await half.closed;
  expect(closed.at(-1)).toBe('half'); // it has a while to send the rest
  expect(closed).toHaveLength(6);
});
