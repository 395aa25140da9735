import { Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { type FIXED_ROLES, type Permission } from '../../access/permissions';
import { Database, isDuplicate, isMissingReference } from '../../database/database';
import type { Versions } from '../../database/row';
import { NotFound } from '../../kit/problem';
import type { PageQuery } from '../../http/contract/page';
import { mapPage, type Page } from '../../database/page';
import { ActivityService } from '../activity/activity.service';
import type { Role } from './role.entity';
import { likenessOf } from './role-likeness';
import type { NewRole, RoleChanges } from './roles.api';
import { RightsService } from './rights.service';
import { GrantsTooMuch, HoldsMore, RoleFixed, RoleInUse, RoleNameTaken, RoleUnknown } from './roles.errors';
import { RolesRepository } from './roles.repository';

export type GrantingRole = Role & { permissions: Permission[] };

/** Gives the holders of one role another, in the same transaction. @throws RoleInUse where there must be one */
type Reassign = (organizationId: string, from: string, to: string | null) => Promise<void>;

const DESCRIPTIONS = {
  Owner: 'May do everything',
  Admin: 'May do everything but delete the organization',
  Member: 'May look around',
};

@Injectable()
export class RolesService {
  private readonly holders: Reassign[] = [];

  constructor(
    private readonly db: Database,
    private readonly roles: RolesRepository,
    private readonly rights: RightsService,
    private readonly activity: ActivityService,
  ) {}

  async list({ organizationId }: Member, query: PageQuery): Promise<Page<GrantingRole>> {
    const page = await this.roles.page(organizationId, query, {});
    const roles = await this.roles.withPermissions(page.data);
    return mapPage(page, (role) => roles.find(({ id }) => id === role.id)!);
  }

  async get(organizationId: string, id: string): Promise<GrantingRole> {
    return (await this.roles.withPermissions([await this.roles.get(organizationId, id)]))[0]!;
  }

  /** `pointer` says where in the request the name stands. @throws RoleUnknown */
  async named(organizationId: string, name: string, pointer = '#/role'): Promise<GrantingRole> {
    const role = await this.roles.find(organizationId, { name });
    if (!role) throw new RoleUnknown({ errors: [{ pointer, detail: `there is no role "${name}" here` }] });
    return (await this.roles.withPermissions([role]))[0]!;
  }

  /** The role of that name, if the caller may give it for good. Part of a transaction. @throws RoleUnknown, GrantsTooMuch */
  async grantable(caller: Member, name: string): Promise<GrantingRole> {
    return this.givable(await this.rights.confirm(caller), name);
  }

  /** The same by a caller who is confirmed, and until a moment where one is given. */
  async givable(caller: Member, name: string, pointer?: string, until: Date | null = null): Promise<GrantingRole> {
    const role = await this.named(caller.organizationId, name, pointer);
    await this.requireRight(caller, role.permissions, until);
    return role;
  }

  create(asking: Member, { name, description = '', permissions }: NewRole): Promise<GrantingRole> {
    const { organizationId } = asking;
    return this.db.transaction(async () => {
      const caller = await this.rights.confirm(asking);
      caller.require(permissions, GrantsTooMuch);
      await this.requireFree(organizationId, name);

      const role = await this.unique(() => this.roles.add(organizationId, { name, description, fixed: false }));
      await this.roles.setPermissions(role.id, permissions);
      await this.activity.record('role.created', { type: 'role', id: role.id }, { organizationId });
      return this.get(organizationId, role.id);
    });
  }

  update(
    asking: Member,
    id: string,
    { permissions, ...changes }: RoleChanges,
    version?: Versions,
  ): Promise<GrantingRole> {
    const { organizationId } = asking;
    return this.db.transaction(async () => {
      const caller = await this.rights.confirm(asking);
      const role = await this.getCustom(caller, id);
      if (permissions) caller.require(permissions, GrantsTooMuch);
      if (changes.name !== undefined) await this.requireFree(organizationId, changes.name, id);
      const added = permissions?.filter((permission) => !role.permissions.includes(permission)) ?? [];
      if (added.length > 0 && (await this.rights.isHeld(organizationId, id))) await this.requireRight(caller, added);

      await this.unique(() => this.roles.update(organizationId, { id }, changes, version));
      if (permissions) await this.roles.setPermissions(id, permissions);
      await this.activity.record('role.updated', { type: 'role', id }, { organizationId });
      return this.get(organizationId, id);
    });
  }

  /** Deletes a custom role; its holders, and those invited to it, get the role named `reassignTo`. @throws RoleInUse when none is named */
  delete(asking: Member, id: string, reassignTo?: string): Promise<void> {
    const { organizationId } = asking;
    return this.db.transaction(async () => {
      const caller = await this.rights.confirm(asking);
      await this.getCustom(caller, id);
      const heir = reassignTo === undefined ? null : await this.givable(caller, reassignTo, '#/reassignTo');
      if (heir?.id === id) throw new RoleInUse();

      for (const reassign of this.holders) await reassign(organizationId, id, heir?.id ?? null);
      if ((await this.unused(() => this.roles.remove(organizationId, { id }))) === 0) throw new NotFound(); // another was first
      await this.activity.record('role.deleted', { type: 'role', id }, { organizationId });
    });
  }

  /** Has `reassign` run in the transaction that deletes a role. */
  beforeDelete(reassign: Reassign): void {
    this.holders.push(reassign);
  }

  /** The roles that every organization has. Returns the Owner's. */
  async seed(organizationId: string): Promise<Role> {
    for (const name of ['Member', 'Admin'] as const)
      await this.roles.add(organizationId, { name, description: DESCRIPTIONS[name], fixed: true });
    return this.roles.add(organizationId, {
      name: 'Owner' satisfies keyof typeof FIXED_ROLES,
      description: DESCRIPTIONS.Owner,
      fixed: true,
    });
  }

  /** A role that can be changed, by someone who could have made it, and who holds as much as any who holds it. */
  private async getCustom(caller: Member, id: string): Promise<GrantingRole> {
    const role = await this.get(caller.organizationId, id);
    if (role.fixed) throw new RoleFixed();
    caller.require(role.permissions, GrantsTooMuch);
    const missing = await this.rights.beyond(caller, { roleId: id });
    if (missing.length > 0) throw new HoldsMore({ missing });
    return role;
  }

  /** Under the lock of the organization. @throws RoleNameTaken when another role, a fixed one above all, has that name or reads like it */
  private async requireFree(organizationId: string, name: string, id?: string): Promise<void> {
    const others = (await this.roles.list(organizationId, {})).filter((role) => role.id !== id);
    if (others.some((role) => likenessOf(role.name) === likenessOf(name))) throw new RoleNameTaken();
  }

  /** What is given must not outlive the right that it is given by. @throws GrantsTooMuch */
  private async requireRight(caller: Member, permissions: Permission[], until: Date | null = null): Promise<void> {
    caller.require(permissions, GrantsTooMuch);
    const held = await this.rights.until(until, caller.organizationId, caller.userId);
    const missing = permissions.filter((permission) => !held.has(permission));
    if (missing.length > 0)
      throw new GrantsTooMuch({ missing, detail: 'You hold this for a time: you cannot give it for longer.' });
  }

  private async unique<T>(write: () => Promise<T>): Promise<T> {
    return write().catch((error: unknown) => {
      throw isDuplicate(error) ? new RoleNameTaken() : error;
    });
  }

  private async unused<T>(remove: () => Promise<T>): Promise<T> {
    return remove().catch((error: unknown) => {
      throw isMissingReference(error) ? new RoleInUse() : error;
    });
  }
}
