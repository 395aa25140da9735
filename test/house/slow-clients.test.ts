import type { EventStream } from '../../src/http/server/event-stream';
import { StreamsService } from '../../src/modules/messaging/notifications/streams.service';
import { Ear } from '../support/ear';
import type { Settings } from '../support/engines';
import { House } from '../support/house';
import { portOf, RawSocket } from '../support/socket';

const GET = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
const ENDLESS = 'POST /auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const LARGE = 'GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n';
const NEVER = '1d';
const PATIENT = { HEADER_TIMEOUT: NEVER, BODY_TIMEOUT: NEVER, ANSWER_TIMEOUT: NEVER, KEEP_ALIVE_TIMEOUT: NEVER };

let house: House;
afterEach(() => house.close());

/** A house that is impatient in one thing only; each of these tests waits for a close that comes from nothing else. */
async function impatient(settings: Settings): Promise<number> {
  house = await House.open({ ...PATIENT, ...settings });
  return portOf(house);
}

describe('a head that never ends', () => {
  test.each([
    ['dripped', 'GET /health/live HTTP/1.1\r\nX-Slow: '],
    ['begun', 'GET /hea'],
    ['dripped after a first answer', `${GET}GET /health/live HTTP/1.1\r\nX-Slow: `],
  ])('%s is closed, with 408', async (_, text) => {
    const port = await impatient({ HEADER_TIMEOUT: '200ms' });
    const slow = (await RawSocket.open(port)).listen().send(text);
    await slow.drip('x'.repeat(14_000), house);
    expect(slow.heard).toMatch(/HTTP\/1\.1 408 .*"code":"request-timeout"/s);
  });

  test('of which nothing has come is closed, without a word', async () => {
    const port = await impatient({ HEADER_TIMEOUT: '100ms' });
    const silent = (await RawSocket.open(port)).listen();
    await silent.closed;
    expect(silent.heard).toBe('');
  });
});

test.each([
  ['a length', `${ENDLESS}Content-Length: 200000\r\n\r\n{"email":"`, 'x'],
  ['chunks', `${ENDLESS}Transfer-Encoding: chunked\r\n\r\n`, '1\r\nx\r\n'],
])('a body that is dripped, by %s, is closed with 408', async (_, head, drop) => {
  const port = await impatient({ HEADER_TIMEOUT: '100ms', BODY_TIMEOUT: '200ms' });
  const slow = (await RawSocket.open(port)).listen().send(head);
  await slow.drip(drop.repeat(14_000), house);
  expect(slow.heard).toMatch(/HTTP\/1\.1 408 /);
  expect(house.log.join('')).not.toMatch(/"level":50/);
});

test('an answer that nobody reads is cut off, however many are asked for', async () => {
  const port = await impatient({ ANSWER_TIMEOUT: '200ms' });
  const deaf = await RawSocket.deaf(house, LARGE.repeat(60)); // more than any kernel holds
  await deaf.closed;
  deaf.leave();

  const other = (await RawSocket.open(port)).listen().send(GET);
  expect(await other.until(/"status":"ok"/)).toContain('200 OK');
  other.socket.destroy();
});

test('an idle connection is kept for its time, and then closed', async () => {
  const port = await impatient({ KEEP_ALIVE_TIMEOUT: '100ms' });
  const idle = (await RawSocket.open(port)).listen().send(GET);
  await idle.until(/"status":"ok"/);
  await idle.closed;
  expect(idle.heard).not.toContain('408');
});

describe('connections', () => {
  const SHARE = 8;

  test('of one network are held to its share, while another gets through', async () => {
    const port = await impatient({ MAX_CONNECTIONS_PER_NETWORK: String(SHARE), MAX_CONNECTIONS: '20' });
    const greedy = await Promise.all(Array.from({ length: 40 }, (_, i) => RawSocket.open(port, `127.0.1.${i + 1}`)));
    const refused = greedy.filter(({ isClosed }) => isClosed).length;
    await Promise.all(greedy.slice(SHARE).map(({ closed }) => closed));
    expect(greedy.filter(({ isClosed }) => !isClosed)).toHaveLength(SHARE);
    expect(refused).toBeLessThanOrEqual(40 - SHARE);
    const warned = house.log.filter((line) => line.includes('MAX_CONNECTIONS_PER_NETWORK'));
    expect(warned).toHaveLength(1);

    const other = (await RawSocket.open(port, '127.0.2.1')).listen().send(GET);
    await other.until(/"status":"ok"/);

    greedy[0]!.socket.destroy(); // who leaves makes room
    await greedy[0]!.closed;
    let again = (await RawSocket.open(port, '127.0.1.99')).listen().send(GET);
    while ((await Promise.race([again.until(/"status":"ok"/).catch(() => undefined), again.closed])) === undefined)
      again = (await RawSocket.open(port, '127.0.1.99')).listen().send(GET);
    expect(again.heard).toContain('200 OK');
    [...greedy, other, again].forEach(({ socket }) => socket.destroy());
  });

  test('of all networks together are bounded', async () => {
    const port = await impatient({ MAX_CONNECTIONS: '4' });
    const crowd = [];
    for (let i = 1; i <= 6; i++) crowd.push(await RawSocket.open(port, `127.0.${i}.1`));
    await Promise.all(crowd.slice(4).map(({ closed }) => closed));
    expect(crowd.map(({ isClosed }) => isClosed)).toEqual([false, false, false, false, true, true]);
    crowd.forEach(({ socket }) => socket.destroy());
  });

  test('of a trusted proxy are not held to the share of a network', async () => {
    const port = await impatient({ MAX_CONNECTIONS_PER_NETWORK: '2', TRUST_PROXY: '127.0.3.0/24' });
    const lines = [];
    for (let i = 0; i < 6; i++) lines.push((await RawSocket.open(port, '127.0.3.1')).listen().send(GET));
    await Promise.all(lines.map((line) => line.until(/"status":"ok"/)));
    expect(lines.map(({ isClosed }) => isClosed)).toEqual(lines.map(() => false));
    lines.forEach(({ socket }) => socket.destroy());
  });
});

describe('the stream of notifications', () => {
  test('outlives the time for an answer while it is read', async () => {
    await impatient({ ANSWER_TIMEOUT: '50ms' });
    const owner = await house.owner();
    const ear = await Ear.open(house, owner);
    await ear.comment('welcome');
    const other = await RawSocket.deaf(house, LARGE.repeat(60));
    await other.closed; // by the same setting
    other.leave();

    house.clock.advance(60_000);
    await ear.comment('still here');
    await house.member(owner);
    await ear.event(0);
    ear.hangUp();
  });

  test('is cut off once nobody has read it for that long', async () => {
    await impatient({ ANSWER_TIMEOUT: '10s' });
    const { accessToken } = await house.owner();
    const asked = `GET /notifications/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${accessToken}\r\n\r\n`;
    const deaf = await RawSocket.deaf(house, asked);
    const [stream] = await streams(1);
    while (stream!.readableLength === 0) {
      stream!.say('noise', '0', 'x'.repeat(100_000)); // until no kernel takes more
      await new Promise((resolve) => setImmediate(resolve));
    }
    house.clock.advance(11_000);
    stream!.beat();
    await deaf.closed;
    deaf.leave();
  });
});

/** The streams that are open. */
async function streams(count: number): Promise<EventStream[]> {
  const { listeners } = house.app.get(StreamsService) as unknown as { listeners: Set<{ stream: EventStream }> };
  while (listeners.size < count) await new Promise((resolve) => setImmediate(resolve));
  return [...listeners].map(({ stream }) => stream);
}
