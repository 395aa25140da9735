import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, SignedIn } from '../../access/allow';
import { Caller, CallerOf, Member } from '../../access/caller';
import type { Versions } from '../../kit/db/row';
import { Forbidden } from '../../kit/errors/problem';
import { Returns, Throws } from '../../kit/http/contract';
import { IdParam } from '../../kit/http/params';
import { IfMatch } from '../../kit/http/precondition';
import * as api from './organizations.api';
import { SlugTaken } from './organizations.errors';
import { OrganizationsService } from './organizations.service';

@ApiTags('Organizations')
@Controller('organizations')
export class OrganizationsController {
  constructor(private readonly organizations: OrganizationsService) {}

  @Get()
  @ApiOperation({ summary: 'List my organizations; staff: all of them' })
  @SignedIn()
  @Returns(200, api.OrganizationPage)
  @Throws(Forbidden)
  listOrganizations(@CallerOf() caller: Caller, @Query() query: api.OrganizationQuery) {
    return this.organizations.list(caller, query);
  }

  @Post()
  @ApiOperation({ summary: 'Found an organization, as its Owner' })
  @SignedIn()
  @Returns(201, api.Organization)
  @Throws(SlugTaken)
  createOrganization(@CallerOf() { userId }: Caller, @Body() organization: api.NewOrganization) {
    return this.organizations.found(userId, organization);
  }

  @Get(':orgId')
  @ApiOperation({ summary: 'Read an organization' })
  @Allow('organization:read', { staff: 'organizations:read' })
  @Returns(200, api.Organization)
  getOrganization(@IdParam('orgId') id: string) {
    return this.organizations.get(id);
  }

  @Put(':orgId')
  @ApiOperation({ summary: 'Change name, slug or settings; staff: the status' })
  @ApiBody({ type: api.OrganizationChanges, examples: { ours: { value: api.OWN_CHANGES } } })
  @Allow('organization:update', { staff: 'organizations:write' })
  @Returns(200, api.Organization)
  @Throws(SlugTaken)
  updateOrganization(
    @CallerOf() caller: Member,
    @IdParam('orgId') id: string,
    @Body() changes: api.OrganizationChanges,
    @IfMatch() version?: Versions,
  ) {
    return this.organizations.update(caller, id, changes, version);
  }

  @Delete(':orgId')
  @ApiOperation({ summary: 'Delete an organization and all that it holds' })
  @Allow('organization:delete', { staff: 'organizations:write' })
  @Returns(204)
  async deleteOrganization(@IdParam('orgId') id: string) {
    await this.organizations.delete(id);
  }
}
