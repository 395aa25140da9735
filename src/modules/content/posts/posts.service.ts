import { Inject, Injectable } from '@nestjs/common';
import type { Member } from '../../../access/caller';
import { CONFIG, type Config } from '../../../config/config';
import { Database } from '../../../database/database';
import { jsonHolds } from '../../../database/json-holds';
import type { Where } from '../../../database/rows';
import type { Page } from '../../../database/page';
import { Outbox } from '../../../outbox/outbox';
import { ActivityService } from '../../activity/activity.service';
import type { LocaleQuery } from '../articles/articles.api';
import { inStatus } from '../articles/article.entity';
import { ArticlesService } from '../articles/articles.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import { BlogPost } from './blog-post.entity';
import type { NewBlogPost, PostQuery, PublicPostQuery } from './posts.api';
import { writeFeed } from './posts-feed';

/** How many posts the feed holds, and how many characters of HTML: to write a million takes a tenth of a second of everyone's. */
const IN_FEED = 30;
const MAX_FEED = 500_000;

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

  /** Drafts, too, unless a status is asked for. */
  search(caller: Member, { status, tag, ...query }: PostQuery): Promise<Page<BlogPost>> {
    return this.list(caller, query, { ...this.tagged(tag), ...(status && inStatus(status)) });
  }

  /** What an active organization shows of its blog, newest first. @throws NotFound */
  async listPublic(orgSlug: string, { locale, tag, ...query }: PublicPostQuery): Promise<Page<BlogPost>> {
    const { id } = await this.tools.organizations.active(orgSlug);
    return this.articles.pagePublished(id, query, { ...this.tagged(tag), ...(locale && { locale }) }, this.summary);
  }

  /** The newest of them as an Atom feed. @throws NotFound */
  async feed(orgSlug: string, { locale }: LocaleQuery): Promise<string> {
    const organization = await this.tools.organizations.active(orgSlug);
    const where = { ...(locale && { locale }) };
    const { data } = await this.articles.pagePublished(organization.id, { limit: IN_FEED }, where);
    return writeFeed(organization, upTo(MAX_FEED, data), { origin: this.config.APP_URL, locale });
  }

  private tagged(tag: string | undefined): Where<BlogPost> {
    return tag === undefined ? {} : { tags: jsonHolds(this.tools.db, tag) };
  }
}

/** The first posts, at least one, that have no more characters between them. */
function upTo(characters: number, posts: BlogPost[]): BlogPost[] {
  let room = characters;
  return posts.filter(({ bodyHtml }, i) => (room -= bodyHtml.length) >= 0 || i === 0);
}
