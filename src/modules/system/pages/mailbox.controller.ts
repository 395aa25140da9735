import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../../access/allow';
import { CONFIG, type Config } from '../../../config/config';
import { Raw } from '../../../http/contract/contract';
import { Mailbox } from '../../../mail/mailbox';
import { MAILBOX_POLICY, mailboxPage } from './mailbox.page';
import { MailboxQuery } from '../health/system.api';

/** The development mailbox: a page for a person, JSON for a script. It is there only while no mail leaves the machine. */
@ApiExcludeController()
@Controller('dev/mailbox')
export class MailboxController {
  constructor(
    private readonly mailbox: Mailbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @Public()
  @Raw()
  showMailbox(
    @Query() query: MailboxQuery,
    @Headers('accept') accept = '',
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const to = query.to?.trim() || undefined;
    const data = this.mailbox.list(to);
    reply.header('vary', 'Accept');
    if (!accept.includes('text/html')) return { data };

    reply.header('content-security-policy', MAILBOX_POLICY).type('text/html; charset=utf-8');
    const known = [...new Set(this.mailbox.list().map((mail) => mail.to))];
    return String(mailboxPage(this.config.APP_NAME, data, known, to));
  }
}
