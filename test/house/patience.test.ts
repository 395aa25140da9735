import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { clock, MINUTE } from '../../src/kit/clock';
import { Sparing } from '../../src/kit/sparing';
import { within } from '../../src/kit/timeout';

const PATIENCE = 50; // milliseconds

test('who gets no answer in time waits no longer', async () => {
  const silence = new Promise(() => undefined);
  await expect(within(PATIENCE, silence)).rejects.toThrow('No answer within 50 ms.');
});

test('an answer that was there while we were held up ourselves is not late', async () => {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const answering = `
    const { parentPort, workerData } = require('node:worker_threads');
    parentPort.on('message', () => {
      parentPort.postMessage('here it is');
      Atomics.store(workerData, 0, 1);
      Atomics.notify(workerData, 0);
    });`;
  const other = new Worker(answering, { eval: true, workerData: answered });
  await once(other, 'online');

  await new Promise((resolve) => setImmediate(resolve)); // where timers come before what has arrived
  const asked = performance.now();
  const answer = within(PATIENCE, once(other, 'message'));
  other.postMessage('where is it?');
  Atomics.wait(answered, 0, 0); // the answer is on its way, and we are stuck
  while (performance.now() - asked < 2 * PATIENCE);
  expect(await answer).toEqual(['here it is']);
  await other.terminate();
});

test('what goes on and on is said once a minute, and then how often it was not', () => {
  const [sparing, now, said] = [new Sparing(), clock.now(), [] as string[]];
  const say = (what: string) => sparing.say(what, (unsaid) => said.push(`${what} ${unsaid}`));
  try {
    clock.now = () => now;
    for (let i = 0; i < 5; i++) say('away');
    say('full');
    clock.now = () => new Date(now.getTime() + MINUTE);
    say('away');
    say('away');
  } finally {
    clock.now = () => new Date();
  }
  expect(said).toEqual(['away 0', 'full 0', 'away 4']);
});

test('no test gives up after a time of its own: jest.config.js has the only limit, against hanging', () => {
  const folder = join(__dirname, '..');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const isLimited = (name: string) =>
    /jest\s*\.setTimeout\(|\},\s*\d+_000,?\s*\);|Default\w*Timeout\([1-9]/m.test(
      readFileSync(join(folder, name), 'utf8'),
    );
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter(isLimited)).toEqual([]);
});
