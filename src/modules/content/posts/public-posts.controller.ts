import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../../../access/allow';
import { Cached } from '../../../http/caching/cached';
import { Raw, Returns } from '../../../http/contract/contract';
import { mapPage } from '../../../database/page';
import { SlugParam } from '../../../http/contract/params';
import { LocaleQuery } from '../articles/articles.api';
import * as api from './posts.api';
import { PostsService } from './posts.service';

const ATOM = 'application/atom+xml';

/** What the world sees of a blog. */
@ApiTags('Posts')
@Controller('public/:orgSlug')
export class PublicPostsController {
  constructor(private readonly posts: PostsService) {}

  @Get('posts')
  @ApiOperation({
    summary: 'List published posts, the last to appear first, without their bodies',
    description: 'Of an active organization; narrow them by `locale` or `tag`. Caches keep the page for a minute.',
  })
  @Public()
  @Cached()
  @Returns(200, api.PublicBlogPostList)
  async listPublicPosts(@SlugParam('orgSlug') orgSlug: string, @Query() query: api.PublicPostQuery) {
    return mapPage(await this.posts.listPublic(orgSlug, query), api.showPublicPost);
  }

  @Get('posts/:slug')
  @ApiOperation({
    summary: 'Read a published post',
    description:
      'Of an active organization; drafts and what is scheduled are 404. Several languages may share a slug: ' +
      '`locale` picks one. Caches keep it for a minute.',
  })
  @Public()
  @Cached()
  @Returns(200, api.PublicBlogPost)
  async readPost(@SlugParam('orgSlug') orgSlug: string, @SlugParam('slug') slug: string, @Query() query: LocaleQuery) {
    return api.showPublicPost(await this.posts.read(orgSlug, slug, query));
  }

  @Get('feed.xml')
  @ApiOperation({
    summary: 'The newest posts as an Atom feed',
    description:
      'The last thirty with their whole HTML, fewer where they are long (RFC 4287). `locale` keeps to one ' +
      'language; a feed of an organization that is suspended is 404.',
  })
  @ApiOkResponse({ description: 'As asked.', content: { [ATOM]: { schema: { type: 'string' } } } })
  @Header('content-type', `${ATOM}; charset=utf-8`)
  @Public()
  @Cached()
  @Raw()
  getFeed(@SlugParam('orgSlug') orgSlug: string, @Query() query: LocaleQuery): Promise<string> {
    return this.posts.feed(orgSlug, query);
  }
}
