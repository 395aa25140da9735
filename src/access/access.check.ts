import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Route, Routes } from '../http/contract/routes';
import { AccessRule } from './allow';

/** Refuses to boot while a route does not say who may call it. */
@Injectable()
export class AccessCheck implements OnModuleInit {
  constructor(
    private readonly routes: Routes,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    this.routes.check((route) => this.faultOf(route));
  }

  private faultOf({ path, handler }: Route): string | undefined {
    const rule = this.reflector.get(AccessRule, handler);
    if (!rule) return 'does not say who may call it: give it @Public, @SignedIn, @Self, @Allow or @Staff';
    if (rule.kind === 'member' && path.includes(':orgId') === (rule.organization === 'header'))
      return rule.organization
        ? `takes the organization from a header, but its path names {orgId}`
        : `asks for ${rule.permission}, but its path names no {orgId}`;
    if ((rule.kind === 'self' || (rule.kind === 'member' && rule.self)) && !path.includes(':userId'))
      return 'asks for oneself, but its path names no {userId}';
    return undefined;
  }
}
