import { createHash } from 'node:crypto';
import { applyDecorators, Header } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A minute in any cache, and five more while the cache asks again. */
const KEPT = 'public, max-age=60, stale-while-revalidate=300';

/** In any cache, which asks each time whether it is still that. */
export const ASKED_AGAIN = 'no-cache';

/** The route answers everyone alike: caches may keep it, and whoever has it already is told so (304). */
export const Cached = () =>
  applyDecorators(
    Header('Cache-Control', KEPT),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      schema: { type: 'string' },
      description: 'The ETag that was read: the answer is 304 while nothing has changed.',
    }),
    ApiResponse({ status: 304, description: 'Nothing has changed since.' }),
  );

/** Fastify's onSend, for every answer: gives what may be kept an ETag, and compares it (RFC 9110, 13.1.2). An error is not kept. */
export function revalidate(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown {
  if (![KEPT, ASKED_AGAIN].includes(String(reply.getHeader('cache-control')))) return payload;
  if (reply.statusCode !== 200) {
    reply.header('Cache-Control', 'no-store');
    return payload;
  }
  const tag = String(reply.getHeader('etag') ?? tagOf(String(payload)));
  reply.header('ETag', tag);
  if (!names(request.headers['if-none-match'], tag)) return payload;
  reply.code(304);
  for (const about of ['content-type', 'content-length', 'content-encoding']) reply.removeHeader(about);
  return request.method === 'HEAD' ? payload : null; // Fastify measures what it will not send
}

/** An ETag by what is sent. */
export const tagOf = (body: string): string =>
  `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;

const names = (header: string | undefined, tag: string): boolean =>
  header !== undefined && header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
