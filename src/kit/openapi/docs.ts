import type { FastifyReply, FastifyRequest } from 'fastify';
import { NotFound, type Problem } from '../errors/problem';

/** Swagger UI is served from here, whole; its styles are partly inline. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Of its package what the page loads. */
const FILES = new Set([
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'favicon-16x16.png',
  'favicon-32x32.png',
]);

/** Fastify's onRequest, for every request: lets the page of the documentation work, and serves nothing else of its package. Tells what is to be refused. */
export function guardDocs({ url, routeOptions, params }: FastifyRequest, reply: FastifyReply): Problem | undefined {
  if (!url.startsWith('/docs')) return undefined;
  reply.header('Content-Security-Policy', POLICY);
  const isHidden = routeOptions.url === '/docs/*' && !FILES.has((params as Record<string, string>)['*']!);
  return isHidden ? new NotFound() : undefined;
}
