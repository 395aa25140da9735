import { tracingChannel } from 'node:diagnostics_channel';
import type { Trace } from '../kit/trace';

/**
 * A stretch of work that is worth seeing in a trace. `trace` is the place that it begins in; whoever records it gives it one of its own
 * there. Of what was sent nothing but ids is in it.
 */
export type Span = {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'consumer';
  readonly attributes: Record<string, string | number>;
  trace?: Trace;
  error?: unknown;
};

/** Where spans are told, as they begin and end. Nobody need listen; without OpenTelemetry nobody does. */
export const spans = tracingChannel<unknown, Span>('tenantry:span');

/** Runs `work` as such a stretch, and hands it its place. */
export function inSpan<T>(span: Span, work: (trace?: Trace) => Promise<T>): Promise<T> {
  return spans.tracePromise(() => work(span.trace), span);
}
