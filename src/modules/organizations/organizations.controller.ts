import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, SignedIn } from '../../access/allow';
import { Caller, CurrentCaller, Member } from '../../access/caller';
import type { Versions } from '../../database/row';
import { Forbidden } from '../../kit/problem';
import { Returns, Throws } from '../../http/contract/contract';
import { IdParam } from '../../http/contract/params';
import { IfMatch } from '../../http/contract/precondition';
import * as api from './organizations.api';
import { SlugTaken } from './organizations.errors';
import { OrganizationsService } from './organizations.service';

@ApiTags('Organizations')
@Controller('organizations')
export class OrganizationsController {
  constructor(private readonly organizations: OrganizationsService) {}

  @Get()
  @ApiOperation({
    summary: 'List my organizations; staff: all of them',
    description:
      'Those that you belong to, active or suspended. With `all=true` platform staff get every organization; for ' +
      'anyone else that is refused.',
  })
  @SignedIn()
  @Returns(200, api.OrganizationPage)
  @Throws(Forbidden)
  listOrganizations(@CurrentCaller() caller: Caller, @Query() query: api.OrganizationQuery) {
    return this.organizations.list(caller, query);
  }

  @Post()
  @ApiOperation({
    summary: 'Found an organization, as its Owner',
    description:
      'You become its first Owner, and it has the roles Owner, Admin and Member. A slug that is made from the ' +
      'name gets a tail where it is taken; one that you ask for is refused then.',
  })
  @SignedIn()
  @Returns(201, api.Organization)
  @Throws(SlugTaken)
  createOrganization(@CurrentCaller() { userId }: Caller, @Body() organization: api.NewOrganization) {
    return this.organizations.found(userId, organization);
  }

  @Get(':orgId')
  @ApiOperation({
    summary: 'Read an organization',
    description:
      'Name, slug, status, settings, plan and limits, with an ETag for a change. For members, and for platform ' +
      'staff.',
  })
  @Allow('organization:read', { staff: 'organizations:read' })
  @Returns(200, api.Organization)
  getOrganization(@IdParam('orgId') id: string) {
    return this.organizations.get(id);
  }

  @Put(':orgId')
  @ApiOperation({
    summary: 'Change name, slug or settings; staff: the status',
    description:
      'Only the fields that are sent change; with another slug, public addresses that hold the old one lead ' +
      'nowhere. Suspending it is for platform staff: it can then be read, not changed, and its Owners are told.',
  })
  @ApiBody({ type: api.OrganizationChanges, examples: { ours: { value: api.OWN_CHANGES } } })
  @Allow('organization:update', { staff: 'organizations:write' })
  @Returns(200, api.Organization)
  @Throws(SlugTaken)
  updateOrganization(
    @CurrentCaller() caller: Member,
    @IdParam('orgId') id: string,
    @Body() changes: api.OrganizationChanges,
    @IfMatch() version?: Versions,
  ) {
    return this.organizations.update(caller, id, changes, version);
  }

  @Delete(':orgId')
  @ApiOperation({
    summary: 'Delete an organization and all that it holds',
    description:
      'Members, roles, invites, texts, mails and payments go with it, and its subscription is cancelled at the ' +
      'provider. It cannot be undone; the accounts of its members stay.',
  })
  @Allow('organization:delete', { staff: 'organizations:write' })
  @Returns(204)
  async deleteOrganization(@IdParam('orgId') id: string) {
    await this.organizations.delete(id);
  }
}
