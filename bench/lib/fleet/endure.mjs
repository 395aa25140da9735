// Three instances under mixed load for some minutes, one of them killed each minute: what was acknowledged stays, and the laws hold.
import os from 'node:os';
import * as S from '../../shape.mjs';
import { mailSink } from '../mail-sink.mjs';
import { MINUTES, sum } from '../options.mjs';
import { machine } from '../proc.mjs';
import { show } from '../numbers.mjs';
import { instance, proxy, start, stop } from './fleet.mjs';
import { judge } from './laws.mjs';
import { changer, inviter, reader, refresher, signer, thief } from './people.mjs';
import { World } from './world.mjs';

const SUBJECTS = [401, 402]; // members whose roles change

export async function endure() {
  const instances = [1, 2, 3].map((n) => instance(n, { INVITE_TTL: '1d' })), // none expires meanwhile
    [first] = instances,
    gate = proxy(3, instances);
  await first.seed();
  for (const one of [...instances, gate]) await start(one);
  await first.ops['f:mail'].before();
  const mails = [];
  mailSink.onMail = (mail) => mails.push(mail);

  const { readers, refreshers, inviters } = await S.signInAll(first.login),
    subjects = await Promise.all(SUBJECTS.map(first.login)),
    world = new World(instances, gate);
  const from = { at: performance.now(), busy: machine().busy };
  await Promise.all([
    world.killEachMinute(MINUTES),
    ...readers.slice(0, 8).map((user) => reader(world, user)),
    ...refreshers.slice(0, 4).map((user) => refresher(world, user)),
    ...inviters.slice(0, 6).map(({ turns }) => inviter(world, turns)),
    ...subjects.map((subject, i) => changer(world, { admin: readers[8 + i], subject })),
    ...S.SIGNERS.slice(0, 2).map((n) => signer(world, n)),
  ]);
  const seconds = (performance.now() - from.at) / 1000,
    busy = (machine().busy - from.busy) / seconds;
  await thief(world, refreshers[0]);
  await judge(world, mails);
  for (const one of instances) await stop(one);
  console.log(summary(world, { seconds, busy, mails }));
  process.exitCode = world.notes.broken.size > 0 ? 1 : 0;
}

function summary({ notes, ledger, kills }, { seconds, busy, mails }) {
  const kinds = [...notes.times].map(([kind, samples]) => ({ kind, ...samples.summary() })),
    answers = kinds.reduce((all, { n }) => all + n, 0),
    refreshes = sum(Object.fromEntries(ledger.counters));
  const counts = [
    `${Math.round(seconds)} s, ${answers} answers, ${show(answers / seconds)} a second; ${show(busy)} of ${os.cpus().length} cores busy`,
    `${kills.length} kills, ${notes.lost.length} requests cut off: ${kills.map(({ port, at }) => notes.lost.filter((one) => Number(one.by) === port && Math.abs(one.at - at) < 5000).length).join(', ')}`,
    `${ledger.invites.length} invites, ${mails.length} mails, ${refreshes} refreshes, ${sum(ledger.changes.map((one) => one.acknowledged))} changes of role, ${ledger.signIns.length} sign-ins`,
    `${notes.broken.size} laws broken`,
    ...[...notes.broken].map(
      ([law, [first, ...rest]]) => `BROKEN ${rest.length + 1} × ${law}: ${JSON.stringify(first)}`,
    ),
  ];
  const rows = kinds.map(
    ({ kind, n, p50, p99, max }) => `| ${kind} | ${n} | ${[p50, p99, max].map((x) => show(x)).join(' | ')} |`,
  );
  return [...counts, '', '| | answers | p50 ms | p99 | max |', '|---|--:|--:|--:|--:|', ...rows].join('\n');
}
