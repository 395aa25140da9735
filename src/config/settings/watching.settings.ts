import { str } from 'envalid';
import { baseUrl } from './env-validators';

/** Who may watch, and who is told. */
export const watchingSettings = {
  METRICS_TOKEN: str({ default: undefined, desc: 'bearer token that opens GET /metrics; unset: no metrics' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl({
    default: undefined,
    desc: 'where traces and metrics are sent by OpenTelemetry, whose other OTEL_* variables count, too; unset: nowhere',
  }),
};
