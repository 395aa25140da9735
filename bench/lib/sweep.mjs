// Create an invite before, beside and after the sweep of as many expired ones as there are users.
import { measure } from './lab.mjs';
import { sqlTime } from './mariadb.mjs';
import { log } from './options.mjs';
import { sleep } from './proc.mjs';

const MINUTE = 60_000;
const SOON = 6 * MINUTE; // in which the rows must be there
const SECONDS = 30;
const BESIDE = 120; // seconds; it goes on alone

/** The sweep runs each minute, on the minute, in the target itself. */
export async function sweep(target) {
  const { run, expiring } = target.growth;
  const due = Math.ceil((Date.now() + SOON) / MINUTE) * MINUTE;
  log(`${target.name}: making ${expiring.rows} invites to be swept at ${new Date(due).toISOString()}`);
  await run(...expiring.make(sqlTime(new Date(due))));
  const spare = due - Date.now() - (SECONDS + 10) * 1000;
  if (spare < 0) throw new Error(`The invites were made too late: more than SOON is needed`);
  await sleep(spare);
  const phases = { before: await measure(target, 'f', SECONDS) };
  await sleep(due - Date.now());

  let gone = false;
  const watch = (async () => {
    while ((await run(expiring.last)).length > 0) await sleep(250);
    gone = true;
    return (Date.now() - due) / 1000;
  })();
  phases.during = await measure(target, 'f', BESIDE, () => gone);
  const seconds = await watch;
  phases.after = await measure(target, 'f', SECONDS);
  const [{ n: swept }] = await run(expiring.swept);
  await run(...expiring.clear);
  for (const [when, m] of Object.entries(phases))
    log(`f ${when} the sweep: ${m.rps.toFixed(0)}/s p50 ${m.p50.toFixed(2)} p99 ${m.p99.toFixed(2)}`);
  log(`${swept} of ${expiring.rows} swept in ${seconds.toFixed(0)} s`);
  return { rows: expiring.rows, swept: Number(swept), seconds, phases };
}
