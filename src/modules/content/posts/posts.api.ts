import { IntersectionType, OmitType, PickType } from '@nestjs/swagger';
import { changesOf } from '../../../http/fields/changes';
import { EnumField, StringsField, TextField } from '../../../http/fields/fields';
import { PageQuery, pageOf } from '../../../http/contract/page';
import { ARTICLE_STATUSES, type ArticleStatus } from '../articles/article.entity';
import {
  Article,
  ArticleOptions,
  LocalePageQuery,
  PublicArticle,
  showArticle,
  showPublic,
} from '../articles/articles.api';
import type { BlogPost as BlogPostRow } from './blog-post.entity';

const EXCERPT = { max: 500, example: 'It flies.', description: 'What lists and the feed show of it, as plain text.' };
const TAGS = { max: 20, example: ['rockets'] };

class Labels {
  @TextField(EXCERPT)
  excerpt: string;

  @StringsField(TAGS)
  tags: string[];
}

class OptionalLabels {
  @TextField({ ...EXCERPT, optional: true })
  excerpt?: string;

  @StringsField({ ...TAGS, optional: true })
  tags?: string[];
}

export class BlogPost extends IntersectionType(Article, Labels) {}
export class BlogPostSummary extends OmitType(BlogPost, ['body', 'bodyHtml']) {}
export const BlogPostList = pageOf(BlogPostSummary);

export class NewBlogPost extends IntersectionType(
  PickType(Article, ['slug', 'title', 'body']),
  ArticleOptions,
  OptionalLabels,
) {}
export class BlogPostChanges extends changesOf(NewBlogPost) {}

const TAG = {
  min: 1,
  max: 120,
  example: 'rockets',
  optional: true,
  description: 'Only those with this tag, to the letter.',
};

export class PostQuery extends PageQuery {
  @TextField(TAG)
  tag?: string;

  @EnumField(ARTICLE_STATUSES, { optional: true, description: 'Only those in this status.' })
  status?: ArticleStatus;
}

export class PublicPostQuery extends LocalePageQuery {
  @TextField(TAG)
  tag?: string;
}

export class PublicBlogPost extends IntersectionType(PublicArticle, Labels) {}
export class PublicBlogPostSummary extends OmitType(PublicBlogPost, ['bodyHtml']) {}
export const PublicBlogPostList = pageOf(PublicBlogPostSummary);

export const showPost = (row: BlogPostRow) => ({
  ...showArticle(row),
  excerpt: row.excerpt,
  tags: row.tags as string[],
});
export const showPublicPost = (row: BlogPostRow) => ({
  ...showPublic(row),
  excerpt: row.excerpt,
  tags: row.tags as string[],
});
