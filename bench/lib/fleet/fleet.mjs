// Instances of Tenantry on one MariaDB, and proxies before them.
import { tenantry } from '../../targets/tenantry.mjs';
import { running, start, stop } from '../lab.mjs';
import { PORTS } from '../mariadb.mjs';

export const USERS = 1000;
const APP_URL = `http://127.0.0.1:${PORTS + 130}`; // who issues their tokens: one for all

export function instance(n, settings = {}) {
  const target = tenantry({ name: `instance-${n}`, users: USERS, port: PORTS + 120 + n });
  return { ...target, env: { ...target.env, APP_URL, ...settings } };
}

/** A process that hands requests to these in turn. */
export const proxy = (n, instances) => ({
  name: `proxy-${n}`,
  port: PORTS + 130 + n,
  health: '/health/ready',
  cmd: process.execPath,
  args: [new URL('./proxy.mjs', import.meta.url).pathname, PORTS + 130 + n, ...instances.map(({ port }) => port)],
});

/** As a power cut would: no last words. */
export async function kill({ name }) {
  const { child } = running.get(name);
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  running.delete(name);
}

export { start, stop };
