import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../../../access/allow';
import { Raw } from '../../../http/contract/contract';

/** Who comes to the address alone is shown the documentation. */
@ApiExcludeController()
@Controller()
export class HomeController {
  @Get()
  @Public()
  @Raw()
  showDocs(@Res() reply: FastifyReply) {
    return reply.redirect('/docs', 302);
  }
}
