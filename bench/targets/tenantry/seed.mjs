// The shape of the data, as Tenantry's tables hold it.
import * as S from '../../shape.mjs';

/** Ids are made of a kind, in hex, and a number; the SQL runs on both engines (`||` joins texts there, too). */
const kinds = { user: 1, organization: 2, owner: 3, admin: 4, member: 5, big: 6, a: 7, b: 8, inviter: 9 };
const id = (kind, n) => `'0198000${kinds[kind]}-0000-7000-8000-' || substr('000000000000' || (${n}), -12)`;
export const idOf = (kind, n) => `0198000${kinds[kind]}-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** SQL that fills the tables. `series(from, to)` is a table of numbers n. */
export function seeds(users, passwordHash, series) {
  const now = "'2026-01-01 00:00:00.000'",
    living = `${now}, ${now}, 1`,
    LIVING = 'created_at, updated_at, version';
  const organizations = (from, to) => `INSERT INTO organizations (id, ${LIVING}, name, slug, status, personal, settings)
    SELECT ${id('organization', 'n')}, ${living}, 'Org ' || n, 'org-' || n, 'active', 0, '{}' FROM ${series(from, to)} s`;
  const role = (kind, name) => `INSERT INTO roles (id, ${LIVING}, organization_id, name, description, fixed)
    SELECT replace(id, '01980002', '0198000${kinds[kind]}'), ${living}, id, '${name}', '', 1 FROM organizations`;
  const members = (
    kind,
    organization,
    roleKind,
    from,
    to,
  ) => `INSERT INTO user_org (id, ${LIVING}, organization_id, user_id, role_id, status, settings)
    SELECT ${id(kind, 'n')}, ${living}, ${id('organization', organization)}, ${id('user', 'n')}, ${roleKind(organization)}, 'active', '{}' FROM ${series(from, to)} s`;
  const as = (kind) => (organization) => id(kind, organization);
  return [
    `INSERT INTO users (id, ${LIVING}, email, email_verified_at, password_hash, name, profile, status)
      SELECT ${id('user', 'n')}, ${living}, 'user' || n || '@bench.test', ${now}, '${passwordHash}', 'User ' || n, '{}', 'active' FROM ${series(1, users)} s`,
    organizations(1, 1 + S.ordinaryOrgs(users)),
    organizations(S.inviterOrg(41), S.inviterOrg(200)),
    role('owner', 'Owner'),
    role('admin', 'Admin'),
    role('member', 'Member'),
    members(
      'big',
      '1',
      (o) => `CASE WHEN n <= 20 THEN ${id('admin', o)} ELSE ${id('member', o)} END`,
      1,
      S.BIG_ORG_MEMBERS,
    ),
    members('a', S.orgA(users), as('member'), 1, users),
    members('b', S.orgB(users), as('member'), 1, users),
    members('inviter', `${S.inviterOrg(0)} + n`, as('owner'), 41, 200),
  ];
}
export const TABLES = ['users', 'organizations', 'roles', 'user_org'];
