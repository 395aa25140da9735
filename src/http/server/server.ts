import { randomUUID } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../../config/config';
import { clientAddress, type Trusts, trusting } from '../connections/client-address';
import { Listener } from '../connections/listener';
import { BadRequest, MethodNotAllowed, NotJson, type Problem } from '../../kit/problem';
import { writeProblem } from './problem.filter';
import { Metrics } from '../../telemetry/metrics';
import { Shutdown } from './shutdown';
import { Allowed } from './allowed';
import { boundedJson } from '../fields/bounded-json';
import { revalidate } from '../caching/cached';
import { contextOf, inRequest } from '../../kit/request-context';
import { guardDocs } from '../docs/docs';
import { EventStream } from './event-stream';
import { takesRawBody } from './raw-body';
import { idsOf, lineOf } from './request-log';
import { spanOf } from './request-span';
import { securityHeaders } from '../connections/security-headers';
import { Serializer } from './serializer';
import { takeForms } from './form';

const BODY_LIMIT = 256 * 1024;

/** What `OPTIONS *` asks about (RFC 9110, 9.3.7): no path that there is. */
const EVERYTHING = '/*';

/** The HTTP server: what it listens with, what a body may be, what is logged of a request. */
export function createServer(config: Config, log: Logger): FastifyAdapter {
  const trusts = trusting(config.TRUST_PROXY);
  return new FastifyAdapter({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }), // one line an answer, below
    bodyLimit: BODY_LIMIT,
    serverFactory: (handler: RequestListener) => new Listener(handler, config, trusts, log),
    clientErrorHandler: () => undefined, // the listener has answered
    return503OnClosing: false, // what has come is served, to the end of the stop
    genReqId: () => randomUUID(),
    rewriteUrl: ({ url = '/' }: { url?: string }) => (url === '*' ? EVERYTHING : url), // else no hook would see it
    routerOptions: { maxParamLength: 16_384, ignoreTrailingSlash: true }, // all that fits a request line: what is too long for us names nothing, and is our 404
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const { id, method } = request;
      const problem = new BadRequest({ detail: 'The URL is not valid.' });
      const here = contextOf(request, addressOf(request, trusts));
      log.info({ ...idsOf(here), method, status: problem.status, code: problem.code, ip: here.ip }); // no hook will
      reply.headers(securityHeaders(config)).header('x-request-id', id);
      return writeProblem(reply, problem, id);
    },
  } as never);
}

/** What a request is read by: its body, and where it comes from. */
function addReaders(server: FastifyInstance, config: Config): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) =>
    takesRawBody(request) ? done(null, body) : boundedJson(request, body, done),
  );
  takeForms(server);

  const trusts = trusting(config.TRUST_PROXY);
  server.decorateRequest('requestContext', undefined);
  server.decorateRequest('refusal', undefined);
  server.decorateRequest('clientAddress', {
    getter(this: FastifyRequest) {
      return addressOf(this, trusts);
    },
  });
}

/** Hooks around every request: its context, its headers, its log line and its metric. */
export function addHooks(app: NestFastifyApplication, config: Config, log: Logger): void {
  const server = app.getHttpAdapter().getInstance();
  const metrics = app.get(Metrics);
  const serializer = app.get(Serializer);
  const shutdown = app.get(Shutdown);
  const usual = securityHeaders(config);
  addReaders(server, config);
  const introduce = ({ id }: FastifyRequest, reply: FastifyReply) => reply.headers(usual).header('x-request-id', id);

  const allowed = new Allowed(server);
  server.addHook('onRequest', (request, reply, done) => {
    introduce(request, reply);
    spanOf(request, reply);
    if (request.is404) return answerStray(request, reply, allowed, done);
    done(refusalOf(request) ?? guardDocs(request, reply));
  });
  server.addHook('preHandler', (request, reply, done) => {
    serializer.serve(request, reply);
    inRequest(contextOf(request), done);
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    if (!reply.hasHeader('x-request-id')) introduce(request, reply); // who answered before our hook: CORS
    if (shutdown.hasBegun) reply.header('Connection', 'close'); // else the stop would wait until the client lets go
    if (!(payload instanceof EventStream)) cutAfter(config.ANSWER_TIMEOUT, reply.raw);
    else if (request.method === 'HEAD') payload.end();
    else payload.cutAfter(config.ANSWER_TIMEOUT, reply.raw);
    done(null, revalidate(request, reply, payload));
  });
  server.addHook('onResponse', (request, reply, done) => {
    log.info(lineOf(request, reply));
    metrics.observeRequest(request.routeOptions.url, request.method, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
}

const addressOf = ({ socket, headers }: FastifyRequest, trusts: Trusts) =>
  clientAddress(socket.remoteAddress, headers['x-forwarded-for'] as string | undefined, trusts);

/** What no body and no route makes good. */
function refusalOf({ headers, raw }: FastifyRequest): Problem | undefined {
  const { host, 'content-encoding': encoding = 'identity' } = headers;
  if (host === undefined && raw.httpVersion === '1.1') return new BadRequest({ detail: 'Its header Host is missing.' });
  return encoding === 'identity'
    ? undefined
    : new NotJson({ detail: 'Send it as it is: no Content-Encoding is read.' });
}

/** What leads nowhere: with another method it may lead somewhere. */
function answerStray(
  { method, url }: FastifyRequest,
  reply: FastifyReply,
  allowed: Allowed,
  done: (e?: Error) => void,
) {
  const methods = allowed.at(url);
  const isAboutAll = method === 'OPTIONS' && url === EVERYTHING;
  if (!methods && !isAboutAll) return done();
  if (methods) reply.header('Allow', methods);
  if (method === 'OPTIONS') void reply.code(204).send();
  else done(new MethodNotAllowed());
}

/** Cuts off an answer that its client does not take. */
function cutAfter(milliseconds: number, response: ServerResponse): void {
  const timer = setTimeout(() => response.destroy(), milliseconds).unref();
  response.once('close', () => clearTimeout(timer));
}
