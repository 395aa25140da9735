import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Versions } from '../../database/row';
import { PreconditionFailed } from '../../kit/problem';

const TAG = /^(?:W\/)?"(\d{1,9})"$/;
const MOST = 100; // tags; further ones are not looked at

export function readIfMatch(_: unknown, context: ExecutionContext): Versions | undefined {
  const tags = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']?.trim();
  if (tags === undefined || tags === '*') return undefined;
  const versions = tags.split(',', MOST).flatMap((tag) => TAG.exec(tag.trim())?.[1] ?? []);
  if (versions.length === 0) throw new PreconditionFailed();
  return versions.map(Number);
}

/**
 * The row versions that `If-Match` names (RFC 9110, 13.1.1), or undefined when the header is absent or `*`. A weak tag counts, against
 * that RFC: a proxy that compresses weakens ours, and they name versions, not bytes.
 * @throws PreconditionFailed for tags that no row of ours ever had.
 */
export const IfMatch = createParamDecorator(readIfMatch);
