// Who asks through the proxy, and what all of them note: how long answers took, what was cut off, what must not be.
import { setTimeout as pause } from 'node:timers/promises';
import { Conn } from '../client.mjs';
import { Samples } from '../load.mjs';

const PATIENCE = 30_000; // milliseconds
const LEASE = 300; // seconds; the key of a request that died is free after a minute, unless who took it over died, too

export class Notes {
  /** How long the answers of each kind took. */
  times = new Map();
  /** Requests whose connection was cut: when, at which instance. */
  lost = [];
  /** Laws that did not hold, and each time they did not. */
  broken = new Map();

  answered(kind, milliseconds) {
    if (!this.times.has(kind)) this.times.set(kind, new Samples());
    this.times.get(kind).add(milliseconds);
  }
  require(holds, law, ...facts) {
    if (!holds) this.broken.set(law, [...(this.broken.get(law) ?? []), facts]);
    return holds;
  }
}

export class Visitor {
  #line;
  constructor(port, notes) {
    this.#line = new Conn(port);
    this.notes = notes;
  }
  /** Asks; undefined where the connection was cut, and it was done or not. */
  async once(kind, request) {
    const from = performance.now(),
      { status, json, head, error } = await this.#send(request);
    if (error || status === 502) {
      this.notes.lost.push({ kind, at: Date.now(), by: /x-instance: (\w+)/.exec(head)?.[1], error });
      return undefined;
    }
    this.notes.answered(kind, performance.now() - from);
    const isInFlight = json?.code === 'request-in-flight' && request.headers['idempotency-key'];
    this.notes.require(status === request.expect || isInFlight, `${kind} answers ${request.expect}`, status, json);
    return { status, json, head, isInFlight };
  }
  /** Asks again until there is an answer; counts in `lost` how often there was none. */
  async ask(kind, request) {
    for (let lost = 0, waited = 0; ; waited++) {
      const answer = await this.once(kind, request);
      if (answer && !answer.isInFlight) return { ...answer, lost };
      this.notes.require(waited < LEASE, 'a key is not in flight for ever', kind);
      if (waited >= LEASE) return { lost };
      if (!answer) lost++;
      await pause(answer ? 1000 : 50);
    }
  }
  #send(request) {
    return new Promise((resolve) => {
      const guard = setTimeout(() => {
        this.#line.close();
        resolve({ error: 'no answer in time', head: '' });
      }, PATIENCE);
      this.#line.send(request, (error, status, body, head) => {
        clearTimeout(guard);
        resolve({ status, head, error: error?.message, json: parsed(body) });
      });
    });
  }
}

function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // 204, or a problem of the proxy's
  }
}
