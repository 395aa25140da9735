import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBody, ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Configure, configOf } from '../contract/route-config';

/** The route gets the body as the bytes that came, unread: for a signature over them. */
export const TakesRawBody = (description: string) =>
  applyDecorators(
    Configure({ rawBody: true }),
    ApiBody({ description, schema: { type: 'object', additionalProperties: true } }),
    ApiExtension('x-raw-body', true),
  );

export const takesRawBody = (request: FastifyRequest): boolean => configOf(request).rawBody === true;

/** The bytes of the body, under @TakesRawBody; none when nothing was sent. */
export const RawBody = createParamDecorator((_: unknown, context: ExecutionContext): Buffer => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
});
