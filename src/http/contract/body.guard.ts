import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { FastifyRequest } from 'fastify';
import { pointerTo, ValidationFailed } from '../../kit/problem';
import { BODY } from './contract.check';
import { configOf } from './route-config';
import { NOT_NAMED } from './validation';

/** Refuses what is sent to a route that takes no body: whoever sends it means something by it. Nothing, null and `{}` mean nothing. */
@Injectable()
export class BodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const body = request.body ?? undefined;
    if (body === undefined || takesBody(context) || configOf(request).rawBody) return true;

    const errors =
      typeof body === 'object' && !Array.isArray(body)
        ? Object.keys(body).map((name) => ({ pointer: pointerTo('#', name), detail: NOT_NAMED }))
        : [{ pointer: '#', detail: 'must not be sent: no body is taken here' }];
    if (errors.length > 0) throw new ValidationFailed({ errors });
    return true;
  }
}

const takesBody = (context: ExecutionContext): boolean =>
  Object.keys(
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as object | undefined) ??
      {},
  ).some((input) => input.startsWith(`${BODY}:`));
