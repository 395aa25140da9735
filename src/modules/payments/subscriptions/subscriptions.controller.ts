import { Controller, Delete, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../access/allow';
import { CurrentCaller, Member } from '../../../access/caller';
import { Returns, Throws } from '../../../http/contract/contract';
import * as api from './subscriptions.api';
import { NothingToCancel } from './subscriptions.errors';
import { SubscriptionsService } from './subscriptions.service';

@ApiTags('Payments')
@Controller('organizations/:orgId/subscription')
export class SubscriptionsController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  @Get()
  @ApiOperation({
    summary: 'Read what the organization is subscribed to',
    description:
      'Plan, quantity, period, and whether it was cancelled; 404 where there is none. The limits that follow from ' +
      'it are in the organization.',
  })
  @Allow('billing:read')
  @Returns(200, api.Subscription)
  async getSubscription(@CurrentCaller() { organizationId }: Member) {
    return api.showSubscription(await this.subscriptions.get(organizationId));
  }

  @Delete()
  @ApiOperation({
    summary: 'Cancel it at the end of the period that is paid for',
    description:
      'Nothing more is charged; what was paid for stays until its end, and those who see payments are told. Twice ' +
      'is as good as once; what was bought for good cannot be cancelled.',
  })
  @Allow('billing:write')
  @Returns(200, api.Subscription)
  @Throws(NothingToCancel)
  async cancelSubscription(@CurrentCaller() caller: Member) {
    return api.showSubscription(await this.subscriptions.cancel(caller));
  }
}
