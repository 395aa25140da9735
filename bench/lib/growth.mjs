// A list that has grown: a far page of it, and each of its filters.
import { fetchOnce } from './client.mjs';
import { running } from './lab.mjs';
import { closedLoop } from './load.mjs';
import * as mariadb from './mariadb.mjs';
import { log } from './options.mjs';
import * as proc from './proc.mjs';

const REQUESTS = 200; // one after the other
const FAR = 10_000;
const AS_THE_APP = "SET SESSION optimizer_switch = 'index_merge_intersection=off'"; // see src/data-source.ts

/** Pages and filters of the lists of a target: how each is read, and how long it takes. */
export async function lists(target) {
  const { page, filters } = target.growth.logs,
    vu = target.users.readers[2];
  const ask = (path) => target.growth.get(path)(vu);
  const plans = new Map(); // first of all: MariaDB logs the values of what it prepared while it wrote the log
  for (const [name, path] of Object.entries(filters)) plans.set(name, await planOf(target, ask(path)));

  const pages = [];
  for (let round = 0; round < 3; round++)
    for (const n of [1, FAR]) pages.push({ page: n, ...(await time(target, () => ask(page(n)))) });
  const filtered = [];
  for (const [name, path] of Object.entries(filters)) {
    const one = { name, ...plans.get(name), ...(await time(target, () => ask(path))) };
    log(`${name.padEnd(42)} ${one.key} ${one.examined} rows, p50 ${one.p50.toFixed(2)} ms ${one.extra}`);
    filtered.push(one);
  }
  return { pages, filters: filtered };
}

async function time(target, build) {
  const { pid } = running.get(target.name),
    look = () => [proc.cpu(pid), mariadb.serverCpu()];
  const asked = (requests) =>
    closedLoop({ port: target.port, vus: [{}], op: build, seconds: 60, maxRequests: requests });
  await asked(REQUESTS / 10);
  const from = look(),
    { n, p50, p99, errors } = await asked(REQUESTS),
    [own, db] = look().map((now, i) => ((now - from[i]) * 1000) / n);
  return { n, p50, p99, cpuMs: own, dbMs: db, errors };
}

/** By which key MariaDB answers what `work` asks of the table, and how many rows it reads for it. */
async function planOf({ port, growth: { logs, run } }, request) {
  let answer;
  const asked = (
    await mariadb.trace(async () => {
      answer = await fetchOnce(port, request);
    })
  ).filter((sql) => sql.includes(logs.table));
  if (asked.length !== 1) throw new Error(`${asked.length} statements on ${logs.table} where one was expected`);
  const [plan] = await run(AS_THE_APP, `ANALYZE ${asked[0].replace(/LIMIT '(\d+)'/, 'LIMIT $1')}`);
  const { type, key, r_rows: examined, Extra: extra } = plan;
  return { type, key, examined: Number(examined), extra, answered: answer.json.data.length };
}
