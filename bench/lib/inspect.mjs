// Looks inside a target: its SQL, its CPU profile, its start.
import fs from 'node:fs';
import { fetchOnce } from './client.mjs';
import { measure, prepare, running, SETTLED, start, stop } from './lab.mjs';
import * as mariadb from './mariadb.mjs';
import { log, opsOf, rotate, ROUNDS, SECONDS, WARM_UP } from './options.mjs';
import * as proc from './proc.mjs';
import { summarize } from './profile.mjs';

const AT_REST = 30_000; // milliseconds; V8 gives the room of its young generation back after some twenty seconds without work

/** The SQL of each operation. */
export async function trace(targets) {
  for (const target of targets.filter(({ onMariaDb }) => onMariaDb)) {
    await target.seed();
    await prepare(target);
    for (const [op, { pool, build, before }] of opsOf(target)) {
      await before?.();
      const user = { ...target.users[pool][1] };
      const ask = async (i) => {
        const request = build(user, i),
          answer = await fetchOnce(target.port, request);
        request.after?.(user, answer.text);
      };
      await ask(0);
      await ask(1);
      const sql = await mariadb.trace(() => ask(2));
      console.log(`\n${target.name} ${op}: ${sql.length} statements`);
      for (const statement of sql) console.log(`  ${statement.slice(0, 240)}`);
    }
    await stop(target);
  }
}

/** Where the CPU time of each operation goes. */
export async function prof(targets) {
  for (const target of targets) {
    await target.seed();
    for (const [op] of opsOf(target)) {
      const file = `${mariadb.DATA}/${target.name}.${op.replace(':', '-')}.cpuprofile`;
      fs.rmSync(file, { force: true });
      const hook = new URL('./prof-hook.cjs', import.meta.url).pathname;
      const profiled = { ...target, args: ['--require', hook, ...target.args], env: { ...target.env, PROF_OUT: file } };
      await prepare(profiled);
      await measure(profiled, op, WARM_UP + 2);
      running.get(target.name).child.kill('SIGWINCH');
      const m = await measure(profiled, op, SECONDS);
      running.get(target.name).child.kill('SIGWINCH');
      while (!fs.existsSync(file)) await proc.sleep(100);
      await proc.sleep(500);
      await stop(target);
      const summary = summarize(file),
        perRequest = (summary.busySeconds * 1e6) / m.n;
      console.log(
        `\n${target.name} ${op}: ${m.rps.toFixed(0)}/s, ${perRequest.toFixed(0)} µs of the main thread a request`,
      );
      for (const [what, share] of [...summary.packages.slice(0, 12), ...summary.functions])
        console.log(
          `  ${(100 * share).toFixed(1).padStart(5)} % ${(share * perRequest).toFixed(0).padStart(5)} µs  ${what}`,
        );
    }
  }
}

/** From the start of a process to its first 200, and its memory then and at rest. */
export async function cold(targets) {
  for (const target of targets) await target.seed();
  for (let round = 0; round < ROUNDS; round++)
    for (const target of rotate(targets, round)) {
      const p = await start(target),
        cpu = proc.cpu(p.pid);
      await proc.sleep(SETTLED);
      const settled = proc.mem(p.pid);
      await proc.sleep(AT_REST);
      log(
        `${target.name}: ${p.readyMs.toFixed(0)} ms, CPU ${(cpu * 1000).toFixed(0)} ms, ${settled.toFixed(0)} MiB, at rest ${proc.mem(p.pid).toFixed(0)}`,
      );
      await stop(target);
    }
}
