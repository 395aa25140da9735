/*
 * Completes package-lock.json where a registry does not carry every platform's binary.
 *
 * Packages such as oxlint, @swc/core and jest's resolver ship one optional package for each platform. A registry that mirrors only
 * some of them makes `npm install` write a lock without the others, and npm 11's `npm ci` then refuses that lock ("Missing: …
 * from lock file"), although those packages would never be installed on this machine. A stub that names the platform is enough:
 * npm sees that it is meant for another one and skips it.
 *
 * Run it after `npm install` changed the lock:  node scripts/complete-lock.mjs [package-lock.json]
 */
import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = /darwin|linux|win32|android|freebsd|openharmony|sunos|netbsd|openbsd|aix|wasm32/;
const PROCESSORS = /x64|ia32|arm64|arm|ppc64|s390x|riscv64|loong64|mips64el|wasm32/;

const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));

let added = 0;
for (const [place, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const home = `node_modules/${name}`;
    const nested = place ? `${place}/${home}` : home;
    const os = SYSTEMS.exec(name)?.[0];
    const isExact = /^\d/.test(version); // a range is an ordinary dependency, not one binary of many
    if (lock.packages[home] || lock.packages[nested] || !isExact || !os) continue;
    lock.packages[home] = { version, ...(dev && { dev }), optional: true, os: [os], ...cpuOf(name), ...libcOf(name) };
    added++;
  }
}

if (added > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${file}: ${added} stubs added`);

function cpuOf(name) {
  const cpu = PROCESSORS.exec(name)?.[0];
  return cpu ? { cpu: [cpu] } : {};
}

function libcOf(name) {
  return name.includes('musl') ? { libc: ['musl'] } : {};
}
