import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { grantedBy, heldRoles, isHeld } from '../../access/held-roles';
import { grantsOf, type Permission } from '../../access/permissions';
import { clock } from '../../kit/clock';
import { beginsWith } from '../../database/begins-with';
import { normalizeAddress } from '../../kit/text/email-address';
import { Database, sqlTime } from '../../database/database';
import { Rows, type Where } from '../../database/rows';
import { TenantRepository } from '../../database/tenant.repository';
import type { Page } from '../../database/page';
import type { User } from '../users/user.entity';
import { USER_SHOWN } from '../users/users.api';
import { ExtraRole } from './records/extra-role.entity';
import { Membership } from './records/membership.entity';
import { Organization } from './records/organization.entity';
import type { MemberQuery } from './organizations.api';

export type MembershipRow = Membership & { organization: Organization; granted: string | null; extraId: string | null };
/** A member on a page; where it is unknown, there may be extra roles. */
export type ListedMember = Membership & { hasExtras?: number };

const HOLDERS = `
  SELECT DISTINCT held.user_id AS userId
  FROM (SELECT user_id, role_id FROM user_org WHERE organization_id = ?
        UNION ALL SELECT user_id, role_id FROM user_role WHERE organization_id = ? AND (expires_at IS NULL OR expires_at > ?)) held
  JOIN roles r ON r.id = held.role_id
  JOIN user_org m ON m.organization_id = r.organization_id AND m.user_id = held.user_id AND m.status = 'active'
  LEFT JOIN role_permissions p ON p.role_id = r.id AND r.fixed = 0
  WHERE`;

const PERSON_AND_ROLE = { user: true, role: true };
/** What is shown of a member. */
const LISTED = {
  userId: true,
  status: true,
  settings: true,
  createdAt: true,
  version: true,
  user: { name: true, email: true },
  role: { name: true },
  hasExtras: 'EXISTS (SELECT 1 FROM user_role x WHERE x.organization_id = t.organization_id AND x.user_id = t.user_id)',
};
/** What is shown of a place, and whose it is; a row for each grant. */
const PLACE = {
  organizationId: true,
  status: true,
  settings: true,
  createdAt: true,
  role: { name: true },
  organization: { name: true, slug: true, status: true, personal: true },
  user: USER_SHOWN,
  granted: grantedBy('t1'),
  extraId: 'x.id',
};
const BASE_ROLES = `
  LEFT JOIN role_permissions p ON p.role_id = t.role_id
  LEFT JOIN user_role x ON x.organization_id = t.organization_id AND x.user_id = t.user_id
  WHERE t.user_id = ?`;

@Injectable()
export class MembershipsRepository extends TenantRepository<Membership> {
  private readonly extras: Rows<ExtraRole>;

  constructor(db: Database) {
    super(db, Membership);
    this.extras = new Rows(db, ExtraRole);
  }

  /** @throws NotFound */
  getMember(organizationId: string, userId: string): Promise<Membership> {
    return this.get(organizationId, { userId }, PERSON_AND_ROLE);
  }

  search(organizationId: string, { q, role, ...query }: MemberQuery): Promise<Page<ListedMember>> {
    const where = role ? { role: { name: role } } : {};
    if (!q) return this.page(organizationId, query, where, LISTED);
    const any = [
      { ...where, user: { email: beginsWith(normalizeAddress(q)) } },
      { ...where, user: { name: beginsWith(q) } },
    ];
    return this.pageOfAny(organizationId, query, any, LISTED);
  }

  hasMemberWithEmail(organizationId: string, email: string): Promise<boolean> {
    return this.find(organizationId, { user: { email } }, { userId: true, user: { email: true } }).then(Boolean);
  }

  /** The extra roles of these members. */
  extrasOf(organizationId: string, userIds: string[]): Promise<ExtraRole[]> {
    return userIds.length > 0
      ? this.extras.list(
          { organizationId, userId: In(userIds) },
          { userId: true, roleId: true, expiresAt: true, role: { name: true } },
        )
      : Promise.resolve([]);
  }

  async setExtras(
    organizationId: string,
    userId: string,
    extras: { roleId: string; expiresAt: Date | null }[],
  ): Promise<void> {
    await this.extras.remove({ organizationId, userId });
    for (const extra of extras) await this.extras.add({ organizationId, userId, ...extra });
  }

  /** @throws the driver's error for one who is a member already */
  place(organizationId: string, userId: string, roleId: string): Promise<Membership> {
    return this.add(organizationId, { userId, roleId, status: 'active', settings: {} });
  }

  /** Makes everything that changes who owns or joins this organization queue up. */
  lockOrganization(organizationId: string): Promise<void> {
    return this.db.lock(Organization, { id: organizationId });
  }

  countOwners(organizationId: string, user: Where<User> = {}): Promise<number> {
    return this.count(organizationId, { status: 'active', role: { name: 'Owner', fixed: true }, user });
  }

  countMembers(organizationId: string): Promise<number> {
    return this.count(organizationId, {});
  }

  /** Whether one more may come, by the plan's limit. Under the lock of the organization. */
  async hasFreeSeat(organizationId: string): Promise<boolean> {
    const organization = await this.db.manager.getRepository(Organization).findOneBy({ id: organizationId });
    const seats: unknown = organization?.limits?.seats;
    return typeof seats !== 'number' || (await this.countMembers(organizationId)) < seats;
  }

  /** The active members whose live roles grant this permission. */
  async holdersOf(organizationId: string, permission: Permission): Promise<string[]> {
    const grants = grantsOf(permission);
    const sql = `${HOLDERS} ${grantedBy('r')} IN (${grants.map(() => '?').join()})`;
    const now = sqlTime(clock.now());
    const rows = await this.db.select<{ userId: string }>(sql, [organizationId, organizationId, now, ...grants]);
    return rows.map(({ userId }) => userId);
  }

  /** The memberships of one person, in every organization, with what their roles grant there. */
  async membershipsOf(userId: string): Promise<{ membership: MembershipRow; grants: string[] }[]> {
    const held = new Map<string, { membership: MembershipRow; grants: string[] }>();
    for (const membership of await this.grantsOf(userId)) {
      const known = held.get(membership.id) ?? { membership, grants: [] };
      if (membership.granted !== null) known.grants.push(membership.granted);
      held.set(membership.id, known);
    }
    return [...held.values()].sort((a, b) => (a.membership.id < b.membership.id ? -1 : 1)); // a server would sort them in a file, for the JSON in them
  }

  /** The memberships of one person, in every organization. */
  ofPerson(userId: string): Promise<Membership[]> {
    return this.acrossOrganizations.list({ userId }, { role: true });
  }

  /** Their base roles alone are asked for first: few hold more, and it takes the server half as long. */
  private async grantsOf(userId: string): Promise<MembershipRow[]> {
    const base = (await this.acrossOrganizations.query(BASE_ROLES, [userId], PLACE as never)) as MembershipRow[];
    if (base.every(({ extraId }) => extraId === null)) return base;
    const held = `${heldRoles('t')} WHERE t.user_id = ? AND ${isHeld('t')}`;
    const shown = { ...PLACE, granted: grantedBy('h') } as never;
    return (await this.acrossOrganizations.query(
      held,
      [userId, sqlTime(clock.now()), userId],
      shown,
    )) as MembershipRow[];
  }
}
