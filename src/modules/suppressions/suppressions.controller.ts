import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader, Public } from '../../access/allow';
import { CallerOf, Member } from '../../access/caller';
import { Returns, Throws } from '../../kit/http/contract';
import { IdParam } from '../../kit/http/params';
import { LinkDead } from '../links/links.errors';
import * as api from './suppressions.api';
import { SuppressionsService } from './suppressions.service';

@ApiTags('Messages')
@Controller('messages')
export class SuppressionsController {
  constructor(private readonly suppressions: SuppressionsService) {}

  @Get('suppressions')
  @ApiOperation({ summary: 'List the addresses that are not written to' })
  @AllowInHeader('messages:read')
  @Returns(200, api.SuppressionPage)
  listSuppressions(@CallerOf() caller: Member, @Query() query: api.SuppressionQuery) {
    return this.suppressions.list(caller, query);
  }

  @Delete('suppressions/:suppressionId')
  @ApiOperation({ summary: 'Write to an address again' })
  @AllowInHeader('messages:send')
  @Returns(204)
  async removeSuppression(@CallerOf() caller: Member, @IdParam('suppressionId') id: string) {
    await this.suppressions.remove(caller, id);
  }

  @Post('unsubscribe')
  @ApiOperation({ summary: 'Get no more mails of this kind, by the token of the link in one' })
  @Public()
  @Returns(204)
  @Throws(LinkDead)
  async unsubscribe(@Body() { token }: api.UnsubscribeToken) {
    await this.suppressions.unsubscribe(token);
  }
}
