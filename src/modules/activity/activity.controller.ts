import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Self } from '../../access/allow';
import { Returns } from '../../kit/http/contract';
import { IdParam } from '../../kit/http/params';
import * as api from './activity.api';
import { ActivityService } from './activity.service';

@ApiTags('Activity')
@Controller()
export class ActivityController {
  constructor(private readonly activity: ActivityService) {}

  @Get('organizations/:orgId/activity-logs')
  @ApiOperation({ summary: 'Read what happened in the organization' })
  @Allow('activity:read')
  @Returns(200, api.ActivityPage)
  listOrganizationActivity(@IdParam('orgId') orgId: string, @Query() query: api.ActivityQuery) {
    return this.activity.ofOrganization(orgId, query);
  }

  @Get('users/:userId/activity-logs')
  @ApiOperation({ summary: 'Read what a person did' })
  @Self('users:read')
  @Returns(200, api.ActivityPage)
  listUserActivity(@IdParam('userId') userId: string, @Query() query: api.ActivityQuery) {
    return this.activity.ofPerson(userId, query);
  }
}
