import { StreamsService } from '../../src/modules/messaging/notifications/streams.service';
import type { Answer } from '../support/answer';
import { House } from '../support/house';

describe('health', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  test('it lives, and is ready when the database answers and has all its tables', async () => {
    expect((await house.visitor().get('/health/live')).expect(200)).toEqual({ status: 'ok' });
    expect((await house.visitor().get('/health/ready')).expect(200)).toEqual({
      status: 'ready',
      checks: { database: 'ok', migrations: 'ok', redis: 'off' },
    });
  });

  test('it is not ready while a migration has yet to run, and names it', async () => {
    const [last] = await house.query('SELECT * FROM migrations ORDER BY id DESC LIMIT 1');
    await house.query('DELETE FROM migrations WHERE id = ?', [last.id]);
    try {
      const answer = await house.visitor().get('/health/ready');
      expect(answer.problem(503, 'not-ready').detail).toContain(last.name);
      expect(answer.headers['retry-after']).toBe('5');
      (await house.visitor().get('/health/live')).expect(200);
    } finally {
      await house.query('INSERT INTO migrations (id, timestamp, name) VALUES (?, ?, ?)', [
        last.id,
        last.timestamp,
        last.name,
      ]);
    }
    (await house.visitor().get('/health/ready')).expect(200);
  });
});

test('while the database is away it lives, is not ready, and answers 503 to everything that needs it', async () => {
  const house = await House.open({ METRICS_TOKEN: 'a token for the monitor' });
  const ada = await house.user({ verified: false });
  await house.source.destroy();
  try {
    (await ada.get('/health/live')).expect(200);
    expect((await ada.get('/health/ready')).problem(503, 'not-ready').detail).toBe('The database does not answer.');
    const [why] = house.log.map((line) => JSON.parse(line)).filter(({ check }) => check !== undefined);
    expect(why).toMatchObject({ level: 40, reason: expect.any(String), milliseconds: expect.any(Number) });
    (await ada.get('/auth/me')).problem(503, 'unavailable');
    (await ada.post('/auth/login', { email: ada.user.email, password: 'x' })).problem(503, 'unavailable');
    ada.accessToken = 'a token for the monitor';
    expect((await ada.get('/metrics')).expect(200)).toContain('http_request_duration_seconds');
  } finally {
    await house.close();
  }
});

test('from the beginning of a stop it is not ready, while it still answers', async () => {
  const house = await House.open();
  const streams = house.app.get(StreamsService);
  const end = streams.beforeApplicationShutdown.bind(streams);
  const asked: Answer[] = [];
  streams.beforeApplicationShutdown = async () => {
    asked.push(await house.visitor().get('/health/ready'), await house.visitor().get('/health/live'));
    return end();
  };
  await house.close();

  expect(asked[0]!.problem(503, 'not-ready').detail).toBe('This instance is stopping.');
  asked[1]!.expect(200);
});

describe('metrics', () => {
  const monitor = (house: House, authorization?: string) =>
    house.visitor().get('/metrics', authorization === undefined ? {} : { authorization });

  test('are not there without a token in the settings', async () => {
    const house = await House.open();
    const answers = [await monitor(house), await monitor(house, 'Bearer '), await monitor(house, 'Bearer undefined')];
    await house.close();
    for (const answer of answers) answer.problem(404, 'not-found');
  });

  test('are for who has it, and name routes, not what is in their paths', async () => {
    const house = await House.open({ METRICS_TOKEN: 'a token for the monitor' });
    const ada = await house.user({ verified: false });
    (await ada.get(`/users/${ada.user.id}`)).expect(200);
    (await ada.call('GET', '/no/such/path', { contract: false })).problem(404, 'not-found');

    const refused = [
      await monitor(house),
      await monitor(house, 'Bearer wrong'),
      await monitor(house, `Bearer ${ada.accessToken}`),
    ];
    const answer = await monitor(house, 'Bearer a token for the monitor');
    await house.close();

    for (const one of refused) one.problem(401, 'unauthenticated');
    const text = String(answer.expect(200));
    expect(answer.type).toBe('text/plain');
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/users/:userId",status="200"} 1');
    expect(text).toContain('http_request_duration_seconds_count{method="GET",route="none",status="404"} 1');
    expect(text).toMatch(/^outbox_due_messages \d+$/m);
    expect(text).toMatch(/^outbox_dead_letters \d+$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    expect(text).not.toContain(ada.user.id);
    expect(text).not.toContain('/no/such/path');
  });
});
