import { Body, Controller, Delete, Get, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../../access/allow';
import { CallerOf, Member } from '../../access/caller';
import type { Versions } from '../../kit/db/row';
import { Returns, Throws } from '../../kit/http/contract';
import { mapPage } from '../../kit/http/page';
import { IdParam } from '../../kit/http/params';
import { IfMatch } from '../../kit/http/precondition';
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
  @ApiOperation({ summary: 'List posts, without their bodies' })
  @Allow('blog:read')
  @Returns(200, api.BlogPostList)
  async listPosts(@CallerOf() caller: Member, @Query() query: api.PostQuery) {
    return mapPage(await this.posts.search(caller, query), api.showPost);
  }

  @Post()
  @ApiOperation({ summary: 'Write a post; a draft unless `publishAt` says more' })
  @Allow('blog:write')
  @Returns(201, api.BlogPost)
  @Throws(ArticleSlugTaken)
  async createPost(@CallerOf() caller: Member, @Body() post: api.NewBlogPost) {
    return api.showPost(await this.posts.create(caller, post));
  }

  @Get(':postId')
  @ApiOperation({ summary: 'Read a post, draft or not' })
  @Allow('blog:read')
  @Returns(200, api.BlogPost)
  async getPost(@CallerOf() caller: Member, @IdParam('postId') id: string) {
    return api.showPost(await this.posts.get(caller, id));
  }

  @Put(':postId')
  @ApiOperation({ summary: 'Change a post; what is published shows it at once' })
  @Allow('blog:write')
  @Returns(200, api.BlogPost)
  @Throws(ArticleSlugTaken)
  async updatePost(
    @CallerOf() caller: Member,
    @IdParam('postId') id: string,
    @Body() changes: api.BlogPostChanges,
    @IfMatch() version?: Versions,
  ) {
    return api.showPost(await this.posts.update(caller, id, changes, version));
  }

  @Delete(':postId')
  @ApiOperation({ summary: 'Delete a post' })
  @Allow('blog:write')
  @Returns(204)
  async deletePost(@CallerOf() caller: Member, @IdParam('postId') id: string) {
    await this.posts.delete(caller, id);
  }

  @Post(':postId/publication')
  @ApiOperation({ summary: 'Publish a post: now, or at `publishAt`' })
  @Allow('blog:publish')
  @ApiBody({ type: Publication, required: false })
  @Returns(200, api.BlogPost)
  async publishPost(@CallerOf() caller: Member, @IdParam('postId') id: string, @Body() { publishAt }: Publication) {
    return api.showPost(await this.posts.publish(caller, id, publishAt));
  }

  @Delete(':postId/publication')
  @ApiOperation({ summary: 'Make a post a draft again' })
  @Allow('blog:publish')
  @Returns(204)
  async withdrawPost(@CallerOf() caller: Member, @IdParam('postId') id: string) {
    await this.posts.withdraw(caller, id);
  }
}
