// Start and stop targets; read CPU time and memory of a process tree from /proc.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fetchOnce } from './client.mjs';

const HZ = 100,
  sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const read = (f) => {
  try {
    return fs.readFileSync(f, 'utf8');
  } catch {
    return '';
  }
};

function stat(pid) {
  const s = read(`/proc/${pid}/stat`);
  if (!s) return null;
  const f = s.slice(s.lastIndexOf(')') + 2).split(' ');
  return { ppid: +f[1], own: (+f[11] + +f[12]) / HZ, reaped: (+f[13] + +f[14]) / HZ };
}
export function tree(root) {
  const kids = new Map();
  for (const d of fs.readdirSync('/proc'))
    if (/^\d+$/.test(d)) {
      const s = stat(d);
      if (s) kids.set(s.ppid, [...(kids.get(s.ppid) ?? []), +d]);
    }
  const out = [],
    walk = (p) => {
      out.push(p);
      for (const k of kids.get(p) ?? []) walk(k);
    };
  walk(root);
  return out;
}
/** CPU seconds (user+system) used so far by a process, its children, and the children it has reaped. */
export const cpu = (root) =>
  tree(root).reduce((t, p) => {
    const s = stat(p);
    return s ? t + s.own + s.reaped : t;
  }, 0);
export const cpuOf = (roots) => roots.reduce((all, root) => all + cpu(root), 0);
/** Proportional resident memory of the tree, MiB. */
export const mem = (root) =>
  tree(root).reduce((t, p) => t + +(/^Pss:\s+(\d+)/m.exec(read(`/proc/${p}/smaps_rollup`))?.[1] ?? 0) / 1024, 0);
/** Machine CPU seconds: busy (all processes) and steal. */
export function machine() {
  const f = read('/proc/stat').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  return { busy: (f[0] + f[1] + f[2] + f[5] + f[6]) / HZ, steal: f[7] / HZ };
}

/** spec: {cmd, args, env, cwd, port, health}; resolves once health answers 200. */
export async function start(spec, { log, nice = 0, extraEnv = {}, spawned, timeoutMs = 90_000 } = {}) {
  const t0 = performance.now();
  const out = log ? fs.openSync(log, 'a') : 'ignore';
  const [cmd, args] = nice ? ['nice', ['-n', String(nice), spec.cmd, ...spec.args]] : [spec.cmd, spec.args];
  const child = spawn(cmd, args, {
    cwd: spec.cwd,
    env: { PATH: process.env.PATH, HOME: '/tmp', LANG: 'C.UTF-8', ...spec.env, ...extraEnv },
    stdio: ['ignore', out, out],
  });
  spawned?.({ pid: child.pid, child });
  let dead = null;
  child.on('exit', (c, s) => {
    dead = `exited ${c ?? s}`;
  });
  while (performance.now() - t0 < timeoutMs) {
    if (dead) throw new Error(`${spec.name}: ${dead} before healthy, see ${log}`);
    try {
      const r = await fetchOnce(spec.port, { method: 'GET', path: spec.health }, 3000);
      if (r.status === 200) return { pid: child.pid, child, readyMs: performance.now() - t0 };
    } catch {
      /* not listening yet */
    }
    await sleep(5);
  }
  child.kill('SIGKILL');
  throw new Error(`${spec.name}: not healthy in time`);
}
export async function stop(p) {
  if (p.child.exitCode !== null || p.child.signalCode) return;
  const pids = tree(p.pid),
    gone = new Promise((r) => p.child.once('exit', r));
  p.child.kill('SIGTERM');
  await Promise.race([gone, sleep(4000)]);
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      /* gone */
    }
  }
  await Promise.race([gone, sleep(2000)]);
}
export { sleep };
