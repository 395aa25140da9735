// Each operation with and without what goes on in the background, in turns: mails that wait for a mail server that does not answer, the
// sweep of a deleted organization, and open streams of notifications.
import net from 'node:net';
import { doomed } from './doomed.mjs';
import { measure, prepare, stop } from './lab.mjs';
import { mailSink } from './mail-sink.mjs';
import { median, show } from './numbers.mjs';
import { log, OPERATIONS, rotate, ROUNDS, SECONDS, sum, WARM_UP } from './options.mjs';
import { sleep } from './proc.mjs';
import { line } from './report.mjs';

const MAILS = 10_000; // that wait
const SWEPT = 60_000; // rows, more than go while one operation is measured
const STREAMS = 1000;
const [LEAST_RPS, MOST_P99] = [0.95, 1.2];
const SETTLED = 1500; // milliseconds after each change
const ROOM = { MAX_STREAMS_PER_NETWORK: '5000', MAX_CONNECTIONS_PER_NETWORK: '5000' };

/** Ends with exit code 1 where it shows. */
export async function background(targets) {
  const rows = [];
  for (const plain of targets.filter(({ database }) => database)) rows.push(...(await beside(plain)));
  console.log(table(rows));
  if (rows.some(({ holds }) => !holds)) process.exitCode = 1;
}

async function beside(plain) {
  await plain.seed();
  const target = { ...plain, env: { ...plain.env, ...ROOM }, ops: withoutPreparation(plain.ops) };
  const scene = new Scene(target);
  await target.database.run('DELETE FROM outbox_messages', 'DELETE FROM idempotency_keys');
  await prepare(target);
  await scene.writeMails();
  const ops = OPERATIONS.filter((op) => op !== 'f:mail'), // nothing is delivered here
    runs = [];
  for (const op of ops) {
    await measure(target, op, WARM_UP);
    for (let round = 0; round < ROUNDS; round++)
      for (const when of rotate(['without', 'with'], round)) {
        await scene[when]();
        const m = { when, round, ...(await measure(target, op, SECONDS)), over: when === 'with' && scene.isOver };
        log(when.padEnd(7), line(m), m.over ? 'SWEPT TOO SOON' : '');
        runs.push(m);
      }
  }
  await scene.without();
  await stop(target);
  return ops.map((op) =>
    compare(
      plain.name,
      op,
      runs.filter((run) => run.op === op),
    ),
  );
}

/** What they forget is what waits here. */
const withoutPreparation = (ops) =>
  Object.fromEntries(Object.entries(ops).map(([name, op]) => [name, { ...op, before: undefined }]));

class Scene {
  #streams = [];
  #sweep;
  isOver = false;

  constructor(target) {
    this.target = target;
  }
  /** Has the app itself write the mails, and keeps them beside. */
  async writeMails() {
    const { run } = this.target.database;
    mailSink.silent = true;
    const many = async () => Number((await run('SELECT COUNT(*) AS n FROM outbox_messages'))[0].n);
    while ((await many()) < MAILS) await measure(this.target, 'f', 2);
    await run('DROP TABLE IF EXISTS waiting', 'CREATE TABLE waiting AS SELECT * FROM outbox_messages');
    log(`${await many()} mails wait`);
  }
  async without() {
    for (const one of this.#streams.splice(0)) one.destroy();
    await this.target.database.run("DELETE FROM outbox_messages WHERE topic <> 'organization.deleting'");
    await this.#sweep?.hurry();
    await this.#sweep?.gone();
    this.#sweep = undefined;
    this.isOver = false;
    await this.#settle();
  }
  async with() {
    await this.without();
    const { run } = this.target.database;
    this.#streams = await Promise.all(Array.from({ length: STREAMS }, (_, i) => this.#open(i)));
    this.#sweep = await doomed(this.target, SWEPT);
    await run(
      'DELETE FROM outbox_messages',
      `INSERT INTO outbox_messages SELECT * FROM waiting ORDER BY id LIMIT ${MAILS}`,
      "UPDATE outbox_messages SET due_at = '2026-01-01 00:00:00.000', attempts = 0, lease_owner = NULL",
    );
    const sweep = this.#sweep;
    await sweep.go();
    void sweep.gone().then(() => (this.isOver ||= this.#sweep === sweep));
    await this.#settle();
  }
  /** Where rows were deleted by the thousand the database clears up after. */
  #settle() {
    return sleep(SETTLED);
  }
  #open(i) {
    const { port, users } = this.target,
      listeners = users.inviters.flatMap(({ turns }) => turns),
      { auth } = listeners[i % listeners.length];
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', reject);
      socket.once('data', (head) => {
        if (!String(head).startsWith('HTTP/1.1 200')) return reject(new Error(String(head).slice(0, 300)));
        socket.resume();
        resolve(socket);
      });
      socket.write(
        `GET /notifications/stream HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${auth.authorization}\r\n\r\n`,
      );
    });
  }
}

function compare(name, op, runs) {
  const of = (when, key) =>
    runs
      .filter((run) => run.when === when)
      .sort((a, b) => a.round - b.round)
      .map((run) => run[key]);
  const ratio = (key) => median(of('with', key).map((x, i) => x / of('without', key)[i]));
  const both = (key) => ['without', 'with'].map((when) => median(of(when, key)));
  const [rps, p99] = [ratio('rps'), ratio('p99')];
  return {
    name,
    op,
    rps,
    p99,
    both,
    holds: rps >= LEAST_RPS && p99 <= MOST_P99,
    errors: sum(runs.map(({ errors }) => sum(errors))),
  };
}

function table(rows) {
  const lines = rows.map(({ name, op, rps, p99, both, holds, errors }) => {
    const cells = [...both('rps'), rps, ...both('p99'), p99, ...both('cpuMs'), ...both('otherCores')].map((x) =>
      show(x),
    );
    return `| ${[name, op, ...cells, errors, holds ? 'holds' : 'SHOWS'].join(' | ')} |`;
  });
  return [
    '| | | req/s without | with | ratio | p99 ms without | with | ratio | CPU ms without | with | cores elsewhere without | with | errors | |',
    `|---|---|${'--:|'.repeat(11)}---|`,
    ...lines,
  ].join('\n');
}
