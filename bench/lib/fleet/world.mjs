// Some instances behind a proxy, the people who use them, and what happens to both.
import { setTimeout as pause } from 'node:timers/promises';
import { fetchOnce } from '../client.mjs';
import { sqlTime } from '../mariadb.mjs';
import { log } from '../options.mjs';
import { kill, start } from './fleet.mjs';
import { Notes, Visitor } from './visitor.mjs';

const MINUTE = 60_000;
const AWAY = 1_000; // milliseconds between a death and the next start

export class World {
  notes = new Notes();
  /** What was acknowledged. */
  ledger = {
    since: sqlTime(new Date()),
    invites: [],
    counters: new Map(),
    signIns: [],
    ended: new Set(),
    changes: [],
  };
  kills = [];
  isOver = false;
  #down = new Set();

  constructor(instances, gate) {
    this.instances = instances;
    this.gate = gate;
    ({ ops: this.ops, checks: this.checks } = instances[0]);
  }
  visitor() {
    return new Visitor(this.gate.port, this.notes);
  }
  /** Does a deed again and again until it is over or says `false`, with some thought in between: milliseconds, on average. */
  async whileOn(thought, deed) {
    while (!this.isOver && (await deed()) !== false) {
      await pause(thought * (0.5 + Math.random()));
    }
  }
  /** Asks each instance that is up, not through the proxy. */
  async everywhere(law, request) {
    const asked = this.instances.filter((one) => !this.#down.has(one));
    const answers = await Promise.all(asked.map(({ port }) => fetchOnce(port, request).catch(() => undefined)));
    for (const [i, answer] of answers.entries())
      if (answer || !this.#down.has(asked[i]))
        this.notes.require(answer?.status === request.expect, law, asked[i].name, answer?.status, answer?.json?.code);
  }
  /** One after the other dies in the middle of its minute, and is started again; then it is over. */
  async killEachMinute(minutes) {
    for (let i = 0; i < minutes; i++) {
      const one = this.instances[i % this.instances.length],
        minute = pause(MINUTE);
      await pause(MINUTE / 2);
      this.#down.add(one);
      this.kills.push({ port: one.port, at: Date.now() });
      await kill(one);
      await pause(AWAY);
      await start(one);
      this.#down.delete(one);
      log(
        `${one.name} was killed and is back; so far ${this.notes.lost.length} cut off, ${this.notes.broken.size} laws broken`,
      );
      await minute;
    }
    this.isOver = true;
  }
}
