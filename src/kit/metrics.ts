import { Inject, Injectable } from '@nestjs/common';
import type { Gauge, Histogram, Registry } from 'prom-client';
import { LessThanOrEqual } from 'typeorm';
import { clock, SECOND } from './clock';
import { CONFIG, type Config } from './config';
import { Database } from './db/database';
import { DeadLetters } from './outbox/dead-letters';
import { OutboxMessage } from './outbox/outbox-message.entity';
import { within } from './within';

/** Loaded where METRICS_TOKEN is set. */
const prometheus = () => require('prom-client') as typeof import('prom-client');

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Memory, event loop and the like belong to the process, and their observers cannot be taken down: one set, however many apps run in it. */
let ofProcess: Registry | undefined;

function processMetrics(): Registry {
  const { collectDefaultMetrics, Registry } = prometheus();
  if (!ofProcess) collectDefaultMetrics({ register: (ofProcess = new Registry()) });
  return ofProcess;
}

/** What an app counts about itself, for Prometheus. Nothing is counted while METRICS_TOKEN is unset. */
@Injectable()
export class Metrics {
  static readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';
  private readonly registries: Registry[] = [];
  private readonly requests?: Histogram<'method' | 'route' | 'status'>;
  private readonly own?: Registry;

  constructor(@Inject(CONFIG) config: Config, db: Database, deadLetters: DeadLetters) {
    if (!config.METRICS_TOKEN) return;
    const { Histogram, Registry } = prometheus();
    const registry = new Registry();
    this.registries.push(processMetrics(), registry);
    this.own = registry;
    const labelNames = ['method', 'route', 'status'] as const;
    this.requests = new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from request to answer.',
      labelNames,
      buckets: BUCKETS,
      registers: [registry],
    });
    const due = () => db.manager.countBy(OutboxMessage, { dueAt: LessThanOrEqual(clock.now()) });
    gauge(registry, 'outbox_due_messages', 'Messages that wait to be delivered now.', due);
    gauge(registry, 'outbox_dead_letters', 'Messages that were given up on.', () => deadLetters.count());
  }

  /** Adds a gauge of a module's own: a number, or one for each value of its label. What cannot be read is left out. */
  watch(name: string, help: string, label: string, read: () => Promise<Record<string, number>>): void;
  watch(name: string, help: string, label: undefined, read: () => Promise<number>): void;
  watch(name: string, help: string, label: string | undefined, read: () => Promise<number | Record<string, number>>) {
    if (this.own) gauge(this.own, name, help, read, label);
  }

  /** @param route its pattern (`/users/:userId`), never the path itself; undefined when none matched. */
  observeRequest(route: string | undefined, method: string, status: number, seconds: number): void {
    this.requests?.observe({ method, route: route ?? 'none', status }, seconds);
  }

  /** Everything, in Prometheus' text format. */
  text(): Promise<string> {
    return prometheus().Registry.merge(this.registries).metrics();
  }
}

/** A gauge read at each scrape. Without a database it is left out, and the others still answer. */
function gauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => Promise<number | Record<string, number>>,
  label?: string,
): void {
  const collect = async function (this: Gauge) {
    if (label) this.reset();
    else this.remove();
    await within(2 * SECOND, read()).then(
      (value) => {
        if (typeof value === 'number') return this.set(value);
        for (const [of, count] of Object.entries(value)) this.set({ [label!]: of }, count);
      },
      () => undefined,
    );
  };
  new (prometheus().Gauge)({ name, help, registers: [registry], collect, ...(label && { labelNames: [label] }) });
}
