import { Controller, Delete, Get, Headers, Post, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { SignedIn } from '../../../access/allow';
import { Caller, CurrentCaller } from '../../../access/caller';
import { isId } from '../../../kit/id';
import { Raw, Returns, Throws } from '../../../http/contract/contract';
import { IdParam } from '../../../http/contract/params';
import * as api from './notifications.api';
import { TooManyStreams, TooManyStreamsHere } from './notifications.errors';
import { NotificationsService } from './notifications.service';
import { StreamsService } from './streams.service';

/** What the caller is told. */
@ApiTags('Notifications')
@Controller('notifications')
export class NotificationsController {
  constructor(
    private readonly notifications: NotificationsService,
    private readonly streams: StreamsService,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List what I was told',
    description:
      'Newest first, with how many are unread; `unread=true` leaves out the rest. They are yours alone, of all ' +
      'your organizations, and are kept for a year, unless the installation says otherwise.',
  })
  @SignedIn()
  @Returns(200, api.NotificationPage)
  listNotifications(@CurrentCaller() { userId }: Caller, @Query() query: api.NotificationQuery) {
    return this.notifications.list(userId, query);
  }

  @Get('stream')
  @ApiOperation({
    summary: 'Hear what I am told, as it happens',
    description:
      'Server-sent events named `notification`: `id` is the id of a notification, `data` is a Notification. ' +
      'Without `Last-Event-ID` it begins now; to miss nothing, send the id of the newest one that you have. ' +
      'Before anything else it says the `id` after which it begins, which a client sends when it comes again. The ' +
      'stream ends with the session, and when the access token expires: come again with a fresh one.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    schema: { type: 'string', format: 'uuid' },
    description: 'The id of the last notification seen.',
  })
  @ApiOkResponse({
    description: 'Events, until the client leaves.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @SignedIn()
  @Raw()
  @Throws(TooManyStreams, TooManyStreamsHere)
  async streamNotifications(
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') lastSeen: string | undefined,
    @Res() reply: FastifyReply,
  ) {
    const stream = await this.streams.open(caller, isId(lastSeen) ? lastSeen : undefined);
    stream.open(reply);
  }

  @Put(':notificationId/read')
  @ApiOperation({
    summary: 'Mark one as read',
    description:
      'Says since when it is read; one that was read before keeps its moment. What it tells of does not change by ' +
      'it.',
  })
  @SignedIn()
  @Returns(200, api.Notification)
  readNotification(@CurrentCaller() { userId }: Caller, @IdParam('notificationId') id: string) {
    return this.notifications.read(userId, id);
  }

  @Post('read-all')
  @ApiOperation({
    summary: 'Mark all of mine as read',
    description:
      'Whatever is unread at this moment is read from now on, in every organization of yours. What comes while ' +
      'you ask stays unread.',
  })
  @SignedIn()
  @Returns(204)
  async readAllNotifications(@CurrentCaller() { userId }: Caller) {
    await this.notifications.readAll(userId);
  }

  @Delete(':notificationId')
  @ApiOperation({
    summary: 'Delete one',
    description: 'It is gone for you, read or not, and cannot be had again. Others who were told the same keep theirs.',
  })
  @SignedIn()
  @Returns(204)
  async deleteNotification(@CurrentCaller() { userId }: Caller, @IdParam('notificationId') id: string) {
    await this.notifications.delete(userId, id);
  }
}
