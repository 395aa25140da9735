// Where a .cpuprofile's time went, by package. Self time, idle left out.
import fs from 'node:fs';
export function summarize(file) {
  const p = JSON.parse(fs.readFileSync(file)),
    self = new Map(),
    fns = new Map(),
    byId = new Map(p.nodes.map((n) => [n.id, n]));
  let total = 0,
    idle = 0;
  p.samples.forEach((id, i) => {
    const dt = p.timeDeltas[i],
      f = byId.get(id).callFrame,
      u = f.url;
    if (f.functionName === '(idle)') {
      idle += dt;
      return;
    }
    total += dt;
    const pkg = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(u)?.[1];
    const k =
      f.functionName === '(garbage collector)'
        ? 'garbage collection'
        : f.functionName === '(program)'
          ? 'native (syscalls, libuv, V8)'
          : pkg
            ? pkg
            : u.startsWith('node:internal/crypto') || u === 'node:crypto'
              ? 'node:crypto'
              : u.startsWith('node:')
                ? 'node: ' +
                  u
                    .replace(/^node:(internal\/)?/, '')
                    .split('/')[0]
                    .replace(/^_/, '')
                    .split('_')[0]
                : u
                  ? 'application code'
                  : 'native builtins (JSON, RegExp, Buffer…)';
    self.set(k, (self.get(k) ?? 0) + dt);
    const fk = `${f.functionName || '(anonymous)'} ${u.replace(/.*node_modules\//, '').replace(/^file:\/\//, '')}:${f.lineNumber + 1}`;
    fns.set(fk, (fns.get(fk) ?? 0) + dt);
  });
  const top = (m, n) =>
    [...m]
      .sort((a, b) => b[1] - a[1])
      .slice(0, n)
      .map(([k, v]) => [k, v / total]);
  return {
    busy: total / (total + idle),
    seconds: (total + idle) / 1e6,
    busySeconds: total / 1e6,
    packages: top(self, 14),
    functions: top(fns, 15),
  };
}
if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const f of process.argv.slice(2)) {
    const s = summarize(f);
    console.log(`\n${f}: busy ${(100 * s.busy).toFixed(0)}% of ${s.seconds.toFixed(1)} s`);
    for (const [k, v] of s.packages) console.log(`  ${(100 * v).toFixed(1).padStart(5)}%  ${k}`);
    console.log('  top functions');
    for (const [k, v] of s.functions) console.log(`    ${(100 * v).toFixed(1).padStart(5)}%  ${k}`);
  }
}
