import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '../../access/caller';
import { CONFIG, type Config } from '../../kit/config';
import { Database } from '../../kit/db/database';
import type { Page } from '../../kit/http/page';
import { Outbox } from '../../kit/outbox/outbox';
import { ActivityService } from '../activity/activity.service';
import type { LocalePageQuery, LocaleQuery } from '../articles/articles.api';
import { ArticlesService } from '../articles/articles.service';
import { OrganizationsService } from '../organizations/organizations.service';
import { BlogPost } from './blog-post.entity';
import type { NewBlogPost } from './posts.api';
import { writeFeed } from './posts.feed';

/** How many posts the feed holds. */
const IN_FEED = 30;

@Injectable()
export class PostsService extends ArticlesService<BlogPost> {
  constructor(
    db: Database,
    organizations: OrganizationsService,
    activity: ActivityService,
    outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super(
      { entity: BlogPost, noun: 'post', publish: 'blog:publish', listed: ['excerpt', 'tags'] },
      { db, organizations, activity, outbox },
    );
  }

  override create(caller: Member, post: NewBlogPost): Promise<BlogPost> {
    return super.create(caller, { excerpt: '', tags: [], ...post } as NewBlogPost);
  }

  /** What an active organization shows of its blog, newest first. @throws NotFound */
  async listPublic(orgSlug: string, { locale, ...query }: LocalePageQuery): Promise<Page<BlogPost>> {
    const { id } = await this.tools.organizations.active(orgSlug);
    return this.articles.pagePublished(id, query, { ...(locale && { locale }) }, this.summary);
  }

  /** The newest of them as an Atom feed. @throws NotFound */
  async feed(orgSlug: string, { locale }: LocaleQuery): Promise<string> {
    const organization = await this.tools.organizations.active(orgSlug);
    const where = { ...(locale && { locale }) };
    const { data } = await this.articles.pagePublished(organization.id, { limit: IN_FEED }, where);
    return writeFeed(organization, data, { origin: this.config.APP_URL, locale });
  }
}
