import { type ExecutionContext, Injectable } from '@nestjs/common';
import {
  ThrottlerGuard,
  type ThrottlerLimitDetail,
  type ThrottlerModuleOptions,
  type ThrottlerRequest,
} from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../kit/config';
import { TooManyRequests } from '../kit/errors/problem';
import { addressBlock } from '../kit/http/address-block';
import type { Counters } from '../kit/throttle/counters';
import { Pace } from '../kit/throttle/pace';
import { hashToken } from '../kit/token';
import { AccessRule } from './allow';

const STRICT_PART = 20;

/** The allowances of a network: all that RATE_LIMIT says for its requests together, and a twentieth of it for each strict route. */
export const allowances = ({ RATE_LIMIT: { max, per } }: Config, storage: Counters): ThrottlerModuleOptions => ({
  storage,
  setHeaders: false, // Retry-After comes with the problem
  skipIf: () => max === Infinity,
  throttlers: [
    { name: 'usual', limit: max, ttl: per },
    { name: 'strict', limit: Math.ceil(max / STRICT_PART), ttl: per },
  ],
});

/** Holds back whoever calls too often, before anything else is asked. See docs/decisions/0017. */
@Injectable()
export class ThrottleGuard extends ThrottlerGuard {
  protected override async shouldSkip(context: ExecutionContext): Promise<boolean> {
    return this.paceOf(context) === 'free';
  }

  protected override async handleRequest(request: ThrottlerRequest): Promise<boolean> {
    if (request.throttler.name === 'strict' && this.paceOf(request.context) !== 'strict') return true;
    return super.handleRequest(request);
  }

  protected override async getTracker({ ip }: FastifyRequest): Promise<string> {
    return addressBlock(ip);
  }

  /** Networks are not kept in clear. */
  protected override generateKey(context: ExecutionContext, block: string, name: string): string {
    const what = name === 'strict' ? `${context.getClass().name}.${context.getHandler().name}` : 'everything';
    return hashToken(`${what} ${block}`);
  }

  /** @throws TooManyRequests with Retry-After */
  protected override async throwThrottlingException(_: unknown, { timeToExpire }: ThrottlerLimitDetail): Promise<void> {
    throw new TooManyRequests({ retryAfter: timeToExpire });
  }

  private paceOf(context: ExecutionContext) {
    const pace = this.reflector.get(Pace, context.getHandler());
    if (pace) return pace;
    const isPublic = this.reflector.get(AccessRule, context.getHandler())?.kind === 'public';
    const { method } = context.switchToHttp().getRequest<FastifyRequest>();
    return isPublic && method !== 'GET' && method !== 'HEAD' ? 'strict' : 'usual';
  }
}
