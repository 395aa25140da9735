import { Agent, request } from 'node:http';
import { Balancer } from '../support/balancer';
import { eventually } from '../support/eventually';
import { emptyPlace, type Place } from '../support/place';
import { AppProcess, freePort } from '../support/process';
import { PLENTY } from '../support/start';
import { PASSWORD } from '../support/visitor';

const { HAPROXY } = globalThis as unknown as { HAPROXY: string };
const AT_WORK = 3; // before each door

const agent = new Agent({ keepAlive: true });
let place: Place;
const apps: AppProcess[] = [];
let balancer: Balancer | undefined;

beforeAll(async () => {
  place = await emptyPlace();
});
afterAll(async () => {
  agent.destroy();
  await balancer?.stop();
  await Promise.all(apps.map((app) => app.end('SIGKILL')));
  await place?.clear();
});

/** The status, or what became of the connection. */
function ask(url: string, accessToken: string, body?: string): Promise<number | string> {
  const headers = { authorization: `Bearer ${accessToken}`, ...(body && { 'content-type': 'application/json' }) };
  return new Promise((resolve) => {
    request(url, { method: body ? 'PUT' : 'GET', headers, agent })
      .once('response', (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode!));
        answer.once('error', ({ message }) => resolve(message));
      })
      .once('error', ({ message }) => resolve(message))
      .end(body);
  });
}

async function signedUp(url: string, email: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ email, password: PASSWORD });
  const answer = await fetch(`${url}/auth/signup`, { method: 'POST', headers, body });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

test('while every instance is restarted in turn, no request through the balancer fails, whether it asks again or not', async () => {
  const ports = [await freePort(), await freePort()];
  const settings = { ...place.settings, NODE_ENV: 'test', RATE_LIMIT: PLENTY, APP_URL: 'http://app.test' };
  const start = (nth: number) =>
    AppProcess.start(place.folder, { ...settings, PORT: String(ports[nth]), SHUTDOWN_DELAY: '1h' });
  for (const nth of ports.keys()) apps.push(await start(nth)); // the second finds the keys that the first made
  balancer = await Balancer.start(
    HAPROXY,
    place.folder,
    apps.map(({ url }) => url),
  );

  const answers = { patient: [] as (number | string)[], strict: [] as (number | string)[] };
  const token = await signedUp(balancer.doors.strict, 'ada@example.com');
  const state = { isOver: false };
  const work = async (door: 'patient' | 'strict', nth: number) => {
    const { [door]: url } = balancer!.doors;
    const body = JSON.stringify({ value: nth });
    for (let i = nth; !state.isOver; i++)
      answers[door].push(
        await (i % 4 ? ask(`${url}/auth/me`, token) : ask(`${url}/users/me/data/${door}-${nth}`, token, body)),
      );
  };
  const working = Array.from({ length: AT_WORK }, (_, i) => [work('patient', i), work('strict', i)]).flat();
  const more = (count: number) => {
    const wanted = answers.strict.length + count;
    return eventually(async () => answers.strict.length >= wanted);
  };

  for (const nth of ports.keys()) {
    await more(100);
    apps[nth]!.child.kill('SIGTERM');
    await balancer.until(nth, 'DOWN');
    expect(await apps[nth]!.end('SIGTERM')).toBe(0); // nobody is sent there any more: it need not wait
    await more(100);
    apps[nth] = await start(nth);
    await balancer.until(nth, 'UP');
  }
  await more(100);
  state.isOver = true;
  await Promise.all(working);
  for (const heard of Object.values(answers)) expect(heard.filter((kind) => kind !== 200)).toEqual([]);
});
