import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyRequest } from 'fastify';
import { newTrace, readTraceparent, type Trace } from './trace';

/** What is kept of a User-Agent, in characters. */
const MAX_AGENT = 255;

/** Where a request comes from, and who turned out to make it. Times and places of the activity log come from here. */
export type RequestContext = {
  requestId: string;
  /** Its part in the trace that whoever sent it began, or that begins with it; what an older version left in the outbox has none. */
  trace?: Trace;
  ip: string;
  userAgent: string;
  userId?: string;
  /** Whose account it is about, where that is known before anyone is: for the log. */
  accountId?: string;
  /** The organization that it is about, as far as that is known: for the log. */
  organizationId?: string;
  /** The caller's own address, while nobody has proved it: nothing that comes of the request is mailed to any other. */
  unproved?: string;
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Where it comes from, behind the proxies that are trusted. Fastify's own `ip` is whatever was written there. */
    clientAddress: string;
    requestContext?: RequestContext;
    /** The code of the problem that it is answered with, and the permission for want of which it is. */
    refusal?: { code: string; permission?: string };
  }
}

const current = new AsyncLocalStorage<RequestContext | undefined>();

/** The request that the current call serves; undefined in a job or a command. */
export const requestContext = (): RequestContext | undefined => current.getStore();

/** The context of a request, also where the current call does not serve it yet. */
export function contextOf(request: FastifyRequest, ip = request.clientAddress): RequestContext {
  const { id, headers } = request;
  request.requestContext ??= {
    requestId: id,
    trace: readTraceparent(headers.traceparent) ?? newTrace(id),
    ip,
    userAgent: String(headers['user-agent'] ?? '').slice(0, MAX_AGENT),
  };
  return request.requestContext;
}

/** Has the rest of the current request, and its line in the log, know this. */
export function note(known: Partial<RequestContext>): void {
  Object.assign(current.getStore() ?? {}, known);
}

/** Notes whose account the current request is about: a sign-in that fails has no caller. */
export const concerning = (accountId?: string): void => note({ accountId });

/** Runs `work`, and all that it starts, as part of a request; as part of none for undefined. */
export const inRequest = <T>(context: RequestContext | undefined, work: () => T): T => current.run(context, work);
