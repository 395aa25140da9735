import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Staff } from '../../../access/allow';
import { Caller, CurrentCaller } from '../../../access/caller';
import { Returns, Throws } from '../../../http/contract/contract';
import { mapPage } from '../../../database/page';
import { IdParam } from '../../../http/contract/params';
import * as api from './attention.api';
import { AlreadyResolved, NothingToRefund, PlanInForce } from './attention.errors';
import { ResolutionsService } from './resolutions.service';

@ApiTags('Payments')
@Controller('platform/attention')
export class AttentionController {
  constructor(private readonly resolutions: ResolutionsService) {}

  @Get()
  @ApiOperation({
    summary: 'List what a person must decide about money',
    description:
      'Money that came and does not count by itself, came twice, went back and returned, or looks like ours: those that are open, ' +
      'newest first, with the amount, what the provider calls it, and what accepting it would do. `state` shows those that are decided.',
  })
  @Staff('payments:read')
  @Returns(200, api.AttentionPage)
  async listAttention(@Query() query: api.AttentionQuery) {
    return mapPage(await this.resolutions.list(query), api.showAttention);
  }

  @Post(':attentionId/resolution')
  @ApiOperation({
    summary: 'Decide one, once',
    description:
      'To accept does what the list says under `accepting`, at once; to refund sends the sum back through the provider after the ' +
      'answer; to ignore wants a reason and changes nothing. Whoever is second gets 409. It leaves a line in the activity log.',
  })
  @Staff('payments:write')
  @Returns(201, api.Attention)
  @Throws(AlreadyResolved, NothingToRefund, PlanInForce)
  async resolveAttention(
    @CurrentCaller() caller: Caller,
    @IdParam('attentionId') id: string,
    @Body() resolution: api.Resolution,
  ) {
    return api.showAttention(await this.resolutions.resolve(caller, id, resolution));
  }
}
