import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiBody, ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

/** The route gets the body as the bytes that came, unread: for a signature over them. */
export const TakesRawBody = (description: string) =>
  applyDecorators(
    RouteConfig({ rawBody: true }),
    ApiBody({ description, schema: { type: 'object', additionalProperties: true } }),
    ApiExtension('x-raw-body', true),
  );

export const takesRawBody = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as { rawBody?: boolean }).rawBody === true;

/** The bytes of the body, under @TakesRawBody; none when nothing was sent. */
export const RawBody = createParamDecorator((_: unknown, context: ExecutionContext): Buffer => {
  const { body } = context.switchToHttp().getRequest<FastifyRequest>();
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
});
