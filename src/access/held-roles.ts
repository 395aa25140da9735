import { grantsOf, type Permission } from './permissions';

/** SQL: what `role` (an alias of roles, with its role_permissions as `p`) grants: the name of a fixed role, or a permission; null for an empty one. */
export const grantedBy = (role: string): string =>
  `CASE WHEN ${role}.fixed = 1 THEN ${role}.name ELSE p.permission END`;

/**
 * SQL that joins the roles of a member's organization as `h` (`member` is an alias of user_org) with what they grant; `isHeld` keeps those that
 * the member holds, as base role or as a live extra one: a row for each grant. Its parameters: the person's id, unless they are told by
 * SQL, and now.
 */
export const heldRoles = (member: string, person = '?'): string => `
  LEFT JOIN roles h ON h.organization_id = ${member}.organization_id
  LEFT JOIN user_role x ON x.organization_id = h.organization_id AND x.user_id = ${person} AND x.role_id = h.id
    AND (x.expires_at IS NULL OR x.expires_at > ?)
  LEFT JOIN role_permissions p ON p.role_id = h.id AND h.fixed = 0`;

/** A condition: whether a member's roles, live extra ones included, grant this. Its parameter: now. */
export const isGranted = (member: string, permission: Permission): string => `EXISTS (
  SELECT 1 FROM user_org held ${heldRoles('held', 'held.user_id')}
  WHERE held.id = ${member}.id AND ${isHeld('held')} AND ${grantedBy('h')} IN (${quoted(grantsOf(permission))}))`;

const quoted = (names: string[]): string => names.map((name) => `'${name}'`).join();

/** The condition that goes with it. Who is no member at all keeps their one row. */
export const isHeld = (member: string): string => `(h.id IS NULL OR h.id = ${member}.role_id OR x.id IS NOT NULL)`;
