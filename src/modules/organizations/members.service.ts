import { Injectable, type OnModuleInit } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import type { Member } from '../../access/caller';
import { type Permission, permissionsFrom } from '../../access/permissions';
import { Database, isDuplicate } from '../../database/database';
import type { Versions } from '../../database/row';
import { mapPage } from '../../database/page';
import { Outbox } from '../../outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import { RightsService } from '../roles/rights.service';
import { HoldsMore } from '../roles/roles.errors';
import { RolesService } from '../roles/roles.service';
import type { User } from '../users/user.entity';
import { LastOwner } from '../users/users.errors';
import type { Membership } from './records/membership.entity';
import { MembershipsRepository, type MembershipRow } from './memberships.repository';
import { type MemberChanges, type MemberQuery, showMember } from './organizations.api';
import { AlreadyMember, OwnerProtected, SeatsTaken } from './organizations.errors';

/** What runs when a person's place ends, or is closed to them for a time. */
type Ending = (organizationId: string, person: User) => Promise<void>;
export type OwnMembership = { membership: MembershipRow; permissions: Permission[] };

const isOwner = ({ role }: Membership) => role.fixed && role.name === 'Owner';

/** Who belongs to an organization, and as what. */
@Injectable()
export class MembersService implements OnModuleInit {
  private readonly endings: Ending[] = [];

  constructor(
    private readonly db: Database,
    private readonly memberships: MembershipsRepository,
    private readonly roles: RolesService,
    private readonly rights: RightsService,
    private readonly activity: ActivityService,
    private readonly outbox: Outbox,
  ) {}

  onModuleInit(): void {
    this.roles.beforeDelete((organizationId, from, to) => this.reassign(organizationId, from, to));
  }

  async list(organizationId: string, query: MemberQuery) {
    const page = await this.memberships.search(organizationId, query);
    const extras = await this.memberships.extrasOf(
      organizationId,
      page.data.filter(({ hasExtras }) => hasExtras !== 0).map(({ userId }) => userId),
    );
    const extrasOf = (userId: string) => extras.filter((extra) => extra.userId === userId);
    return mapPage(page, (member) => showMember(member, extrasOf(member.userId)));
  }

  async get(organizationId: string, userId: string) {
    return showMember(
      await this.memberships.getMember(organizationId, userId),
      await this.memberships.extrasOf(organizationId, [userId]),
    );
  }

  hasMemberWithEmail(organizationId: string, email: string): Promise<boolean> {
    return this.memberships.hasMemberWithEmail(organizationId, email);
  }

  /** Every membership of one person, with what they may do there. */
  async membershipsOf(userId: string): Promise<OwnMembership[]> {
    const held = await this.memberships.membershipsOf(userId);
    return held.map(({ membership, grants }) => ({
      membership,
      permissions: membership.status === 'active' ? [...permissionsFrom(grants)] : [],
    }));
  }

  /** The organizations of one person, with how many others belong to each. */
  async companyOf(userId: string): Promise<{ name: string; others: number }[]> {
    const held = await this.memberships.membershipsOf(userId);
    const counts = held.map(({ membership }) => this.memberships.countMembers(membership.organizationId));
    return (await Promise.all(counts)).map((count, i) => ({
      name: held[i]!.membership.organization.name,
      others: count - 1,
    }));
  }

  /** What an active member may do here; nothing for anyone else. */
  async permissionsOf(organizationId: string, userId: string): Promise<Set<Permission>> {
    const active = { userId, status: 'active' as const, user: { status: 'active' as const } };
    if (!(await this.memberships.find(organizationId, active, { user: true }))) return new Set();
    const held = await this.membershipsOf(userId);
    return new Set(held.find(({ membership }) => membership.organizationId === organizationId)?.permissions);
  }

  /** The person behind a member. @throws NotFound */
  async person(organizationId: string, userId: string): Promise<User> {
    return (await this.memberships.getMember(organizationId, userId)).user;
  }

  /** Lets a person in, if the plan has a seat for them. Part of a transaction. @throws AlreadyMember, SeatsTaken */
  async add(organizationId: string, userId: string, roleId: string): Promise<Membership> {
    await this.memberships.lockOrganization(organizationId);
    if (!(await this.memberships.hasFreeSeat(organizationId))) throw new SeatsTaken();
    try {
      return await this.memberships.place(organizationId, userId, roleId);
    } catch (error) {
      if (isDuplicate(error)) throw new AlreadyMember();
      throw error;
    }
  }

  /** Lets in the person who founds the organization, as its Owner, whatever the plan says of seats. Part of a transaction. */
  async addFounder(organizationId: string, userId: string): Promise<void> {
    const owner = await this.roles.seed(organizationId);
    await this.memberships.place(organizationId, userId, owner.id);
  }

  /** Lets in a person who was invited, and has it told. Part of a transaction. @throws AlreadyMember, SeatsTaken */
  async addMember(organizationId: string, userId: string, roleId: string, inviterId: string | null): Promise<void> {
    await this.add(organizationId, userId, roleId);
    await this.outbox.add('member.joined', { organizationId, userId, inviterId });
  }

  isActive(organizationId: string, userId: string): Promise<boolean> {
    return this.memberships.find(organizationId, { userId, status: 'active' }).then(Boolean);
  }

