import { Reflector } from '@nestjs/core';

/**
 * How often a network may call a route. `usual`: its requests share one allowance with those to all other routes; `strict`: besides, this
 * route has a small allowance of its own; `free`: they are not counted. Unless it says, a route that anyone may write to is strict.
 */
export const RateLimit = Reflector.createDecorator<'usual' | 'strict' | 'free'>();

export const isFree = (handler: Function): boolean => Reflect.getMetadata(RateLimit.KEY, handler) === 'free';
