import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../../access/allow';
import { CurrentCaller, Member } from '../../../access/caller';
import type { Versions } from '../../../database/row';
import { Returns, Throws } from '../../../http/contract/contract';
import { mapPage } from '../../../database/page';
import { IdParam } from '../../../http/contract/params';
import { IfMatch } from '../../../http/contract/precondition';
import { Publication } from '../articles/articles.api';
import { ArticleSlugTaken } from '../articles/articles.errors';
import * as api from './posts.api';
import { PostsService } from './posts.service';

/** Where posts are written. */
@ApiTags('Posts')
@Controller('organizations/:orgId/posts')
export class PostsController {
  constructor(private readonly posts: PostsService) {}

  @Get()
  @ApiOperation({
    summary: 'List posts, without their bodies',
    description:
      'Drafts, scheduled and published ones, newest first; narrow them by `status` or `tag`. Bodies are read one ' +
      'by one.',
  })
  @Allow('blog:read')
  @Returns(200, api.BlogPostList)
  async listPosts(@CurrentCaller() caller: Member, @Query() query: api.PostQuery) {
    return mapPage(await this.posts.search(caller, query), api.showPost);
  }

  @Post()
  @ApiOperation({
    summary: 'Write a post; a draft unless `publishAt` says more',
    description:
      'Markdown becomes HTML that is safe to show. Its slug is its own among the posts of each language; a time ' +
      'in `publishAt` schedules it, and wants the right to publish as well.',
  })
  @Allow('blog:write')
  @Returns(201, api.BlogPost)
  @Throws(ArticleSlugTaken)
  async createPost(@CurrentCaller() caller: Member, @Body() post: api.NewBlogPost) {
    return api.showPost(await this.posts.create(caller, post));
  }

  @Get(':postId')
  @ApiOperation({
    summary: 'Read a post, draft or not',
    description:
      'With Markdown, HTML, excerpt, tags and the state of its publication; the ETag is for a change of it. The ' +
      'public reads published posts under `/public`.',
  })
  @Allow('blog:read')
  @Returns(200, api.BlogPost)
  async getPost(@CurrentCaller() caller: Member, @IdParam('postId') id: string) {
    return api.showPost(await this.posts.get(caller, id));
  }

  @Put(':postId')
  @ApiOperation({
    summary: 'Change a post; what is published shows it at once',
    description:
      'Only the fields that are sent change, tags as a whole; another slug moves it, and nothing leads from the ' +
      'old one. `publishAt` wants the right to publish as well.',
  })
  @Allow('blog:write')
  @Returns(200, api.BlogPost)
  @Throws(ArticleSlugTaken)
  async updatePost(
    @CurrentCaller() caller: Member,
    @IdParam('postId') id: string,
    @Body() changes: api.BlogPostChanges,
    @IfMatch() version?: Versions,
  ) {
    return api.showPost(await this.posts.update(caller, id, changes, version));
  }

  @Delete(':postId')
  @ApiOperation({
    summary: 'Delete a post',
    description:
      'It is gone for the public and from the feed, too, after at most as long as caches keep them. It cannot be ' +
      'undone.',
  })
  @Allow('blog:write')
  @Returns(204)
  async deletePost(@CurrentCaller() caller: Member, @IdParam('postId') id: string) {
    await this.posts.delete(caller, id);
  }

  @Post(':postId/publication')
  @ApiOperation({
    summary: 'Publish a post: now, or at `publishAt`',
    description:
      'Without `publishAt` it is public at once, and one that is public stays where it is in the list; a later ' +
      'moment schedules it, and it appears by itself. The feed has it as soon as caches let go of the old one.',
  })
  @Allow('blog:publish')
  @ApiBody({ type: Publication, required: false })
  @Returns(200, api.BlogPost)
  async publishPost(
    @CurrentCaller() caller: Member,
    @IdParam('postId') id: string,
    @Body() { publishAt }: Publication,
  ) {
    return api.showPost(await this.posts.publish(caller, id, publishAt));
  }

  @Delete(':postId/publication')
  @ApiOperation({
    summary: 'Make a post a draft again',
    description:
      "The public and the feed no longer have it, and a schedule is dropped; the text stays. Readers' programs " +
      'may keep what they fetched.',
  })
  @Allow('blog:publish')
  @Returns(204)
  async withdrawPost(@CurrentCaller() caller: Member, @IdParam('postId') id: string) {
    await this.posts.withdraw(caller, id);
  }
}
