import { clock, MINUTE } from '../../src/kit/clock';
import { Database } from '../../src/database/database';
import { ClockJob } from '../../src/modules/system/clock.job';
import { isEmbedded, testOnServers } from '../support/engines';
import { House } from '../support/house';

const TOKEN = 'a token for the monitor';
const GAUGE = /^database_clock_difference_seconds (\S+)$/m;
const realTime = clock.now;

let house: House;
beforeAll(async () => {
  house = await House.open({ METRICS_TOKEN: TOKEN });
});
beforeEach(() => void house.log.splice(0));
afterEach(() => {
  clock.now = realTime;
});
afterAll(() => house.close());

const compare = () => house.app.get(ClockJob, { strict: false }).compare();
const told = (): { level: number; seconds: number }[] =>
  house.log.map((line) => JSON.parse(line)).filter(({ context }) => context === ClockJob.name);
async function difference(): Promise<number | undefined> {
  const answer = await house.visitor().get('/metrics', { authorization: `Bearer ${TOKEN}` });
  const [, seconds] = GAUGE.exec(String(answer.expect(200))) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

testOnServers('a clock that agrees with the database’s is not talked about', async () => {
  await compare();
  expect(Math.abs((await difference())!)).toBeLessThan(2);
  expect(told()).toEqual([]);
});

testOnServers('one that is ahead or behind is told once, and once when it agrees again', async () => {
  for (const off of [MINUTE, -MINUTE]) {
    house.clock.advance(off);
    await compare();
    await compare();
    expect(told()).toMatchObject([{ level: 40 }]);
    for (const seconds of [told()[0]!.seconds, (await difference())!]) {
      expect(Math.abs(seconds)).toBeGreaterThan(2);
      expect(Math.sign(seconds)).toBe(Math.sign(off));
    }

    clock.now = realTime;
    await compare();
    await compare();
    expect(told()).toHaveLength(2);
    expect(Math.abs(told()[1]!.seconds)).toBeLessThan(2);
    house.log.splice(0);
  }
});

testOnServers('what the database’s answer took is no difference', async () => {
  const db = house.app.get(Database);
  const select = db.select.bind(db);
  const slow = jest.spyOn(db, 'select').mockImplementation(async (sql, parameters) => {
    const rows = await select(sql, parameters);
    house.clock.advance(MINUTE);
    return rows as never;
  });
  house.clock.advance(-MINUTE / 2);
  await compare();
  slow.mockRestore();
  expect(told()).toEqual([]);
});

testOnServers('where it cannot be told the metric is left out', async () => {
  const db = house.app.get(Database);
  const away = jest.spyOn(db, 'select').mockRejectedValue(new Error('away'));
  await compare();
  away.mockRestore();
  expect(await difference()).toBeUndefined();
  expect(told()).toEqual([]);

  await compare();
  expect(await difference()).toBeDefined();
});

if (isEmbedded)
  test('one machine has one clock', async () => {
    await compare();
    expect(await difference()).toBe(0);
  });
