import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader, Public } from '../../../access/allow';
import { CurrentCaller, Member } from '../../../access/caller';
import { Returns, Throws } from '../../../http/contract/contract';
import { IdParam } from '../../../http/contract/params';
import { LinkDead } from '../../auth/links/links.errors';
import * as api from './suppressions.api';
import { SuppressionsService } from './suppressions.service';

@ApiTags('Messages')
@Controller('messages')
export class SuppressionsController {
  constructor(private readonly suppressions: SuppressionsService) {}

  @Get('suppressions')
  @ApiOperation({
    summary: 'List the addresses that are not written to',
    description:
      'Addresses that unsubscribed from your news, and those whose mail server knows no such mailbox. `email` ' +
      'asks about one of them.',
  })
  @AllowInHeader('messages:read')
  @Returns(200, api.SuppressionPage)
  listSuppressions(@CurrentCaller() caller: Member, @Query() query: api.SuppressionQuery) {
    return this.suppressions.list(caller, query);
  }

  @Delete('suppressions/:suppressionId')
  @ApiOperation({
    summary: 'Write to an address again',
    description:
      'The next mail goes out again; what was held back meanwhile is not sent. Do it only where the person asks ' +
      'for it: they unsubscribed, or the mailbox was not there.',
  })
  @AllowInHeader('messages:send')
  @Returns(204)
  async removeSuppression(@CurrentCaller() caller: Member, @IdParam('suppressionId') id: string) {
    await this.suppressions.remove(caller, id);
  }

  @Post('unsubscribe')
  @ApiOperation({
    summary: 'Get no more mails of this kind, by the token of the link in one',
    description:
      'Stops what is not transactional from the organization that wrote, to the address in the token; what is ' +
      'transactional still arrives. No sign-in is needed, and twice is as good as once.',
  })
  @Public()
  @Returns(204)
  @Throws(LinkDead)
  async unsubscribe(@Body() { token }: api.UnsubscribeToken) {
    await this.suppressions.unsubscribe(token);
  }
}
