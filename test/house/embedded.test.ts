import { setImmediate as turn } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { connect } from '../../src/data-source';
import { migrate } from '../../src/database/migrate';
import { fromNow, HOUR } from '../../src/kit/clock';
import { loadConfig } from '../../src/config/config';
import { Mutex } from '../../src/database/sqlite/mutex';
import { Limit } from '../../src/rate-limit/limit.entity';
import { atOnce } from '../support/at-once';
import { emptyPlace, type Place } from '../support/place';

describe('the one-writer driver of the embedded engine', () => {
  let place: Place;
  let source: DataSource;

  beforeAll(async () => {
    place = await emptyPlace();
    source = await connect(loadConfig({ NODE_ENV: 'test', DATA_DIR: place.folder }));
    await migrate(source);
  });
  afterAll(async () => {
    await source.destroy();
    await place.clear();
  });

  const add = (manager: EntityManager, keyHash: string) =>
    manager.insert(Limit, { keyHash, count: 1, endsAt: fromNow(HOUR) });
  const stored = async (like: string, manager = source.manager): Promise<string[]> =>
    (await manager.find(Limit))
      .map(({ keyHash }) => keyHash)
      .filter((key) => key.startsWith(like))
      .sort();

  /** A transaction that stays open until it is told to go on; `entered` once its row is written. */
  function held(key: string, end: () => Promise<void> = async () => undefined) {
    let go = () => {};
    let wrote = () => {};
    const entered = new Promise<void>((resolve) => (wrote = resolve));
    const told = new Promise<void>((resolve) => (go = resolve));
    const done = source.transaction(async (manager) => {
      await add(manager, key);
      wrote();
      await told;
      await end();
    });
    return { entered, go: () => go(), done };
  }

  const fail = () => Promise.reject(new Error('changed my mind'));

  test('of 200 transactions at once, a third of them rolled back, what was acknowledged is stored and nothing else', async () => {
    const failing = new Set(
      Array.from({ length: 200 }, (_, i) => i)
        .sort(() => Math.random() - 0.5)
        .slice(0, 60),
    );
    const acknowledged = new Set<string>();
    const work = (i: number) =>
      source.transaction(async (manager) => {
        await add(manager, `many-${i}-a`);
        for (let turns = Math.floor(Math.random() * 5); turns > 0; turns--) await turn();
        expect(await stored(`many-${i}-`, manager)).toEqual([`many-${i}-a`]);
        await add(manager, `many-${i}-b`);
        if (failing.has(i)) await fail();
      });
    const alone = (i: number) => add(source.manager, `many-alone-${i}`); // in between, without a transaction

    await Promise.all([
      atOnce(200, (i) =>
        work(i).then(
          () => [`many-${i}-a`, `many-${i}-b`].forEach((key) => acknowledged.add(key)),
          () => undefined,
        ),
      ),
      atOnce(50, (i) => alone(i).then(() => acknowledged.add(`many-alone-${i}`))),
    ]);

    expect(acknowledged.size).toBe(2 * 140 + 50);
    expect(await stored('many-')).toEqual([...acknowledged].sort());
  });

  test('nobody sees what is not committed, and nobody waits to read', async () => {
    const ada = held('dirty-ada');
    await ada.entered;
    expect(await stored('dirty-')).toEqual([]);
    ada.go();
    await ada.done;
    expect(await stored('dirty-')).toEqual(['dirty-ada']);

    const bob = held('dirty-bob', fail);
    await bob.entered;
    expect(await stored('dirty-')).toEqual(['dirty-ada']);
    bob.go();
    await expect(bob.done).rejects.toThrow('changed my mind');
    expect(await stored('dirty-')).toEqual(['dirty-ada']);
  });

  test('a write from elsewhere waits for the end of the transaction, and outlives its rollback', async () => {
    const ada = held('apart-ada', fail);
    await ada.entered;
    const bob = add(source.manager, 'apart-bob');
    ada.go();
    await expect(ada.done).rejects.toThrow('changed my mind');
    await bob;
    expect(await stored('apart-')).toEqual(['apart-bob']);
  });

  test('who waits for the writer gets it in the order of arrival', async () => {
    const first = held('order-first');
    await first.entered;
    const entered: number[] = [];
    const others = atOnce(20, (i) =>
      i % 2 === 0
        ? source.transaction(async () => void entered.push(i))
        : source
            .query('UPDATE rate_limits SET count = 2 WHERE key_hash = ?', ['order-first'])
            .then(() => void entered.push(i)),
    );
    first.go();
    await Promise.all([first.done, others]);
    expect(entered).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  test('a query beside the transaction that it is in is refused at once, and the transaction goes on', async () => {
    const refusal =
      'A query outside the open transaction would wait for it for ever: use the manager of the transaction.';
    await source.transaction(async (manager) => {
      await add(manager, 'stray-inside');
      await expect(add(source.manager, 'stray-beside')).rejects.toThrow(refusal);
      await expect(source.query('SELECT 1')).rejects.toThrow(refusal);
      await expect(source.transaction(() => Promise.resolve())).rejects.toThrow(refusal);
      await add(manager, 'stray-after');
    });
    expect(await stored('stray-')).toEqual(['stray-after', 'stray-inside']);
  });

  test('a runner that is released inside its transaction is rolled back, and hands the writer on', async () => {
    const runner = source.createQueryRunner();
    await runner.startTransaction();
    await add(runner.manager, 'released-ada');
    await expect(runner.release()).rejects.toThrow(
      'A query runner was released inside its transaction, which was rolled back.',
    );

    await add(source.manager, 'released-bob');
    expect(await stored('released-')).toEqual(['released-bob']);
  });

  test('a transaction within a transaction falls alone, and falls with the outer one', async () => {
    const nested = (outcome: { inner: () => Promise<void>; outer: () => Promise<void> }, key: string) =>
      source.transaction(async (manager) => {
        await add(manager, `${key}-outer`);
        const inner = manager.transaction(async (deeper) => {
          await add(deeper, `${key}-inner`);
          await outcome.inner();
        });
        await inner.catch(() => undefined);
        await outcome.outer();
      });

    await nested({ inner: fail, outer: async () => undefined }, 'nested-one');
    await nested({ inner: async () => undefined, outer: fail }, 'nested-two').catch(() => undefined);
    expect(await stored('nested-')).toEqual(['nested-one-outer']);
  });

  test.each(['master', 'slave'] as const)('a crowd at the %s leaves the event loop its turns', async (mode) => {
    const slow =
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT COUNT(*) FROM n';
    let [turns, isDone] = [0, false];
    const count = () => void (isDone || (turns++, setImmediate(count)));

    const crowd = atOnce(20, async () => {
      const runner = source.createQueryRunner(mode);
      await runner.query(slow);
      await runner.release();
    });
    count();
    await crowd;
    isDone = true;
    expect(turns).toBeGreaterThanOrEqual(10);
  });

  test('who gave up waiting is passed over', async () => {
    const mutex = new Mutex();
    await mutex.acquire(1);
    await expect(mutex.acquire(1)).rejects.toThrow('Waited 1 ms for the writer of the embedded database.');
    const patient = mutex.acquire(60_000);
    mutex.release();
    await patient;

    const next = mutex.acquire(60_000);
    mutex.release();
    await next;
  });
});
