import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Self } from '../../access/allow';
import { Caller, CurrentCaller } from '../../access/caller';
import { Returns } from '../../http/contract/contract';
import { mapPage } from '../../database/page';
import { IdParam } from '../../http/contract/params';
import * as api from './activity.api';
import { ActivityService, withoutOrigin } from './activity.service';

@ApiTags('Activity')
@Controller()
export class ActivityController {
  constructor(private readonly activity: ActivityService) {}

  @Get('organizations/:orgId/activity-logs')
  @ApiOperation({
    summary: 'Read what happened in the organization',
    description:
      'Newest first, with who did it, to what, and from where; narrow it by actor, action, target or time. Lines ' +
      'are written in the transaction of what they tell of, and nobody can change them.',
  })
  @Allow('activity:read')
  @Returns(200, api.ActivityPage)
  listOrganizationActivity(@IdParam('orgId') orgId: string, @Query() query: api.ActivityQuery) {
    return this.activity.ofOrganization(orgId, query);
  }

  @Get('users/:userId/activity-logs')
  @ApiOperation({
    summary: 'Read what a person did, and what was done to their account',
    description:
      "Yours, or anyone's for platform staff, across organizations and newest first. Where a line came from " +
      '(`ip`, `userAgent`, `requestId`) is shown to whoever did it.',
  })
  @Self('users:read')
  @Returns(200, api.ActivityPage)
  async listUserActivity(
    @CurrentCaller() caller: Caller,
    @IdParam('userId') userId: string,
    @Query() query: api.ActivityQuery,
  ) {
    return mapPage(await this.activity.ofPerson(userId, query), (line) =>
      line.actorId === caller.userId ? line : withoutOrigin(line),
    );
  }
}
