import { randomUUID } from 'node:crypto';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config';
import { BadRequest } from '../errors/problem';
import { writeProblem } from '../errors/problem.filter';
import { Metrics } from '../metrics';
import { boundedJson } from './bounded-json';
import { revalidate } from './cached';
import { inRequest } from './context';
import { takesRawBody } from './raw-body';
import { Serializer } from './serializer';
import { takeForms } from './form';

const BODY_LIMIT = 256 * 1024;

const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** Swagger UI is served from here, whole; its styles are partly inline. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** The HTTP server: who is believed about addresses, what a body may be, what is logged of a request. */
export function createServer(config: Config, log: Logger): FastifyAdapter {
  return new FastifyAdapter({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }), // one line an answer, below
    bodyLimit: BODY_LIMIT,
    trustProxy: config.TRUST_PROXY.length > 0 ? config.TRUST_PROXY : false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 16_384 }, // all that fits a request line: what is too long for us names nothing, and is our 404
    frameworkErrors: (_error: unknown, { id }: FastifyRequest, reply: FastifyReply) =>
      writeProblem(
        reply.headers(headersOf(config)).header('x-request-id', id),
        new BadRequest({ detail: 'The URL is not valid.' }),
        id,
      ),
  } as never);
}

/** Hooks around every request: its context, its headers, its log line and its metric. */
export function addHooks(app: NestFastifyApplication, config: Config, log: Logger): void {
  const server = app.getHttpAdapter().getInstance();
  const metrics = app.get(Metrics);
  const serializer = app.get(Serializer);
  const usual = headersOf(config);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) =>
    takesRawBody(request) ? done(null, body) : boundedJson(request, body, done),
  );
  takeForms(server);

  server.addHook('onRequest', (request, reply, done) => {
    reply.headers(usual).header('x-request-id', request.id);
    if (request.url.startsWith('/docs')) reply.header('Content-Security-Policy', DOCS_POLICY);
    done();
  });
  server.addHook('preHandler', (request, reply, done) => {
    serializer.serve(request, reply);
    inRequest(contextOf(request), done);
  });
  let closing = false;
  server.addHook('preClose', (done) => {
    closing = true;
    done();
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    if (closing) reply.header('Connection', 'close'); // else the stop would wait until the client lets go
    done(null, revalidate(request, reply, payload));
  });
  server.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url;
    log.info(lineOf(request, reply, route));
    metrics.observeRequest(route, request.method, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
}

const lineOf = (request: FastifyRequest, reply: FastifyReply, route?: string) => ({
  requestId: request.id,
  method: request.method,
  route,
  status: reply.statusCode,
  milliseconds: Math.round(reply.elapsedTime * 10) / 10,
  ip: request.ip,
  userId: userOf(request),
});

const contextOf = (request: FastifyRequest) => ({
  requestId: request.id,
  ip: request.ip,
  userAgent: String(request.headers['user-agent'] ?? ''),
});
const userOf = (request: FastifyRequest) => (request as { caller?: { userId: string } }).caller?.userId;

const headersOf = ({ NODE_ENV }: Config): Parameters<FastifyReply['headers']>[0] => ({
  'Content-Security-Policy': API_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  ...(NODE_ENV === 'production' ? { 'Strict-Transport-Security': 'max-age=31536000; includeSubDomains' } : {}),
});
