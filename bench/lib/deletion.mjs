// How long others' writes wait while a large organization is deleted, beside how long they wait before and after.
import { doomed } from './doomed.mjs';
import { prepare, stop } from './lab.mjs';
import { closedLoop } from './load.mjs';
import { median, show } from './numbers.mjs';
import { log, ROUNDS, SECONDS, sum } from './options.mjs';

const WRITERS = 2; // so few that they do not wait for one another
const MAILS = 200_000;
const MOST = 200; // milliseconds that a write may wait longer than the longest did before
const TIMES = ['before', 'during', 'after'];

/** Ends with exit code 1 where a write waited for longer. */
export async function deletion([target]) {
  await target.seed();
  await prepare(target);
  await write(target, SECONDS);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await deleteOne(target));
  await stop(target);
  console.log(table(rounds));
  if (rounds.some(({ before, during }) => during.max > before.max + MOST)) process.exitCode = 1;
}

async function deleteOne(target) {
  const organization = await doomed(target, MAILS),
    before = await write(target, SECONDS);
  await organization.go();
  const from = performance.now();
  let seconds;
  const watch = organization.gone().then(() => (seconds = (performance.now() - from) / 1000));
  const during = await write(target, 600, () => seconds);
  await watch;
  const after = await write(target, SECONDS);
  log(`gone in ${show(seconds)} s; longest ${show(before.max)}, ${show(during.max)}, ${show(after.max)} ms`);
  return { before, during, after, seconds };
}

function write({ port, ops, users }, seconds, over) {
  const vus = users.inviters.slice(0, WRITERS).map((one) => ({ ...one }));
  return closedLoop({ port, vus, op: ops.f.build, seconds, stop: over });
}

function table(rounds) {
  const of = (when, key) => show(median(rounds.map((round) => round[when][key])));
  const ratio = (key) => show(median(rounds.map(({ before, during }) => during[key] / before[key])));
  const rows = TIMES.map(
    (when) => `| ${[when, ...['rps', 'p50', 'p99', 'max'].map((key) => of(when, key))].join(' | ')} |`,
  );
  const longest = rounds.map(({ before, during }) => `${show(before.max)} → ${show(during.max)}`).join(', ');
  return [
    `f while an organization of ${MAILS} mails is deleted, in ${show(median(rounds.map(({ seconds }) => seconds)))} s`,
    '',
    '| | req/s | p50 ms | p99 ms | longest ms |',
    `|---|${'--:|'.repeat(4)}`,
    ...rows,
    '',
    `${sum(rounds.flatMap((round) => TIMES.map((when) => sum(round[when].errors))))} errors; during it, by before: req/s ${ratio('rps')}, p99 ${ratio('p99')}, longest ${ratio('max')}; longest of each round: ${longest} ms`,
  ].join('\n');
}
