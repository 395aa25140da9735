import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../kit/problem';
import { contextOf, type RequestContext } from '../../kit/request-context';

/** What every line says that is written while a request is served: ids of ours alone. */
export const idsOf = ({ requestId, trace, userId, organizationId }: RequestContext) => ({
  requestId,
  traceId: trace?.traceId,
  userId,
  organizationId,
});

/** The line of an answer: of the path its pattern alone, and why it is a refusal where it is one. */
export function lineOf(request: FastifyRequest, reply: FastifyReply) {
  const { method, routeOptions, refusal } = request;
  const here = contextOf(request);
  return {
    ...idsOf(here),
    method,
    route: routeOptions.url,
    status: reply.statusCode,
    ...refusal,
    milliseconds: Math.round(reply.elapsedTime * 10) / 10,
    ip: here.ip,
    accountId: here.accountId,
  };
}

/** Who was kept out of what, from where and why: ids and names of ours alone, nothing that was sent. */
export function denialOf({ status, code, missing }: Problem, request: FastifyRequest) {
  const here = contextOf(request);
  const { ip, userId, accountId = userId } = here;
  const event = status === 429 ? 'held-back' : userId === undefined ? 'authentication-failed' : 'access-denied';
  const { method, routeOptions } = request;
  return { event, reason: code, permission: missing, ...idsOf(here), method, route: routeOptions.url, ip, accountId };
}
