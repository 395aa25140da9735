import { Body, Controller, Delete, Get, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../access/allow';
import { CurrentCaller, Member } from '../../access/caller';
import type { Versions } from '../../database/row';
import { Returns, Throws } from '../../http/contract/contract';
import { IdParam } from '../../http/contract/params';
import { IfMatch } from '../../http/contract/precondition';
import { GrantsTooMuch, HoldsMore, RoleUnknown } from '../roles/roles.errors';
import { LastOwner } from '../users/users.errors';
import { MembersService } from './members.service';
import * as api from './organizations.api';
import { OwnerProtected } from './organizations.errors';

@ApiTags('Members')
@Controller('organizations/:orgId/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @ApiOperation({
    summary: 'List members',
    description:
      'With role, extra roles and status, those who joined last first. `q` finds those whose address or name ' +
      'begins with it, `role` those who have that base role.',
  })
  @Allow('members:read')
  @Returns(200, api.OrganizationMemberPage)
  listMembers(@CurrentCaller() { organizationId }: Member, @Query() query: api.MemberQuery) {
    return this.members.list(organizationId, query);
  }

  @Get(':userId')
  @ApiOperation({
    summary: 'Read a member; `me` is oneself',
    description:
      'Role, extra roles, status and settings in this organization. You may always read yourself, without any ' +
      'permission.',
  })
  @Allow('members:read', { self: true })
  @Returns(200, api.OrganizationMember)
  getMember(@CurrentCaller() { organizationId }: Member, @IdParam('userId') userId: string) {
    return this.members.get(organizationId, userId);
  }

  @Put(':userId')
  @ApiOperation({
    summary: "Change a member's role by its name, extra roles, status or settings",
    description:
      'You cannot give what you do not hold, nor act on somebody who holds more, and one active Owner must ' +
      'remain. It counts from their next request on; a new role is told to them, and a suspended member keeps the ' +
      'place but nothing of its rights.',
  })
  @Allow('members:update')
  @Returns(200, api.OrganizationMember)
  @Throws(GrantsTooMuch, HoldsMore, OwnerProtected, RoleUnknown, LastOwner)
  updateMember(
    @CurrentCaller() caller: Member,
    @IdParam('userId') userId: string,
    @Body() changes: api.MemberChanges,
    @IfMatch() version?: Versions,
  ) {
    return this.members.update(caller, userId, changes, version);
  }

  @Delete(':userId')
  @ApiOperation({
    summary: 'Remove a member; `me` leaves',
    description:
      'Their rights end at the next request, and so does an open invite to their address; the account stays. ' +
      'Whoever is removed is told, whoever leaves is not; the last Owner cannot go.',
  })
  @Allow('members:remove', { self: true })
  @Returns(204)
  @Throws(HoldsMore, OwnerProtected, LastOwner)
  async removeMember(@CurrentCaller() caller: Member, @IdParam('userId') userId: string) {
    await this.members.remove(caller, userId);
  }
}
