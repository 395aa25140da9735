import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { SECOND } from '../kit/clock';
import { CONFIG, type Config } from '../config/config';
import { TooManyRequests } from '../kit/problem';
import { addressBlock } from '../kit/net/network';
import { RateLimitStore } from '../rate-limit/rate-limit.store';
import { RateLimit } from '../rate-limit/rate-limit';
import { hashToken } from '../kit/token';
import { AccessRule } from './allow';

const STRICT_PART = 20;

/**
 * Holds back whoever calls too often, before anything else is asked: RATE_LIMIT is the allowance of a network for all its requests
 * together, and each strict route has a twentieth of it besides. See docs/decisions/0017. @throws TooManyRequests with Retry-After
 */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly counters: RateLimitStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { max } = this.config.RATE_LIMIT;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const pace = this.paceOf(context, request);
    if (pace === 'free' || max === Infinity) return true;

    await this.take('everything', request, max);
    if (pace === 'strict') {
      const route = `${context.getClass().name}.${context.getHandler().name}`;
      await this.take(route, request, Math.ceil(max / STRICT_PART));
    }
    return true;
  }

  private async take(what: string, { clientAddress }: FastifyRequest, max: number): Promise<void> {
    const key = hashToken(`${what} ${addressBlock(clientAddress)}`); // networks are not kept in clear
    const { hits, left } = await this.counters.count(key, this.config.RATE_LIMIT.per);
    if (hits > max) throw new TooManyRequests({ retryAfter: Math.max(1, left / SECOND) });
  }

  private paceOf(context: ExecutionContext, { method }: FastifyRequest) {
    const pace = this.reflector.get(RateLimit, context.getHandler());
    if (pace) return pace;
    const isPublic = this.reflector.get(AccessRule, context.getHandler())?.kind === 'public';
    return isPublic && method !== 'GET' && method !== 'HEAD' ? 'strict' : 'usual';
  }
}
