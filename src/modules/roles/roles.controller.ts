import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, SignedIn } from '../../access/allow';
import { CallerOf, Member } from '../../access/caller';
import type { Versions } from '../../kit/db/row';
import { Returns, Throws } from '../../kit/http/contract';
import { PageQuery } from '../../kit/http/page';
import { IdParam } from '../../kit/http/params';
import { IfMatch } from '../../kit/http/precondition';
import * as api from './roles.api';
import { GrantsTooMuch, HoldsMore, RoleFixed, RoleInUse, RoleNameTaken, RoleUnknown } from './roles.errors';
import { RolesService } from './roles.service';

@ApiTags('Roles')
@Controller()
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  @Get('permissions')
  @ApiOperation({ summary: 'List everything that a role can grant' })
  @SignedIn()
  @Returns(200, api.PermissionCatalogue)
  listPermissions() {
    return api.catalogue();
  }

  @Get('organizations/:orgId/roles')
  @ApiOperation({ summary: 'List roles' })
  @Allow('roles:read')
  @Returns(200, api.RolePage)
  listRoles(@CallerOf() caller: Member, @Query() query: PageQuery) {
    return this.roles.list(caller, query);
  }

  @Post('organizations/:orgId/roles')
  @ApiOperation({ summary: 'Make a custom role' })
  @Allow('roles:write')
  @Returns(201, api.Role)
  @Throws(GrantsTooMuch, RoleNameTaken)
  createRole(@CallerOf() caller: Member, @Body() role: api.NewRole) {
    return this.roles.create(caller, role);
  }

  @Get('organizations/:orgId/roles/:roleId')
  @ApiOperation({ summary: 'Read a role' })
  @Allow('roles:read')
  @Returns(200, api.Role)
  getRole(@CallerOf() { organizationId }: Member, @IdParam('roleId') id: string) {
    return this.roles.get(organizationId, id);
  }

  @Put('organizations/:orgId/roles/:roleId')
  @ApiOperation({ summary: 'Change a custom role' })
  @Allow('roles:write')
  @Returns(200, api.Role)
  @Throws(GrantsTooMuch, HoldsMore, RoleNameTaken, RoleFixed)
  updateRole(
    @CallerOf() caller: Member,
    @IdParam('roleId') id: string,
    @Body() changes: api.RoleChanges,
    @IfMatch() version?: Versions,
  ) {
    return this.roles.update(caller, id, changes, version);
  }

  @Delete('organizations/:orgId/roles/:roleId')
  @ApiOperation({ summary: 'Delete a custom role' })
  @Allow('roles:write')
  @Returns(204)
  @Throws(GrantsTooMuch, HoldsMore, RoleFixed, RoleInUse, RoleUnknown)
  async deleteRole(
    @CallerOf() caller: Member,
    @IdParam('roleId') id: string,
    @Query() { reassignTo }: api.RoleRemoval,
  ) {
    await this.roles.delete(caller, id, reassignTo);
  }
}
