import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth, ApiExtension, ApiHeader, ApiSecurity } from '@nestjs/swagger';
import { Forbidden, NotFound, problem, Unauthenticated } from '../kit/problem';
import { Throws } from '../http/contract/contract';
import type { Permission, StaffPermission } from './permissions';

/** What a route asks of its caller. */
export type Rule =
  | { kind: 'public'; knows?: 'caller'; token?: 'metrics' }
  | { kind: 'signed-in' }
  | { kind: 'self'; staff?: StaffPermission }
  | { kind: 'member'; permission: Permission; staff?: StaffPermission; self?: boolean; organization?: 'header' }
  | { kind: 'staff'; staff: StaffPermission };

/** Every route carries exactly one of the decorators below; each writes this. */
export const AccessRule = Reflector.createDecorator<Rule>();

export const OrganizationSuspended = problem(
  403,
  'organization-suspended',
  'This organization is suspended; it can be read, not changed.',
);

export const OrganizationRequired = problem(
  400,
  'organization-required',
  'You do not have exactly one organization: name one in the header Organization-Id.',
);

const KEPT_OUT = [Forbidden, NotFound, OrganizationSuspended];

const secured = (rule: Rule, permission: string, ...problems: Parameters<typeof Throws>) =>
  applyDecorators(
    AccessRule(rule),
    ApiBearerAuth(),
    ApiExtension('x-permission', permission),
    Throws(Unauthenticated, ...problems),
  );

/**
 * Members of the path's organization whose roles grant this permission. 404 for everyone else, 403 for a member without it.
 * @param or `staff`: platform staff with that permission may, too; `self`: a member may without it where `{userId}` is their own.
 */
export const Allow = (permission: Permission, or: { staff?: StaffPermission; self?: boolean } = {}) =>
  applyDecorators(
    secured({ kind: 'member', permission, ...or }, permission, ...KEPT_OUT),
    ...(or.staff ? [ApiExtension('x-or-staff', or.staff)] : []),
    ...(or.self ? [ApiExtension('x-or-self', true)] : []),
  );

/**
 * The same where no organization is in the path: the header `Organization-Id` names it, and may be left out by a caller who belongs
 * to exactly one; otherwise 400 `organization-required`.
 */
export const AllowInHeader = (permission: Permission, or: { staff?: StaffPermission } = {}) =>
  applyDecorators(
    secured(
      { kind: 'member', permission, ...or, organization: 'header' },
      permission,
      OrganizationRequired,
      ...KEPT_OUT,
    ),
    ...(or.staff ? [ApiExtension('x-or-staff', or.staff)] : []),
    ApiHeader({
      name: 'Organization-Id',
      required: false,
      description: 'The organization this is about; may be left out when you belong to exactly one.',
      schema: { type: 'string', format: 'uuid' },
    }),
  );

/** Anyone with a live session. */
export const SignedIn = () => secured({ kind: 'signed-in' }, 'signed-in');

/** The person that `{userId}` names (`me` is oneself), or platform staff with the permission given. 404 for everyone else. */
export const Self = (staff?: StaffPermission) =>
  secured({ kind: 'self', staff }, staff ? `self, staff:${staff}` : 'self', NotFound);

/** Platform staff with this permission. */
export const Staff = (permission: StaffPermission) =>
  secured({ kind: 'staff', staff: permission }, `staff:${permission}`, Forbidden);

/**
 * Anyone at all. With `knows: 'caller'` a bearer may be sent, and says who it is; one that is over counts as none. With a `token` the route
 * itself asks for one that is no person's, and the contract names it as a scheme of its own.
 */
export const Public = (options: { knows?: 'caller'; token?: 'metrics' } = {}) =>
  applyDecorators(
    AccessRule({ kind: 'public', ...options }),
    ApiExtension('x-permission', 'public'),
    ...(options.knows ? [ApiSecurity({}), ApiBearerAuth()] : []),
    ...(options.token ? [ApiBearerAuth(options.token), Throws(Unauthenticated)] : []),
  );
