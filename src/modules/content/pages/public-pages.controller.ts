import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../access/allow';
import { Cached } from '../../../http/caching/cached';
import { Returns } from '../../../http/contract/contract';
import { SlugParam } from '../../../http/contract/params';
import { LocaleQuery, showPublic } from '../articles/articles.api';
import * as api from './pages.api';
import { PagesService } from './pages.service';

/** What the world sees of pages. */
@ApiTags('Pages')
@Controller('public/:orgSlug/pages')
export class PublicPagesController {
  constructor(private readonly pages: PagesService) {}

  @Get(':slug')
  @ApiOperation({
    summary: 'Read a published page',
    description:
      'What an active organization shows under this slug; drafts and what is scheduled are 404. Several languages ' +
      'may share a slug: `locale` picks one. Caches keep it for a minute.',
  })
  @Public()
  @Cached()
  @Returns(200, api.PublicContentPage)
  async readPage(@SlugParam('orgSlug') orgSlug: string, @SlugParam('slug') slug: string, @Query() query: LocaleQuery) {
    return showPublic(await this.pages.read(orgSlug, slug, query));
  }
}
