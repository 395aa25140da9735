// The shape of the data, as Tenantry's tables hold it.
import * as S from '../../shape.mjs';
import { id, living, LIVING, time } from './ids.mjs';
import { activity, invites } from './years.mjs';

/** SQL that fills the tables, in the words of an engine: see databases.mjs. */
export function seeds(users, passwordHash, engine) {
  const { series } = engine;
  const organizations = (from, to) => `INSERT INTO organizations (id, ${LIVING}, name, slug, status, personal, settings)
    SELECT ${id('organization', 'n')}, ${living}, 'Org ' || n, 'org-' || n, 'active', 0, '{}' FROM ${series(from, to)} s`;
  const role = (kind, name) => `INSERT INTO roles (id, ${LIVING}, organization_id, name, description, fixed)
    SELECT replace(id, '${id.prefix('organization')}', '${id.prefix(kind)}'), ${living}, id, '${name}', '', 1 FROM organizations`;
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
      SELECT ${id('user', 'n')}, ${living}, 'user' || n || '@bench.test', ${time}, '${passwordHash}', 'User ' || n, '{}', 'active' FROM ${series(1, users)} s`,
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
    activity(users, engine),
    invites(users, engine),
  ];
}
export const TABLES = ['users', 'organizations', 'roles', 'user_org', 'activity_logs', 'invites'];
