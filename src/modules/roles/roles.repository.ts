import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { FIXED_ROLES, isFixedRole, type Permission, PERMISSIONS } from '../../access/permissions';
import { Database } from '../../database/database';
import { Rows } from '../../database/rows';
import { TenantRepository } from '../../database/tenant.repository';
import { Role } from './role.entity';
import { RolePermission } from './role-permission.entity';

@Injectable()
export class RolesRepository extends TenantRepository<Role> {
  private readonly grants: Rows<RolePermission>;

  constructor(db: Database) {
    super(db, Role);
    this.grants = new Rows(db, RolePermission);
  }

  /** What each of these roles grants. */
  async withPermissions(roles: Role[]): Promise<(Role & { permissions: Permission[] })[]> {
    const custom = roles.filter(({ fixed }) => !fixed).map(({ id }) => id);
    const grants = custom.length > 0 ? await this.grants.list({ roleId: In(custom) }) : [];
    return roles.map((role) => {
      const granted = new Set(grants.filter(({ roleId }) => roleId === role.id).map(({ permission }) => permission));
      const permissions =
        role.fixed && isFixedRole(role.name)
          ? [...FIXED_ROLES[role.name]]
          : PERMISSIONS.filter((name) => granted.has(name));
      return Object.assign(role, { permissions });
    });
  }

  async setPermissions(roleId: string, permissions: Permission[]): Promise<void> {
    await this.grants.remove({ roleId });
    for (const permission of permissions) await this.grants.add({ roleId, permission });
  }
}
