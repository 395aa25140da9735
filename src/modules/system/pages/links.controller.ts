import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../../../access/allow';
import { CONFIG, type Config } from '../../../config/config';
import { Raw } from '../../../http/contract/contract';
import { TextParam } from '../../../http/contract/params';
import type { LinkPurpose } from '../../../mail/templates/links';
import { LINKS_POLICY, linkPage } from './links.page';

const PURPOSE = /^(verify-email|reset-password|magic-link|invite|waitlist|unsubscribe)$/;

/** Where mailed links lead while no front end is configured. The token is in the fragment and stays in the browser. */
@ApiExcludeController()
@Controller('links')
export class LinksController {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @Get(':purpose')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', LINKS_POLICY)
  @Public()
  @Raw()
  showLink(@TextParam('purpose', PURPOSE) purpose: LinkPurpose): string {
    return String(linkPage(purpose, this.config));
  }
}
