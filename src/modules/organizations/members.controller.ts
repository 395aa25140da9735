import { Body, Controller, Delete, Get, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../access/allow';
import { CallerOf, Member } from '../../access/caller';
import type { Versions } from '../../kit/db/row';
import { Returns, Throws } from '../../kit/http/contract';
import { IdParam } from '../../kit/http/params';
import { IfMatch } from '../../kit/http/precondition';
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
  @ApiOperation({ summary: 'List members' })
  @Allow('members:read')
  @Returns(200, api.OrganizationMemberPage)
  listMembers(@CallerOf() { organizationId }: Member, @Query() query: api.MemberQuery) {
    return this.members.list(organizationId, query);
  }

  @Get(':userId')
  @ApiOperation({ summary: 'Read a member; `me` is oneself' })
  @Allow('members:read', { self: true })
  @Returns(200, api.OrganizationMember)
  getMember(@CallerOf() { organizationId }: Member, @IdParam('userId') userId: string) {
    return this.members.get(organizationId, userId);
  }

  @Put(':userId')
  @ApiOperation({ summary: "Change a member's role by its name, extra roles, status or settings" })
  @Allow('members:update')
  @Returns(200, api.OrganizationMember)
  @Throws(GrantsTooMuch, HoldsMore, OwnerProtected, RoleUnknown, LastOwner)
  updateMember(
    @CallerOf() caller: Member,
    @IdParam('userId') userId: string,
    @Body() changes: api.MemberChanges,
    @IfMatch() version?: Versions,
  ) {
    return this.members.update(caller, userId, changes, version);
  }

  @Delete(':userId')
  @ApiOperation({ summary: 'Remove a member; `me` leaves' })
  @Allow('members:remove', { self: true })
  @Returns(204)
  @Throws(HoldsMore, OwnerProtected, LastOwner)
  async removeMember(@CallerOf() caller: Member, @IdParam('userId') userId: string) {
    await this.members.remove(caller, userId);
  }
}
