import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';

const LONGEST = 200; // characters of an origin in the log

/**
 * Lets browsers call from these exact origins. A preflight from another one is answered without a word of permission, by which browsers
 * know, and leaves a line that says what to do: in the browser one sees only that something is missing.
 */
export function allowOrigins(app: NestFastifyApplication, origins: string[], log: Logger): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', ({ method, headers }, reply, done) => {
      const { origin, 'access-control-request-method': asked } = headers;
      if (method !== 'OPTIONS' || !origin || !asked || origins.includes(origin)) return done();
      log.warn(`CORS_ORIGINS does not name ${origin.slice(0, LONGEST)}: a browser there may not call`);
      void reply.status(204).send();
    });
  if (origins.length > 0) app.enableCors({ ...ALLOWED, origin: origins });
}

const ALLOWED = {
  hook: 'preParsing' as const, // behind ours: it would answer other origins, too, if not with all that permits
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
  exposedHeaders: ['ETag', 'Idempotency-Replayed', 'Retry-After', 'X-Request-Id'],
  maxAge: 600,
  strictPreflight: false, // an OPTIONS that is no preflight is none of its business
};
