import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Staff } from '../../access/allow';
import { Caller, CallerOf } from '../../access/caller';
import { Returns, Throws } from '../../kit/http/contract';
import { mapPage } from '../../kit/http/page';
import { IdParam } from '../../kit/http/params';
import * as api from './attention.api';
import { AlreadyResolved, NothingToRefund } from './attention.errors';
import { ResolutionsService } from './resolutions.service';

@ApiTags('Payments')
@Controller('platform/attention')
export class AttentionController {
  constructor(private readonly resolutions: ResolutionsService) {}

  @Get()
  @ApiOperation({ summary: 'List what a person must decide about money' })
  @Staff('payments:read')
  @Returns(200, api.AttentionPage)
  async listAttention(@Query() query: api.AttentionQuery) {
    return mapPage(await this.resolutions.list(query), api.showAttention);
  }

  @Post(':attentionId/resolution')
  @ApiOperation({ summary: 'Decide one, once' })
  @Staff('payments:write')
  @Returns(201, api.Attention)
  @Throws(AlreadyResolved, NothingToRefund)
  async resolveAttention(
    @CallerOf() caller: Caller,
    @IdParam('attentionId') id: string,
    @Body() resolution: api.Resolution,
  ) {
    return api.showAttention(await this.resolutions.resolve(caller, id, resolution));
  }
}
