// How late the event loop of a target runs under a mixed load, seen from inside its process.
import fs from 'node:fs';
import { CONNECTIONS, prepare, running, stop } from './lab.mjs';
import { closedLoop } from './load.mjs';
import * as mariadb from './mariadb.mjs';
import { MIX, mixed } from './mix.mjs';
import { log, ROUNDS, SECONDS, sum, WARM_UP } from './options.mjs';
import { sleep } from './proc.mjs';
import { median, show } from './numbers.mjs';

const hook = new URL('./lag-hook.cjs', import.meta.url).pathname;

export async function lag(targets) {
  const rows = [];
  for (const plain of targets.filter(({ ops }) => Object.keys(MIX).every((op) => ops[op]))) {
    await plain.seed();
    const file = `${mariadb.DATA}/${plain.name}.lag.json`,
      target = { ...plain, args: ['--require', hook, ...plain.args], env: { ...plain.env, LAG_OUT: file } };
    await prepare(target);
    await target.ops['f:mail'].before?.();
    const { vus, op } = mixed(target, CONNECTIONS),
      load = (seconds) => closedLoop({ port: target.port, vus, op, seconds });
    await load(WARM_UP + 3);
    for (let round = 0; round < ROUNDS; round++) {
      fs.rmSync(file, { force: true });
      const { child } = running.get(target.name);
      child.kill('SIGWINCH');
      const { rps, p99, errors } = await load(SECONDS);
      child.kill('SIGWINCH');
      while (!fs.existsSync(file)) await sleep(20);
      rows.push({ name: target.name, rps, answerP99: p99, ...JSON.parse(fs.readFileSync(file, 'utf8')) });
      log(target.name, JSON.stringify(rows.at(-1)), sum(errors) ? `ERRORS ${JSON.stringify(errors)}` : '');
    }
    await stop(target);
  }
  console.log(table(rows));
}

function table(rows) {
  const names = [...new Set(rows.map(({ name }) => name))];
  const lines = names.map((name) => {
    const of = (read) => show(median(rows.filter((row) => row.name === name).map(read)));
    const lags = ['all', 'own'].flatMap((which) => ['p50', 'p99', 'max'].map((key) => of((row) => row[which][key])));
    return `| ${[name, of(({ rps }) => rps), ...lags, of(({ answerP99 }) => answerP99)].join(' | ')} |`;
  });
  return [
    '| | req/s | lag: p50 ms | p99 | max | without the wait for a core: p50 | p99 | max | answers: p99 |',
    `|---|${'--:|'.repeat(8)}`,
    ...lines,
  ].join('\n');
}
