/** A place in a trace, as the W3C's Trace Context has it: the whole, the part that goes on from here, and what is to be kept of it. */
export type Trace = { traceId: string; spanId: string; flags: string };

const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** What the header `traceparent` says (W3C Trace Context, 3.2); undefined for one that is not valid, which counts as none. */
export function readTraceparent(header: unknown): Trace | undefined {
  if (typeof header !== 'string' || header.length > 200) return undefined;
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(header) ?? [];
  if (!traceId || !spanId || !flags || (version === '00' && more !== undefined)) return undefined;
  return { traceId, spanId, flags };
}

/** The header that says so. */
export const traceparentOf = ({ traceId, spanId, flags }: Trace): string => `00-${traceId}-${spanId}-${flags}`;

/** @param id a random UUID, which names both: whoever knows the one finds the other. Nobody records it. */
export function newTrace(id: string): Trace {
  const hex = id.replaceAll('-', '');
  return { traceId: hex, spanId: hex.slice(-16), flags: '00' };
}
