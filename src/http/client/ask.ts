import { requestContext } from '../../kit/request-context';
import { inSpan } from '../../telemetry/spans';
import { type Trace, traceparentOf } from '../../kit/trace';

const MOST = 1024 * 1024; // bytes: far more than any answer that we ask for has

/**
 * `fetch`, for servers that are not ours: once it is there, the answer is there whole. They are told which trace it is a part of
 * (`traceparent`). @param within milliseconds, to its last byte
 * @throws Error when it takes longer, breaks off, or is larger than 1 MiB unpacked
 */
export async function ask(url: string, { within, ...request }: RequestInit & { within: number }): Promise<Response> {
  const { method = 'GET' } = request;
  const { hostname } = new URL(url);
  const attributes: Record<string, string | number> = { 'http.request.method': method, 'server.address': hostname };
  const span = { name: `${method} ${hostname}`, kind: 'client' as const, attributes, trace: requestContext()?.trace };
  return inSpan(span, async (trace) => {
    const signals = [AbortSignal.timeout(within), ...(request.signal ? [request.signal] : [])];
    const headers = traced(request.headers, trace);
    const answer = await fetch(url, { ...request, headers, signal: AbortSignal.any(signals) });
    attributes['http.response.status_code'] = answer.status;
    const body = await bodyOf(answer);
    return new Response(body.length > 0 ? body : null, answer); // which a 204 must not have
  });
}

function traced(given: RequestInit['headers'], trace?: Trace): Headers {
  const headers = new Headers(given);
  if (trace) headers.set('traceparent', traceparentOf(trace));
  return headers;
}

async function bodyOf(answer: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST) throw new Error('The answer is larger than 1 MiB.'); // which lets go of the rest
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
