import { tracingChannel } from 'node:diagnostics_channel';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { api, core, NodeSDK, resources } from '@opentelemetry/sdk-node';
import { DataSource } from 'typeorm';
import { SECOND } from '../kit/clock';
import { cut } from '../kit/text/cut';
import { nameOf } from '../database/pool/remedies';
import { requestContext } from '../kit/request-context';
import { Metrics } from './metrics';
import { currentRelease } from '../config/release';
import { Sparing } from '../kit/sparing';
import { within } from '../kit/timeout';
import { readersOf } from './metric-readers';
import { type Span, spans } from './spans';
import type { Trace } from '../kit/trace';

const LAST = 5 * SECOND; // that what is left may take to be sent, at a stop
const LONGEST = 300; // characters of what the SDK complains of
const KINDS = { server: api.SpanKind.SERVER, client: api.SpanKind.CLIENT, consumer: api.SpanKind.CONSUMER };

/** A statement, as mysql2 tells of it. What it tells of `query` has values in it, which are for nobody. */
type Statement = { query: string; database: string; serverAddress: string; error?: unknown };

/** Sends traces and metrics where OTEL_EXPORTER_OTLP_ENDPOINT says. Everything else about it is said by OpenTelemetry's own variables. */
@Injectable()
export class Telemetry implements OnApplicationShutdown {
  private readonly logger = new Logger(Telemetry.name);
  private readonly sparing = new Sparing();
  private readonly open = new WeakMap<object, api.Span>();
  private readonly tracer: api.Tracer;
  private readonly sdk: NodeSDK;

  constructor(metrics: Metrics, source: DataSource) {
    if (!core.getStringFromEnv('OTEL_LOG_LEVEL')) this.listenToTroubles();
    const { version } = currentRelease();
    const ours = resources.resourceFromAttributes({ 'service.name': 'tenantry', 'service.version': version });
    this.sdk = new NodeSDK({
      resource: resources.defaultResource().merge(ours), // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over it
      metricReaders: readersOf(() => metrics.all()),
      logRecordProcessors: [], // the log is on standard output
    });
    this.sdk.start();
    this.tracer = api.trace.getTracer('tenantry', version);
    this.follow();
    this.followStatements(source);
  }

  async onApplicationShutdown(): Promise<void> {
    await within(LAST, this.sdk.shutdown()).catch(() => undefined);
  }

  private follow(): void {
    spans.start.subscribe((message) => {
      const span = message as Span;
      const { name, kind, attributes, trace } = span;
      span.trace = this.begin(span, name, { kind: KINDS[kind], attributes }, trace) ?? trace;
    });
    spans.asyncEnd.subscribe((message) => this.end(message as Span, (message as Span).attributes));
  }

  /** The statements of a request. Those of nobody come each second, and say nothing. */
  private followStatements({ driver, options }: DataSource): void {
    if (!(driver as { pool?: unknown }).pool) return; // the embedded engine has none: what it does is in the time of the request
    for (const kind of ['query', 'execute'] as const) {
      const channel = tracingChannel<unknown, Statement>(`mysql2:${kind}`);
      channel.start.subscribe((message) => {
        const { query, database, serverAddress } = message as Statement;
        const trace = requestContext()?.trace;
        const verb = /^\s*(\w+)/.exec(query)?.[1]?.toUpperCase() ?? 'SQL';
        const attributes = {
          'db.system.name': options.type,
          'db.namespace': database,
          'db.operation.name': verb,
          'server.address': serverAddress,
          ...(kind === 'execute' && { 'db.query.text': query }),
        };
        if (trace) this.begin(message as Statement, verb, { kind: api.SpanKind.CLIENT, attributes }, trace);
      });
      channel.asyncEnd.subscribe((message) => this.end(message as Statement));
    }
  }

  private begin(key: object, name: string, options: api.SpanOptions, parent?: Trace): Trace | undefined {
    const span = this.tracer.startSpan(name, options, parent ? contextOf(parent, options.kind) : api.ROOT_CONTEXT);
    const here = span.spanContext();
    if (!api.isSpanContextValid(here)) return undefined; // it is switched off
    this.open.set(key, span);
    return { traceId: here.traceId, spanId: here.spanId, flags: here.traceFlags.toString(16).padStart(2, '0') };
  }

  private end(key: { error?: unknown }, attributes: api.Attributes = {}): void {
    const span = this.open.get(key);
    const failed = key.error !== undefined || Number(attributes['http.response.status_code']) >= 500;
    if (key.error !== undefined) span?.setAttribute('error.type', nameOf(key.error)); // its message may hold a value
    if (failed) span?.setStatus({ code: api.SpanStatusCode.ERROR });
    span?.setAttributes(attributes).end();
  }

  private listenToTroubles(): void {
    const say = (message: string) =>
      this.sparing.say('trouble', (unsaid) =>
        this.logger.warn({ unsaid, reason: cut(message, LONGEST) }, 'OpenTelemetry is in trouble.'),
      );
    const nothing = () => undefined;
    const logger = { error: say, warn: say, info: nothing, debug: nothing, verbose: nothing };
    api.diag.setLogger(logger, api.DiagLogLevel.WARN);
  }
}

/** What a request or a message comes from was elsewhere; what we ask of others begins here. */
const contextOf = ({ traceId, spanId, flags }: Trace, kind?: api.SpanKind): api.Context =>
  api.trace.setSpanContext(api.ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: parseInt(flags, 16),
    isRemote: kind !== api.SpanKind.CLIENT,
  });
