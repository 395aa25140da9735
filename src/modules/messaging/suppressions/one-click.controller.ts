import { Controller, Get, Post, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../../access/allow';
import { Raw, Returns } from '../../../http/contract/contract';
import { TakesForm } from '../../../http/server/form';
import { TextParam } from '../../../http/contract/params';
import { Links } from '../../../mail/templates/links';
import { SuppressionsService } from './suppressions.service';

const TOKEN = /^[\w.-]{1,1000}$/;

/** The address in a mail's List-Unsubscribe header (RFC 8058): a mail client posts to it, a person is led to a page with a button. */
@ApiExcludeController()
@Controller('messages/unsubscribe/:token')
export class OneClickController {
  constructor(
    private readonly suppressions: SuppressionsService,
    private readonly links: Links,
  ) {}

  @Post()
  @TakesForm()
  @Public()
  @Returns(204)
  async unsubscribeByOneClick(@TextParam('token', TOKEN) token: string) {
    await this.suppressions.unsubscribe(token);
  }

  @Get()
  @Public()
  @Raw()
  showUnsubscribe(@TextParam('token', TOKEN) token: string, @Res() reply: FastifyReply) {
    return reply.redirect(this.links.to('unsubscribe', token).href, 302);
  }
}
