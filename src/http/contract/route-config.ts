import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** What Fastify is told of a route. `shapes`: what it answers, by status. */
type OfRoute = { rawBody?: true; takesForm?: true; shapes?: Record<number, Type | undefined> };

/** Adds to what Fastify is told of the route. */
export const Configure =
  (more: OfRoute): MethodDecorator =>
  (target, key, descriptor) => {
    RouteConfig({ ...configOfHandler(descriptor.value as object), ...more })(target, key, descriptor);
  };

/** What Fastify was told of the route that a request came to. */
export const configOf = ({ routeOptions }: FastifyRequest): OfRoute => routeOptions.config as OfRoute;

/** The same of the method that handles it. */
export const configOfHandler = (handler: object): OfRoute =>
  (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as OfRoute | undefined) ?? {};
