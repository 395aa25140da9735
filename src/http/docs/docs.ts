import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { stringify } from 'yaml';
import { NotFound, type Problem } from '../../kit/problem';
import { escapeHtml } from '../../kit/text/escape-html';
import { search } from './docs-search';
import { Encoded } from '../caching/encoded';
import { freshExamples } from './fresh-examples';

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

/** Serves the contract as JSON and YAML, and a page, titled after the product, that shows it and tries it out. */
export function serveDocs(app: NestFastifyApplication, document: OpenAPIObject, product: string): void {
  const server = app.getHttpAdapter().getInstance();
  const texts = {
    '/openapi.json': new Encoded('application/json; charset=utf-8', () => JSON.stringify(document)),
    '/openapi.yaml': new Encoded('text/yaml; charset=utf-8', () => yamlOf(document)),
  };
  for (const [path, text] of Object.entries(texts)) server.get(path, (request, reply) => text.answer(request, reply));

  const loadedByThePage = (): never => undefined as never;
  SwaggerModule.setup('docs', app, loadedByThePage, {
    raw: false,
    swaggerUrl: '/openapi.json',
    customSiteTitle: escapeHtml(`${product} API`),
    swaggerOptions: {
      persistAuthorization: true,
      displayRequestDuration: true,
      docExpansion: 'none',
      filter: true,
      plugins: [search, freshExamples],
    },
  });
}

/** As YAML, which says the same in YAML 1.1: most generators read that, and there a bare `off` is no text. */
export const yamlOf = (document: OpenAPIObject): string =>
  stringify(JSON.parse(JSON.stringify(document)), { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' });

/** Fastify's onRequest, for every request: lets the page of the documentation work, and serves nothing else of its package. Tells what is to be refused. */
export function guardDocs({ url, routeOptions, params }: FastifyRequest, reply: FastifyReply): Problem | undefined {
  if (!url.startsWith('/docs')) return undefined;
  reply.header('Content-Security-Policy', POLICY);
  const isHidden = routeOptions.url === '/docs/*' && !FILES.has((params as Record<string, string>)['*']!);
  return isHidden ? new NotFound() : undefined;
}
