import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Span, spans } from '../../telemetry/spans';
import { readTraceparent } from '../../kit/trace';
import { contextOf } from '../../kit/request-context';

/** Tells of a request as a span, if anyone listens: from now until its answer is taken, or its client gone. */
export function spanOf(request: FastifyRequest, reply: FastifyReply): void {
  if (!spans.start.hasSubscribers) return;
  const { id, method, headers, routeOptions } = request;
  const route = routeOptions.url ?? 'none'; // never the path: an id in it is somebody's
  const attributes = { 'http.request.method': method, 'http.route': route, request_id: id };
  const span: Span = {
    name: `${method} ${route}`,
    kind: 'server',
    attributes,
    trace: readTraceparent(headers.traceparent),
  };
  spans.start.publish(span);

  const here = contextOf(request);
  here.trace = span.trace ?? here.trace;
  reply.raw.once('close', () => {
    const { userId, organizationId } = here;
    Object.assign(span.attributes, {
      'http.response.status_code': reply.statusCode,
      'error.type': request.refusal?.code,
      user_id: userId,
      organization_id: organizationId,
    });
    spans.asyncEnd.publish(span);
  });
}
