import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../access/allow';
import { CurrentCaller, Member } from '../../../access/caller';
import type { Versions } from '../../../database/row';
import { Returns, Throws } from '../../../http/contract/contract';
import { PageQuery } from '../../../http/contract/page';
import { mapPage } from '../../../database/page';
import { IdParam } from '../../../http/contract/params';
import { IfMatch } from '../../../http/contract/precondition';
import { Publication, showArticle } from '../articles/articles.api';
import { ArticleSlugTaken } from '../articles/articles.errors';
import * as api from './pages.api';
import { PagesService } from './pages.service';

/** Where pages are written. */
@ApiTags('Pages')
@Controller('organizations/:orgId/pages')
export class PagesController {
  constructor(private readonly pages: PagesService) {}

  @Get()
  @ApiOperation({
    summary: 'List pages, without their bodies',
    description: 'Drafts, scheduled and published ones, newest first. Bodies are read one by one.',
  })
  @Allow('content:read')
  @Returns(200, api.ContentPageList)
  async listPages(@CurrentCaller() caller: Member, @Query() query: PageQuery) {
    return mapPage(await this.pages.list(caller, query), showArticle);
  }

  @Post()
  @ApiOperation({
    summary: 'Write a page; a draft unless `publishAt` says more',
    description:
      'Markdown becomes HTML that is safe to show. Its slug is its own in each language; a time in `publishAt` ' +
      'schedules it, and wants the right to publish as well.',
  })
  @Allow('content:write')
  @Returns(201, api.ContentPage)
  @Throws(ArticleSlugTaken)
  async createPage(@CurrentCaller() caller: Member, @Body() page: api.NewContentPage) {
    return showArticle(await this.pages.create(caller, page));
  }

  @Get(':pageId')
  @ApiOperation({
    summary: 'Read a page, draft or not',
    description:
      'With Markdown, HTML and the state of its publication; the ETag is for a change of it. The public reads ' +
      'published pages under `/public`.',
  })
  @Allow('content:read')
  @Returns(200, api.ContentPage)
  async getPage(@CurrentCaller() caller: Member, @IdParam('pageId') id: string) {
    return showArticle(await this.pages.get(caller, id));
  }

  @Put(':pageId')
  @ApiOperation({
    summary: 'Change a page; what is published shows it at once',
    description:
      'Only the fields that are sent change; another slug moves it, and nothing leads from the old one. ' +
      '`publishAt` wants the right to publish as well.',
  })
  @Allow('content:write')
  @Returns(200, api.ContentPage)
  @Throws(ArticleSlugTaken)
  async updatePage(
    @CurrentCaller() caller: Member,
    @IdParam('pageId') id: string,
    @Body() changes: api.ContentPageChanges,
    @IfMatch() version?: Versions,
  ) {
    return showArticle(await this.pages.update(caller, id, changes, version));
  }

  @Delete(':pageId')
  @ApiOperation({
    summary: 'Delete a page',
    description: 'It is gone for the public, too, after at most as long as caches keep it. It cannot be undone.',
  })
  @Allow('content:write')
  @Returns(204)
  async deletePage(@CurrentCaller() caller: Member, @IdParam('pageId') id: string) {
    await this.pages.delete(caller, id);
  }

  @Post(':pageId/publication')
  @ApiOperation({
    summary: 'Publish a page: now, or at `publishAt`',
    description:
      'Without `publishAt` it is public at once, and one that is public stays as it is; a later moment schedules ' +
      'it, and it appears by itself. The public may see what a cache holds for some minutes.',
  })
  @Allow('content:publish')
  @ApiBody({ type: Publication, required: false })
  @Returns(200, api.ContentPage)
  async publishPage(
    @CurrentCaller() caller: Member,
    @IdParam('pageId') id: string,
    @Body() { publishAt }: Publication,
  ) {
    return showArticle(await this.pages.publish(caller, id, publishAt));
  }

  @Delete(':pageId/publication')
  @ApiOperation({
    summary: 'Make a page a draft again',
    description:
      'The public no longer sees it, and a schedule is dropped; text and slug stay. Caches may show it for some ' +
      'minutes more.',
  })
  @Allow('content:publish')
  @Returns(204)
  async withdrawPage(@CurrentCaller() caller: Member, @IdParam('pageId') id: string) {
    await this.pages.withdraw(caller, id);
  }
}
