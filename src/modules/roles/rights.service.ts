import { Injectable } from '@nestjs/common';
import { Member } from '../../access/caller';
import { grantedBy, heldRoles, isHeld } from '../../access/held-roles';
import { grantsBeyond, type Permission, permissionsFrom } from '../../access/permissions';
import { clock } from '../../kit/clock';
import { Database, sqlTime } from '../../database/database';
import { Forbidden, NotFound } from '../../kit/problem';

/** What one member holds at a moment: a row for each grant. */
const HELD = `
  SELECT m.status, ${grantedBy('h')} AS granted FROM user_org m ${heldRoles('m')}
  WHERE m.organization_id = ? AND m.user_id = ? AND ${isHeld('m')}`;
/** The grants of others that are among these. */
const among = (grants: number) => `
  SELECT DISTINCT ${grantedBy('h')} AS granted FROM user_org m ${heldRoles('m', 'm.user_id')}
  WHERE m.organization_id = ? AND m.user_id <> ? AND ${isHeld('m')} AND ${grantedBy('h')} IN (${Array(grants).fill('?').join()})`;
const HOLDERS = `
  SELECT user_id FROM user_org WHERE organization_id = ? AND role_id = ?
  UNION SELECT user_id FROM user_role WHERE organization_id = ? AND role_id = ? AND (expires_at IS NULL OR expires_at > ?)`;

const FOR_GOOD = new Date('9999-12-31T23:59:59.999Z'); // what is left then has no end

type Held = { status: string; granted: string | null };
type Whom = { userId: string } | { roleId: string };

/** Who holds what, asked where rights are changed. Part of a transaction. */
@Injectable()
export class RightsService {
  constructor(private readonly db: Database) {}

  /**
   * Has all that changes rights in the organization queue up, and asks again what the guard asked before there was a queue.
   * Returns the caller as they are now. @throws NotFound, Forbidden
   */
  async confirm(caller: Member): Promise<Member> {
    const { organizationId, userId, asked } = caller;
    await this.db.lock('Organization', { id: organizationId });
    const held = await this.held(organizationId, userId, clock.now());
    if (held.length === 0) throw new NotFound();

    const confirmed = new Member(caller, organizationId, permissionsOf(held), asked);
    confirmed.requireAsked();
    if (held[0]!.status !== 'active') throw new Forbidden();
    return confirmed;
  }

  /** What a member holds until then at least, be they suspended or not; null: for good. */
  async until(moment: Date | null, organizationId: string, userId: string): Promise<Set<Permission>> {
    const last = moment ? new Date(Math.max(moment.getTime() - 1, clock.now().getTime())) : FOR_GOOD;
    return permissionsOf(await this.held(organizationId, userId, last));
  }

  /** What a member, or any that holds a role, holds beyond the caller: permissions, and fixed roles by their names. */
  async beyond({ organizationId, userId, permissions }: Member, whom: Whom): Promise<string[]> {
    const grants = grantsBeyond(permissions);
    if (grants.length === 0) return [];

    const now = sqlTime(clock.now());
    const [which, ...parameters] =
      'userId' in whom
        ? ['m.user_id = ?', whom.userId]
        : [`m.user_id IN (${HOLDERS})`, organizationId, whom.roleId, organizationId, whom.roleId, now];
    const sql = `${among(grants.length)} AND ${which}`;
    const rows = await this.db.select<Held>(sql, [now, organizationId, userId, ...grants, ...parameters]);
    return rows.map(({ granted }) => granted!);
  }

  /** Whether anyone holds this role, for good or for a time. */
  async isHeld(organizationId: string, roleId: string): Promise<boolean> {
    const role = [organizationId, roleId];
    return (await this.db.select(`${HOLDERS} LIMIT 1`, [...role, ...role, sqlTime(clock.now())])).length > 0;
  }

  private held(organizationId: string, userId: string, at: Date): Promise<Held[]> {
    return this.db.select<Held>(HELD, [userId, sqlTime(at), organizationId, userId]);
  }
}

const permissionsOf = (held: Held[]): Set<Permission> => permissionsFrom(held.flatMap(({ granted }) => granted ?? []));
