// npm run bench -- [run|trace|prof|cold|lag|several|endure|deletion|background|down] [--targets a,b] [--ops a,b] [--rounds 5] [--seconds 4] [--minutes 10] [--scale] [--out file]
import fs from 'node:fs';
import os from 'node:os';
import { background } from './lib/background.mjs';
import { deletion } from './lib/deletion.mjs';
import { endure } from './lib/fleet/endure.mjs';
import { several } from './lib/fleet/several.mjs';
import { lists } from './lib/growth.mjs';
import { cold, prof, trace } from './lib/inspect.mjs';
import { lag } from './lib/lag.mjs';
import { measure, prepare, starve, stop } from './lib/lab.mjs';
import { mailSink } from './lib/mail-sink.mjs';
import * as mariadb from './lib/mariadb.mjs';
import { log, OPERATIONS, options, rotate, ROUNDS, SECONDS, verb, WARM_UP, wants } from './lib/options.mjs';
import { line, report } from './lib/report.mjs';
import { sweep } from './lib/sweep.mjs';
import { betterAuth } from './targets/better-auth.mjs';
import { reference } from './targets/reference.mjs';
import { tenantry } from './targets/tenantry.mjs';

const THOUSAND = 1000;
const MILLION = 1_000_000;
const { BENCH_BASE: base } = process.env;
const listed = options.targets?.split(',');
const targets = [
  tenantry({ name: 'tenantry', users: THOUSAND, port: mariadb.PORTS + 101 }),
  tenantry({ name: 'tenantry-embedded', users: THOUSAND, port: mariadb.PORTS + 102, engine: 'embedded' }),
  reference({ name: 'reference', users: THOUSAND, port: mariadb.PORTS + 103 }),
  betterAuth({ name: 'better-auth', users: THOUSAND, port: mariadb.PORTS + 104 }),
  ...(base
    ? [
        tenantry({ name: 'base', users: THOUSAND, port: mariadb.PORTS + 105, root: base }),
        tenantry({ name: 'base-embedded', users: THOUSAND, port: mariadb.PORTS + 106, engine: 'embedded', root: base }),
      ]
    : []),
  ...(options.scale
    ? [
        tenantry({ name: 'tenantry@1m', users: MILLION, port: mariadb.PORTS + 111 }),
        reference({ name: 'reference@1m', users: MILLION, port: mariadb.PORTS + 113 }),
      ]
    : []),
].filter(({ name }) => !listed || listed.includes(name));

async function run() {
  const { model } = os.cpus()[0],
    machine = `${os.cpus().length} × ${model}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const results = {
    at: new Date().toISOString(),
    machine,
    rounds: ROUNDS,
    seconds: SECONDS,
    runs: [],
    storms: [],
    lists: [],
    sweeps: [],
    memory: {},
  };
  for (const target of targets) {
    await target.seed();
    await prepare(target);
  }
  for (const op of OPERATIONS) {
    const able = targets.filter(({ ops }) => ops[op]);
    for (const target of able) await measure(target, op, WARM_UP);
    for (let round = 0; round < ROUNDS; round++)
      for (const target of rotate(able, round)) {
        const m = await measure(target, op, SECONDS);
        results.runs.push({ round, ...m });
        log(line(m));
      }
  }
  if (wants('h'))
    for (let round = 0; round < Math.min(3, ROUNDS); round++)
      for (const target of rotate(targets, round)) {
        const m = await starve(target);
        results.storms.push({ round, ...m });
        log(
          `h ${target.name.padEnd(18)} p99 alone ${m.alone.p99.toFixed(2)}, in the storm ${m.under.p99.toFixed(2)} ms`,
        );
      }
  for (const target of targets.filter(({ growth }) => options.scale && growth?.users === MILLION)) {
    if (wants('lists')) results.lists.push({ target: target.name, ...(await lists(target)) });
    if (wants('sweep')) results.sweeps.push({ target: target.name, ...(await sweep(target)) });
  }
  for (const { name, readyMiB, maxMiB } of targets) results.memory[name] = { readyMiB, maxMiB };
  for (const target of targets) await stop(target);
  if (options.out) fs.writeFileSync(options.out, JSON.stringify(results, null, 1));
  console.log(report(results));
}

if (verb === 'down') {
  mariadb.down();
  process.exit(0);
}
await mariadb.up();
mailSink.listen();
await { run, trace, prof, cold, lag, several, endure, deletion, background }[verb](targets);
process.exit();
