import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, SignedIn } from '../../access/allow';
import { CurrentCaller, Member } from '../../access/caller';
import type { Versions } from '../../database/row';
import { Returns, Throws } from '../../http/contract/contract';
import { PageQuery } from '../../http/contract/page';
import { IdParam } from '../../http/contract/params';
import { IfMatch } from '../../http/contract/precondition';
import * as api from './roles.api';
import { GrantsTooMuch, HoldsMore, RoleFixed, RoleInUse, RoleNameTaken, RoleUnknown } from './roles.errors';
import { RolesService } from './roles.service';

@ApiTags('Roles')
@Controller()
export class RolesController {
  constructor(private readonly roles: RolesService) {}

  @Get('permissions')
  @ApiOperation({
    summary: 'List everything that a role can grant',
    description:
      'The whole catalogue, with a few words for each, for whoever builds a form for roles. It is the same in ' +
      'every organization and for everyone who is signed in.',
  })
  @SignedIn()
  @Returns(200, api.PermissionCatalogue)
  listPermissions() {
    return api.catalogue();
  }

  @Get('organizations/:orgId/roles')
  @ApiOperation({
    summary: 'List roles',
    description:
      'The fixed ones, Owner, Admin and Member, and those that your organization made, each with what it grants. ' +
      'What fixed roles grant comes with the application.',
  })
  @Allow('roles:read')
  @Returns(200, api.RolePage)
  listRoles(@CurrentCaller() caller: Member, @Query() query: PageQuery) {
    return this.roles.list(caller, query);
  }

  @Post('organizations/:orgId/roles')
  @ApiOperation({
    summary: 'Make a custom role',
    description:
      'It can grant only what you hold yourself, and its name may not read like that of another. Nobody has it ' +
      'before they are given it.',
  })
  @Allow('roles:write')
  @Returns(201, api.Role)
  @Throws(GrantsTooMuch, RoleNameTaken)
  createRole(@CurrentCaller() caller: Member, @Body() role: api.NewRole) {
    return this.roles.create(caller, role);
  }

  @Get('organizations/:orgId/roles/:roleId')
  @ApiOperation({
    summary: 'Read a role',
    description:
      'Its name, description and permissions, with an ETag for a change of it. Fixed roles are read in the same ' +
      'way as custom ones.',
  })
  @Allow('roles:read')
  @Returns(200, api.Role)
  getRole(@CurrentCaller() { organizationId }: Member, @IdParam('roleId') id: string) {
    return this.roles.get(organizationId, id);
  }

  @Put('organizations/:orgId/roles/:roleId')
  @ApiOperation({
    summary: 'Change a custom role',
    description:
      'Reaches everyone who has it at their next request, in both directions. You must hold what it granted and ' +
      'will grant, and no holder may hold more than you; fixed roles stay as they are.',
  })
  @Allow('roles:write')
  @Returns(200, api.Role)
  @Throws(GrantsTooMuch, HoldsMore, RoleNameTaken, RoleFixed)
  updateRole(
    @CurrentCaller() caller: Member,
    @IdParam('roleId') id: string,
    @Body() changes: api.RoleChanges,
    @IfMatch() version?: Versions,
  ) {
    return this.roles.update(caller, id, changes, version);
  }

  @Delete('organizations/:orgId/roles/:roleId')
  @ApiOperation({
    summary: 'Delete a custom role',
    description:
      'Who has it, and who is invited to it, gets the role that `reassignTo` names; without one it is refused ' +
      'while anyone has it. Extra roles of this kind end with it.',
  })
  @Allow('roles:write')
  @Returns(204)
  @Throws(GrantsTooMuch, HoldsMore, RoleFixed, RoleInUse, RoleUnknown)
  async deleteRole(
    @CurrentCaller() caller: Member,
    @IdParam('roleId') id: string,
    @Query() { reassignTo }: api.RoleRemoval,
  ) {
    await this.roles.delete(caller, id, reassignTo);
  }
}
