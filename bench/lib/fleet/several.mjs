// Two processes beside one, on one database and behind proxies alike, in turns.
import { measure, prepare, running } from '../lab.mjs';
import { log, OPERATIONS, rotate, ROUNDS, SECONDS, sum } from '../options.mjs';
import { median, show } from '../numbers.mjs';
import { line } from '../report.mjs';
import { instance, proxy, start, stop } from './fleet.mjs';

const WARM = 10; // seconds: until a process costs no less than before

export async function several() {
  const instances = [instance(1), instance(2)],
    [first, second] = instances;
  await first.seed();
  await prepare(first);
  await start(second);
  second.users = first.users;
  const sides = [await behindProxy([first]), await behindProxy(instances)];
  const runs = [];
  for (const op of OPERATIONS) {
    for (const one of instances) await measure(one, op, WARM); // each by itself: half of the load would warm it half
    for (let round = 0; round < ROUNDS; round++)
      for (const side of rotate(sides, round)) {
        const m = { ...(await measure(side, op, SECONDS)), size: side.pids.length };
        runs.push(m);
        log(line(m));
      }
  }
  for (const one of instances) await stop(one);
  console.log(table(runs));
}

/** As one target. Its virtual users are those of the first, whose database it shares. */
async function behindProxy(instances) {
  const before = proxy(instances.length, instances);
  const { pid } = await start(before);
  const pids = instances.map(({ name }) => running.get(name).pid);
  return { ...instances[0], name: before.name, port: before.port, pids, beside: [pid] };
}

function table(runs) {
  const lines = [...new Set(runs.map(({ op }) => op))].map((op) => {
    const of = (size, key) => runs.filter((run) => run.op === op && run.size === size).map((run) => run[key]);
    const both = (key, digits) => [1, 2].map((n) => show(median(of(n, key)), digits)).join(' | ');
    const ratio = median(of(2, 'rps').map((rps, i) => rps / of(1, 'rps')[i])),
      errors = [...of(1, 'errors'), ...of(2, 'errors')].reduce((all, one) => all + sum(one), 0);
    return `| ${op} | ${both('rps')} | ${show(ratio)} | ${both('p99')} | ${both('cpuMs', 3)} | ${both('otherCores')} | ${errors} |`;
  });
  return [
    '| | one: req/s | two | two / one | one: p99 ms | two | one: CPU ms | two | one: cores elsewhere | two | errors |',
    `|---|${'--:|'.repeat(10)}`,
    ...lines,
  ].join('\n');
}
