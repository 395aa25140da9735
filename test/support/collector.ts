import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Settings } from './engines';

type Attribute = { key: string; value: Record<string, unknown> };
export type TracedSpan = {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Attribute[];
  status: { code?: number };
};
type Scoped<Name extends string, T> = { resource: { attributes: Attribute[] } } & Record<Name, object[]> & { of?: T };

/** Stands in for an OpenTelemetry collector: takes OTLP over HTTP, and reads it where it is JSON (OTLP 1, 4.2). */
export class Collector {
  readonly spans: TracedSpan[] = [];
  readonly metrics = new Map<string, any>();
  readonly resources: Record<string, unknown>[] = [];
  /** Path and media type of each delivery. */
  readonly deliveries: string[] = [];
  private readonly server: Server;

  private constructor(private readonly status: number) {
    this.server = createServer(async (request, response) => {
      const body = await buffer(request);
      const type = String(request.headers['content-type']);
      this.deliveries.push(`${request.url} ${type}`);
      if (type === 'application/json') this.read(JSON.parse(String(body)));
      response.writeHead(this.status, { 'content-type': type }).end();
    });
  }

  static async open(status = 200): Promise<Collector> {
    const collector = new Collector(status);
    await new Promise<void>((listening) => void collector.server.listen(0, '127.0.0.1', listening));
    return collector;
  }

  settings(protocol = 'http/json'): Settings {
    const { port } = this.server.address() as AddressInfo;
    return { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_PROTOCOL: protocol };
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((closed) => void this.server.close(() => closed()));
  }

  private read({
    resourceSpans = [],
    resourceMetrics = [],
  }: {
    resourceSpans?: Scoped<'scopeSpans', 1>[];
    resourceMetrics?: Scoped<'scopeMetrics', 1>[];
  }): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      this.resources.push(valuesOf(resource.attributes));
      this.spans.push(...(scopeSpans as { spans: TracedSpan[] }[]).flatMap(({ spans }) => spans));
    }
    for (const { scopeMetrics } of resourceMetrics)
      for (const metric of (scopeMetrics as { metrics: any[] }[]).flatMap(({ metrics }) => metrics))
        this.metrics.set(metric.name, metric);
  }
}

/** Attributes, each with the one value that it has. */
export const valuesOf = (attributes: Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
