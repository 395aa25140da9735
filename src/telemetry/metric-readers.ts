import { api, core, metrics, resources } from '@opentelemetry/sdk-node';
import type { Metric } from './metrics';

type Labels = Record<string, string | number>;
type Histogram = metrics.DataPoint<metrics.Histogram>['value'];
type Value = { value: number; labels: Labels; metricName?: string };

/** An exporter for each way that OTEL_EXPORTER_OTLP_PROTOCOL may name. */
const EXPORTERS = {
  'http/protobuf': () => require('@opentelemetry/exporter-metrics-otlp-proto') as Exporting,
  'http/json': () => require('@opentelemetry/exporter-metrics-otlp-http') as Exporting,
  grpc: () => require('@opentelemetry/exporter-metrics-otlp-grpc') as Exporting,
};
type Exporting = { OTLPMetricExporter: new () => metrics.PushMetricExporter };

/** Sends what `read` tells, as often as OTEL_METRIC_EXPORT_INTERVAL says; nothing with OTEL_METRICS_EXPORTER=none. */
export function readersOf(read: () => Promise<Metric[]>): metrics.IMetricReader[] {
  if (core.getStringFromEnv('OTEL_METRICS_EXPORTER') === 'none') return [];
  const setting = (name: string) => core.getStringFromEnv(name)?.trim() || undefined;
  const named = setting('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL') ?? setting('OTEL_EXPORTER_OTLP_PROTOCOL');
  const { OTLPMetricExporter } = (EXPORTERS[named as keyof typeof EXPORTERS] ?? EXPORTERS['http/protobuf'])();
  const exportIntervalMillis = core.getNumberFromEnv('OTEL_METRIC_EXPORT_INTERVAL') ?? 60_000;
  const patience = core.getNumberFromEnv('OTEL_METRIC_EXPORT_TIMEOUT') ?? 30_000;
  return [
    new metrics.PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter(),
      exportIntervalMillis,
      exportTimeoutMillis: Math.min(patience, exportIntervalMillis), // the SDK takes no other
      metricProducers: [new Producer(read)],
    }),
  ];
}

/** The metrics of `/metrics`, in OpenTelemetry's terms and under the same names. */
class Producer implements metrics.MetricProducer {
  private readonly since = core.hrTime();

  constructor(private readonly read: () => Promise<Metric[]>) {}

  async collect(): Promise<metrics.CollectionResult> {
    const all = (await this.read()).map((metric) => this.translate(metric));
    const scopeMetrics = [{ scope: { name: 'tenantry' }, metrics: all.filter((data) => data !== undefined) }];
    return { resourceMetrics: { resource: resources.emptyResource(), scopeMetrics }, errors: [] };
  }

  private translate({ name, help, type, values }: Metric): metrics.MetricData | undefined {
    const descriptor = { name, description: help, unit: '', valueType: api.ValueType.DOUBLE };
    const common = { descriptor, aggregationTemporality: metrics.AggregationTemporality.CUMULATIVE };
    const { SUM, GAUGE, HISTOGRAM } = metrics.DataPointType;
    const all = values as Value[];
    switch (String(type)) {
      case 'counter':
        return { ...common, dataPointType: SUM, isMonotonic: true, dataPoints: all.map((one) => this.pointOf(one)) };
      case 'gauge':
        return { ...common, dataPointType: GAUGE, dataPoints: all.map((one) => this.pointOf(one)) };
      case 'histogram': {
        const dataPoints = seriesOf(all).map(([labels, series]) =>
          this.pointOf({ labels, value: histogramOf(series) }),
        );
        return { ...common, dataPointType: HISTOGRAM, dataPoints };
      }
      default:
        return undefined;
    }
  }

  private pointOf<T>({ labels, value }: { labels: Labels; value: T }): metrics.DataPoint<T> {
    return { startTime: this.since, endTime: core.hrTime(), attributes: labels, value };
  }
}

/** The values of a histogram, by their labels. */
function seriesOf(values: Value[]): [Labels, Value[]][] {
  const series = new Map<string, [Labels, Value[]]>();
  for (const value of values) {
    const { le: _, ...labels } = value.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    if (!series.has(key)) series.set(key, [labels, []]);
    series.get(key)![1].push(value);
  }
  return [...series.values()];
}

/** Prometheus' buckets hold all that is below; OpenTelemetry's, what is below and not in the one before. */
function histogramOf(series: Value[]): Histogram {
  const buckets = series.filter(({ labels }) => labels.le !== undefined);
  const bounds = buckets
    .map(({ labels }) => Number(labels.le === '+Inf' ? Infinity : labels.le))
    .filter(Number.isFinite);
  const counts = buckets.map(({ value }, i) => value - (buckets[i - 1]?.value ?? 0));
  const endingIn = (end: string) => series.find(({ metricName }) => metricName?.endsWith(end))?.value ?? 0;
  return { buckets: { boundaries: bounds, counts }, sum: endingIn('_sum'), count: endingIn('_count') };
}
