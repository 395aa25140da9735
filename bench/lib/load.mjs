// Load shapes: closed loop (n connections, each waits for its answer) and fixed rate (open loop).
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Conn } from './client.mjs';

export class Samples {
  constructor() {
    this.a = new Float64Array(1 << 14);
    this.n = 0;
  }
  add(x) {
    if (this.n === this.a.length) {
      const b = new Float64Array(this.n * 2);
      b.set(this.a);
      this.a = b;
    }
    this.a[this.n++] = x;
  }
  summary() {
    const s = this.a.subarray(0, this.n).sort(),
      at = (p) => (s.length ? s[Math.min(s.length - 1, Math.ceil(p * s.length) - 1)] : NaN);
    return { n: this.n, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: s.length ? s[s.length - 1] : NaN };
  }
}
const TIMEOUT = 60_000;

/** Runs op on every virtual user until the time is up. op(vu, i) -> {method, path, headers, body, expect, after?} */
export async function closedLoop({ port, vus, op, seconds, maxRequests = Infinity, stop }) {
  const lat = new Samples(),
    errors = new Map();
  const eld = monitorEventLoopDelay({ resolution: 5 });
  eld.enable();
  const t0 = performance.now(),
    tEnd = t0 + seconds * 1000;
  let sent = 0,
    tLast = t0;
  await Promise.all(
    vus.map(
      (vu) =>
        new Promise((finish) => {
          const conn = new Conn(port);
          const guard = setTimeout(
            () => {
              errors.set('timeout', (errors.get('timeout') ?? 0) + 1);
              conn.close();
              finish();
            },
            seconds * 1000 + TIMEOUT,
          );
          const next = () => {
            if (performance.now() >= tEnd || sent >= maxRequests || stop?.()) {
              clearTimeout(guard);
              conn.close();
              return finish();
            }
            sent++;
            const req = op(vu, (vu.i = (vu.i ?? -1) + 1)),
              t = performance.now();
            conn.send(req, (err, status, body, head) => {
              const now = performance.now();
              if (err || status !== req.expect) {
                const k = err ? err.message : `${status} ${body?.toString().slice(0, 120)}`;
                errors.set(k, (errors.get(k) ?? 0) + 1);
                if (err) return setTimeout(next, 20);
              } else {
                if (now <= tEnd) {
                  lat.add(now - t);
                  tLast = now;
                }
                req.after?.(vu, body, head);
              }
              next();
            });
          };
          next();
        }),
    ),
  );
  eld.disable();
  const s = lat.summary(),
    secs = Math.min(seconds, (tLast - t0) / 1000) || seconds;
  return {
    ...s,
    seconds: secs,
    rps: s.n / (s.n > 200 && !stop ? seconds : secs),
    errors: Object.fromEntries(errors),
    generatorDelayP99: eld.percentile(99) / 1e6,
  };
}

/** Sends at a fixed rate whatever the answers do; latency is from the moment of sending. */
export async function fixedRate({ port, vus, op, seconds, rate }) {
  const lat = new Samples(),
    errors = new Map(),
    total = Math.floor(seconds * rate),
    idle = [];
  let late = 0,
    open = 0;
  const t0 = performance.now();
  await new Promise((finish) => {
    let i = 0,
      finished = 0;
    const guard = setTimeout(finish, seconds * 1000 + TIMEOUT);
    const fire = () => {
      const conn = idle.pop() ?? (open++, new Conn(port)),
        req = op(vus[i % vus.length], i),
        t = performance.now();
      late = Math.max(late, t - (t0 + (i * 1000) / rate));
      i++;
      conn.send(req, (err, status) => {
        if (err || status !== req.expect) {
          const k = err ? err.message : String(status);
          errors.set(k, (errors.get(k) ?? 0) + 1);
        } else {
          lat.add(performance.now() - t);
        }
        idle.push(conn);
        if (++finished === total) {
          clearTimeout(guard);
          finish();
        }
      });
    };
    const tick = () => {
      while (i < total && performance.now() >= t0 + (i * 1000) / rate) fire();
      if (i < total) setTimeout(tick, 1);
    };
    tick();
  });
  for (const c of idle) c.close();
  return { ...lat.summary(), rate, connections: open, sendLateMax: late, errors: Object.fromEntries(errors) };
}
