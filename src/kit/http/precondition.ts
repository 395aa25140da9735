import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { PreconditionFailed } from '../errors/problem';

export function readIfMatch(_: unknown, context: ExecutionContext): number | undefined {
  const tag = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']?.trim();
  if (tag === undefined || tag === '*') return undefined;
  const version = /^"(\d{1,9})"$/.exec(tag)?.[1];
  if (version === undefined) throw new PreconditionFailed();
  return Number(version);
}

/**
 * The row version that `If-Match` names (RFC 9110, 13.1.1), or undefined when the header is absent or `*`.
 * @throws PreconditionFailed for a tag that no row of ours ever had.
 */
export const IfMatch = createParamDecorator(readIfMatch);
