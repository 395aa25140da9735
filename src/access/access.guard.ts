import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { isId } from '../kit/id';
import { Forbidden, NotFound, Unauthenticated } from '../kit/problem';
import { note } from '../kit/request-context';
import { AccessRule, OrganizationRequired, OrganizationSuspended, type Rule } from './allow';
import { type Answer, type Caller, Authenticator, Member, THE_ONLY } from './caller';

type Request = FastifyRequest<{ Params: Record<string, string> }> & { caller?: Caller };
type MemberRule = Extract<Rule, { kind: 'member' }>;
type Named = string | typeof THE_ONLY | undefined;

/** Runs before every route. What is not allowed is denied. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.get(AccessRule, context.getHandler());
    if (!rule) throw new Forbidden();
    const request = context.switchToHttp().getRequest<Request>();
    if (rule.kind === 'public' && !(rule.knows && request.headers.authorization)) return true;

    const named = rule.kind === 'member' ? organizationOf(rule, request) : undefined;
    const answer = await this.callers.identify(context, named === THE_ONLY || isId(named) ? named : undefined);
    if (!answer && rule.kind === 'public') return true; // a bearer that is over is none: the link in the mail works without
    if (!answer) throw new Unauthenticated();
    const { caller } = answer;
    note({ userId: caller.userId, ...(!caller.verified && { unproved: caller.email }) });
    if (request.params.userId === 'me') request.params.userId = caller.userId;

    request.caller = rule.kind === 'member' ? this.member(rule, idOf(named, answer), request.params, answer) : caller;
    this.require(rule, request.params, caller);
    return true;
  }

  private require(rule: Rule, { userId }: Record<string, string>, caller: Caller): void {
    if (rule.kind === 'staff') caller.requireStaff(rule.staff);
    if (rule.kind !== 'self' || userId === caller.userId || (rule.staff && caller.isStaff(rule.staff))) return;
    throw new NotFound({ denied: true, missing: rule.staff && [`staff:${rule.staff}`] });
  }

  private member(
    rule: MemberRule,
    orgId: string,
    { userId }: Record<string, string>,
    { caller, membership }: Answer,
  ): Member {
    note({ organizationId: orgId });
    const isSelf = rule.self === true && userId === caller.userId;
    const isStaff = rule.staff !== undefined && caller.isStaff(rule.staff);
    const asked = isSelf || isStaff ? undefined : rule.permission;
    const member = new Member(caller, orgId, membership?.permissions ?? new Set(), asked);
    if (isStaff) return member;
    if (!membership) throw new NotFound({ denied: true }); // an outsider must not learn that the organization exists
    member.requireAsked();
    if (!membership.active) throw new Forbidden();
    if (!membership.organizationActive && !rule.permission.endsWith(':read')) throw new OrganizationSuspended();
    return member;
  }
}

/** What a request says about its organization: in the path, or in the header `Organization-Id`. */
function organizationOf(rule: MemberRule, { params, headers }: Request): Named {
  if (rule.organization !== 'header') return params.orgId;
  const named = headers['organization-id'];
  return named === undefined ? THE_ONLY : String(named);
}

/** @throws OrganizationRequired when several or none could be meant, NotFound for what is no id */
function idOf(named: Named, { membership }: Answer): string {
  if (named === THE_ONLY && !membership) throw new OrganizationRequired();
  const id = named === THE_ONLY ? membership?.organizationId : named;
  if (!isId(id)) throw new NotFound();
  return id;
}
