import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Gauge, Histogram, MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import { SECOND } from '../kit/clock';
import { CONFIG, type Config } from '../config/config';
import { within } from '../kit/timeout';

type Figures = number | Record<string, number>;
/** A figure, or one for each value of a label. */
type Read = () => Figures | Promise<Figures>;
export type Metric = MetricObjectWithValues<MetricValue<string>>;

/** Loaded where metrics are asked for. */
const prometheus = () => require('prom-client') as typeof import('prom-client');

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const PATIENCE = 2 * SECOND; // with the database, at each scrape

/** Memory, event loop and the like belong to the process, and their observers cannot be taken down: one set, however many apps run in it. */
let ofProcess: Registry | undefined;

function processMetrics(): Registry {
  const { collectDefaultMetrics, Registry } = prometheus();
  if (!ofProcess) collectDefaultMetrics({ register: (ofProcess = new Registry()) });
  return ofProcess;
}

/**
 * What an app tells about itself. Each module adds its own figures, which are read at each scrape: let them take little, however much there is.
 * Nothing is counted while neither METRICS_TOKEN nor OTEL_EXPORTER_OTLP_ENDPOINT is set.
 */
@Injectable()
export class Metrics {
  static readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';
  private readonly registries: Registry[] = [];
  private readonly own?: Registry;
  private readonly requests?: Histogram;

  constructor(@Inject(CONFIG) { METRICS_TOKEN, OTEL_EXPORTER_OTLP_ENDPOINT }: Config) {
    if (!METRICS_TOKEN && !OTEL_EXPORTER_OTLP_ENDPOINT) return;
    this.own = new (prometheus().Registry)();
    this.registries.push(processMetrics(), this.own);
    const labels = ['method', 'route', 'status'];
    this.requests = this.histogram('http_request_duration_seconds', 'Time from request to answer.', labels);
  }

  /** Adds what goes up and down. Where it cannot be read, the database being away say, it is left out. */
  gauge(name: string, help: string, read: Read, label?: string): void {
    if (!this.own) return;
    const { Gauge } = prometheus();
    const collect = function (this: Gauge) {
      if (label) this.reset();
      else this.remove();
      return collected(read, label, (labels, figure) => this.set(labels, figure));
    };
    new Gauge({ name, help, registers: [this.own], collect, ...(label && { labelNames: [label] }) });
  }

  /** Adds what somebody counts, from the start of the process on. */
  counter(name: string, help: string, read: Read, label?: string): void {
    if (!this.own) return;
    const { Counter } = prometheus();
    const collect = function (this: Counter) {
      this.reset();
      return collected(read, label, (labels, figure) => this.inc(labels, figure));
    };
    new Counter({ name, help, registers: [this.own], collect, ...(label && { labelNames: [label] }) });
  }

  /** Adds times, in seconds, which are to be observed; undefined while there are no metrics. */
  histogram(name: string, help: string, labelNames: string[] = []): Histogram | undefined {
    if (!this.own) return undefined;
    return new (prometheus().Histogram)({ name, help, labelNames, buckets: BUCKETS, registers: [this.own] });
  }

  /** @param route its pattern (`/users/:userId`), never the path itself; undefined when none matched. */
  observeRequest(route: string | undefined, method: string, status: number, seconds: number): void {
    this.requests?.observe({ method, route: route ?? 'none', status }, seconds);
  }

  /** Everything, in Prometheus' text format. */
  text(): Promise<string> {
    return prometheus().Registry.merge(this.registries).metrics();
  }

  /** Everything, as it is. */
  async all(): Promise<Metric[]> {
    return (await Promise.all(this.registries.map((registry) => registry.getMetricsAsJSON()))).flat() as Metric[];
  }
}

async function collected(
  read: Read,
  label: string | undefined,
  take: (labels: Record<string, string>, figure: number) => void,
): Promise<void> {
  const figures = await within(PATIENCE, Promise.resolve().then(read)).catch(() => ({}));
  if (typeof figures === 'number') return take({}, figures);
  for (const [value, figure] of Object.entries(figures)) take({ [label!]: value }, figure);
}