  /** Whether an active Owner is known by a proved mailbox. */
  async hasProvedOwner(organizationId: string): Promise<boolean> {
    return (await this.memberships.countOwners(organizationId, { emailVerifiedAt: Not(IsNull()) })) > 0;
  }

  /** The ids of the active Owners. */
  async ownersOf(organizationId: string): Promise<string[]> {
    const owners = { status: 'active' as const, role: { name: 'Owner', fixed: true } };
    return (await this.memberships.list(organizationId, owners)).map(({ userId }) => userId);
  }

  /** The ids of the active members who hold this permission. */
  holdersOf(organizationId: string, permission: Permission): Promise<string[]> {
    return this.memberships.holdersOf(organizationId, permission);
  }

  update(
    asking: Member,
    userId: string,
    { role: roleName, extraRoles, ...changes }: MemberChanges,
    version?: Versions,
  ) {
    const { organizationId } = asking;
    return this.db.transaction(async () => {
      const caller = await this.rights.confirm(asking);
      const member = await this.getChangeable(caller, userId);
      const isNew = roleName !== undefined && roleName !== member.role.name;
      const role = isNew ? await this.roles.givable(caller, roleName) : undefined;
      const extras = extraRoles && (await this.extrasFor(caller, userId, extraRoles));
      const values = { ...changes, ...(role && { roleId: role.id }) };

      await this.memberships.update(organizationId, { userId }, values, version);
      if (extras) await this.memberships.setExtras(organizationId, userId, extras);
      if (isOwner(member)) await this.requireOwner(organizationId);
      if (changes.status === 'suspended') await this.end(member);
      await this.activity.record('member.updated', { type: 'member', id: userId }, { organizationId });
      if (role && userId !== caller.userId) await this.outbox.add('member.role-changed', { organizationId, userId });
      return this.get(organizationId, userId);
    });
  }

  /** Removes a member; a member removes themselves by leaving. @throws LastOwner */
  remove(asking: Member, userId: string): Promise<void> {
    const { organizationId } = asking;
    return this.db.transaction(async () => {
      const caller = await this.rights.confirm(asking);
      const member = await this.getChangeable(caller, userId);

      await this.memberships.remove(organizationId, { userId });
      if (isOwner(member)) await this.requireOwner(organizationId);
      await this.end(member);
      await this.activity.record(
        userId === caller.userId ? 'member.left' : 'member.removed',
        { type: 'member', id: userId },
        { organizationId },
      );
      if (userId !== caller.userId) await this.outbox.add('member.removed', { organizationId, userId });
    });
  }

  /** Has `ending` run in the transaction that removes or suspends a member. */
  onEnd(ending: Ending): void {
    this.endings.push(ending);
  }

  /** Takes a person out of every organization; returns those that are empty now. @throws LastOwner */
  async leaveAll(userId: string): Promise<string[]> {
    const empty: string[] = [];
    for (const { organizationId } of await this.memberships.ofPerson(userId)) {
      await this.memberships.lockOrganization(organizationId);
      if ((await this.memberships.countMembers(organizationId)) === 1) {
        empty.push(organizationId);
        continue;
      }
      await this.memberships.remove(organizationId, { userId });
      await this.requireOwner(organizationId); // whatever they were before the lock
    }
    return empty;
  }

  /** Removes every member, so that the organization and its roles can be deleted. */
  async empty(organizationId: string): Promise<void> {
    await this.memberships.lockOrganization(organizationId);
    await this.memberships.remove(organizationId, {});
  }

  /** A member whom this caller may change: one who holds no more than they do. @throws NotFound, OwnerProtected, HoldsMore */
  private async getChangeable(caller: Member, userId: string): Promise<Membership> {
    const member = await this.memberships.getMember(caller.organizationId, userId);
    const more = await this.rights.beyond(caller, { userId });
    if (more.includes('Owner')) throw new OwnerProtected({ missing: more });
    if (more.length > 0) throw new HoldsMore({ missing: more });
    return member;
  }

  private async end({ organizationId, user }: Membership): Promise<void> {
    for (const ending of this.endings) await ending(organizationId, user);
  }

  private async requireOwner(organizationId: string): Promise<void> {
    if ((await this.memberships.countOwners(organizationId)) === 0) throw new LastOwner();
  }

  /** The extra roles that a member is to have; those that they have for as long already are kept, which gives nothing. */
  private async extrasFor(caller: Member, userId: string, extras: NonNullable<MemberChanges['extraRoles']>) {
    const held = await this.memberships.extrasOf(caller.organizationId, [userId]);
    const roles = new Map<string, { roleId: string; expiresAt: Date | null }>();
    for (const [i, { role: name, expiresAt }] of extras.entries()) {
      const until = expiresAt ? new Date(expiresAt) : null;
      const known = held.find(({ role }) => role.name === name);
      const roleId = known?.lasts(until)
        ? known.roleId
        : (await this.roles.givable(caller, name, `#/extraRoles/${i}/role`, until)).id;
      roles.set(roleId, { roleId, expiresAt: until });
    }
    return [...roles.values()];
  }

  private async reassign(organizationId: string, from: string, to: string | null): Promise<void> {
    await this.memberships.lockOrganization(organizationId);
    if (to) await this.memberships.change(organizationId, { roleId: from }, { roleId: to });
  }
}
