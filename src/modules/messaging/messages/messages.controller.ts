import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AllowInHeader } from '../../../access/allow';
import { CurrentCaller, Member } from '../../../access/caller';
import { EmailUnverified } from '../../../kit/problem';
import { Returns, Throws } from '../../../http/contract/contract';
import { Idempotent } from '../../../http/idempotency/idempotency';
import { IdParam } from '../../../http/contract/params';
import * as api from './messages.api';
import { MessageNotFailed, RecipientUnknown, TemplateUnknown } from './messages.errors';
import { MessagesService } from './messages.service';
import { SendingService } from './sending.service';

@ApiTags('Messages')
@Controller('messages')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly sending: SendingService,
  ) {}

  @Post('email')
  @ApiOperation({
    summary: 'Send a mail, by a template or in words of your own',
    description:
      'It is on its way when this is answered, and is tried again for hours if need be. One message has one ' +
      "recipient; your own mailbox must be proved, and the hour's allowance holds. Who unsubscribed gets nothing " +
      'that is not transactional.',
  })
  @AllowInHeader('messages:send')
  @Idempotent()
  @Returns(202, api.QueuedMessage)
  @Throws(EmailUnverified, RecipientUnknown, TemplateUnknown)
  sendEmail(@CurrentCaller() caller: Member, @Body() email: api.NewEmail) {
    return this.sending.send(caller, email);
  }

  @Get()
  @ApiOperation({
    summary: 'List mails and what became of them',
    description:
      'Yours and those that the system sent on behalf of the organization, newest first, kept for 90 days, unless the installation says otherwise. Their ' +
      'words are not kept once they are sent; narrow them by `status` or `to`.',
  })
  @AllowInHeader('messages:read')
  @Returns(200, api.MessagePage)
  listMessages(@CurrentCaller() caller: Member, @Query() query: api.MessageQuery) {
    return this.messages.list(caller, query);
  }

  @Get(':messageId')
  @ApiOperation({
    summary: 'Read what became of a mail',
    description:
      'Whether it is queued, sent, failed or held back, how often it was tried, and why the last try failed. Sent ' +
      'means that a mail server took it, not that someone read it.',
  })
  @AllowInHeader('messages:read')
  @Returns(200, api.Message)
  getMessage(@CurrentCaller() { organizationId }: Member, @IdParam('messageId') id: string) {
    return this.messages.get(organizationId, id);
  }

  @Post(':messageId/retry')
  @ApiOperation({
    summary: 'Have a mail that was given up tried again',
    description:
      "With all its tries, from now on, and counted in the hour's allowance. One that was sent, waits or was held " +
      'back is refused.',
  })
  @AllowInHeader('messages:send')
  @Returns(202, api.Message)
  @Throws(EmailUnverified, MessageNotFailed)
  retryMessage(@CurrentCaller() caller: Member, @IdParam('messageId') id: string) {
    return this.messages.retry(caller, id);
  }
}
