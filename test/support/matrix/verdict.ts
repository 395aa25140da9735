import {
  FIXED_ROLES,
  type Permission,
  PERMISSIONS,
  STAFF_ROLES,
  type StaffRole,
} from '../../../src/access/permissions';
import type { Operation } from '../operations';

/** Everyone who may knock. `only` holds a custom role with just the permission that the route asks for, `all but` one with all others. */
export const KINDS = [
  'nobody',
  'stranger',
  'removed',
  'suspended',
  'Member',
  'Admin',
  'Owner',
  'only',
  'all but',
  'staff admin',
  'staff support',
] as const;
export type Kind = (typeof KINDS)[number];

/** What a call is aimed at: whose organization, and whether `{userId}` is the caller. */
export type Aim = { home: boolean; self: boolean };
export type Verdict = 'allowed' | 'allowed as staff' | 401 | 403 | 404;

export const CODES = { 401: 'unauthenticated', 403: 'forbidden', 404: 'not-found' } as const;

const isPermission = (name: string): name is Permission => (PERMISSIONS as string[]).includes(name);

/** What the contract grants a kind of member in their own organization. */
export function grantsOf(kind: Kind, permission: string): readonly Permission[] {
  if (kind === 'Member' || kind === 'Admin' || kind === 'Owner') return FIXED_ROLES[kind];
  if (kind === 'only') return isPermission(permission) ? [permission] : [];
  if (kind === 'all but') return PERMISSIONS.filter((name) => name !== permission);
  return [];
}

const staffMay = (kind: Kind, permission: string | undefined): boolean =>
  permission !== undefined &&
  kind.startsWith('staff ') &&
  (STAFF_ROLES[kind.slice('staff '.length) as StaffRole] as readonly string[]).includes(permission);

/** What must become of a call. Follows from `x-permission`, `x-or-staff` and `x-or-self` of the contract, and from nothing else. */
export function verdictOn(operation: Operation, kind: Kind, aim: Aim): Verdict {
  const { permission, orStaff } = operation;
  if (permission === 'public') return 'allowed';
  if (kind === 'nobody') return 401;
  if (permission === 'signed-in') return 'allowed';

  const rules = permission.split(', ');
  const staff = rules.find((rule) => rule.startsWith('staff:'))?.slice('staff:'.length) ?? orStaff;
  if (rules[0] === 'self' && aim.self) return 'allowed';
  if (staffMay(kind, staff)) return 'allowed as staff';
  if (rules[0] === 'self') return 404;
  return rules[0]!.startsWith('staff:') ? 403 : memberVerdict(operation, kind, aim);
}

/** Outsiders get 404, as if there were nothing; members without the right 403. */
function memberVerdict({ permission, orSelf }: Operation, kind: Kind, { home, self }: Aim): Verdict {
  if (!isPermission(permission)) throw new Error(`x-permission "${permission}" means nothing to this test.`);
  if (!home || ['stranger', 'removed', 'staff admin', 'staff support'].includes(kind)) return 404;
  if (kind === 'suspended') return 403;
  return grantsOf(kind, permission).includes(permission) || (orSelf && self) ? 'allowed' : 403;
}
