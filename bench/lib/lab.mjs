// One target at work: started, asked, measured.
import { signInAll } from '../shape.mjs';
import { fetchOnce } from './client.mjs';
import { closedLoop, fixedRate } from './load.mjs';
import * as mariadb from './mariadb.mjs';
import { log, opsOf, SECONDS, sum, verb, wants } from './options.mjs';
import * as proc from './proc.mjs';

export const CONNECTIONS = 16;
export const SETTLED = 1500; // milliseconds after a start
const SIGN_IN_CONNECTIONS = 8;
const STORM = 20; // sign-ins at once
const RATE = 50; // requests a second beside them

export const running = new Map();
process.on('exit', () => {
  for (const { pid } of running.values())
    for (const one of proc.tree(pid))
      try {
        process.kill(one, 'SIGKILL');
      } catch {
        /* gone */
      }
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

export async function start(target) {
  const p = await proc.start(target, {
    log: `${mariadb.DATA}/${target.name}.log`,
    spawned: (child) => running.set(target.name, child),
  });
  running.set(target.name, p);
  return p;
}
export async function stop(target) {
  await proc.stop(running.get(target.name));
  running.delete(target.name);
}

/** Starts a target, signs its virtual users in, and asks each operation once, to see that its answer is right. */
export async function prepare(target) {
  const p = await start(target);
  target.users = await signInAll(target.login, {
    inviters: ['f', 'f:mail', 'sweep'].some(wants) || ['deletion', 'background'].includes(verb),
    refreshers: wants('g'),
  });
  for (const [op, { pool, build, before }] of opsOf(target)) {
    await before?.();
    const user = target.users[pool][0],
      request = build(user, 0),
      answer = await fetchOnce(target.port, request);
    const isRight = answer.status === request.expect && (target.checks[op]?.(answer.json) ?? true);
    if (!isRight) throw new Error(`${target.name} ${op}: ${answer.status} ${answer.text.slice(0, 300)}`);
    request.after?.(user, answer.text);
  }
  await proc.sleep(SETTLED);
  target.readyMiB = target.maxMiB = proc.mem(p.pid);
  log(`${target.name} ready in ${p.readyMs.toFixed(0)} ms, ${target.readyMiB.toFixed(0)} MiB`);
}
const usersFor = (target, { pool }, n) =>
  Array.from({ length: n }, (_, i) => ({ ...target.users[pool][i % target.users[pool].length] }));

/** Until the time is up, or `over` says so. */
export async function measure(target, op, seconds, over) {
  const one = target.ops[op],
    { pids = [running.get(target.name).pid], beside = [] } = target, // several, perhaps, and a proxy before them
    onMariaDb = target.onMariaDb;
  await one.before?.();
  const users = usersFor(target, one, op === 'a' ? SIGN_IN_CONNECTIONS : CONNECTIONS);
  const look = async () => ({
    own: proc.cpuOf(pids),
    beside: proc.cpuOf(beside),
    db: onMariaDb ? mariadb.serverCpu() : 0,
    busy: proc.machine().busy,
    self: process.cpuUsage(),
    sql: onMariaDb ? await mariadb.statements() : NaN,
  });
  const from = await look();
  const result = await closedLoop({ port: target.port, vus: users, op: one.build, seconds, stop: over });
  const to = await look();
  target.maxMiB = Math.max(target.maxMiB, sum(pids.map(proc.mem)));
  if (one.pool === 'refreshers') target.users.refreshers = users; // they carry the rotated tokens
  const requests = result.n + sum(result.errors) || 1,
    own = to.own - from.own,
    db = to.db - from.db,
    beyond = to.beside - from.beside;
  const self = (to.self.user + to.self.system - from.self.user - from.self.system) / 1e6;
  return {
    target: target.name,
    op,
    ...result,
    cpuMs: (own * 1000) / requests,
    dbMs: (db * 1000) / requests,
    sql: (to.sql - from.sql) / requests,
    otherCores: Math.max(0, to.busy - from.busy - own - db - beyond - self) / result.seconds,
  };
}

/** h: who am I at a fixed rate, alone and while sign-ins storm in. */
export async function starve(target) {
  const { a, b } = target.ops,
    ask = (seconds) => fixedRate({ port: target.port, vus: target.users[b.pool], op: b.build, seconds, rate: RATE });
  const alone = await ask(SECONDS + 2);
  let over = false;
  const storm = closedLoop({
    port: target.port,
    vus: usersFor(target, a, STORM),
    op: a.build,
    seconds: 120,
    stop: () => over,
  });
  await proc.sleep(1000);
  const under = await ask(SECONDS + 4);
  over = true;
  await storm;
  return { target: target.name, op: 'h', alone, under };
}
