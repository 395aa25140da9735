import {
  BooleanField,
  EnumField,
  IdField,
  LocaleField,
  NameField,
  ShapeField,
  TextField,
  TimeField,
  UrlField,
} from '../../../http/fields/fields';
import { PageQuery } from '../../../http/contract/page';
import { SLUG } from '../../../http/contract/params';
import { ARTICLE_STATUSES, type Article as ArticleRow, type ArticleStatus } from './article.entity';

const WEB_ADDRESS = {
  max: 2000,
  pattern: /^https?:\/\/[^\s"<>]+$/,
  rule: 'must be an address such as https://example.com/',
};

/** What search engines and link previews are told. */
export class Seo {
  @NameField({ optional: true, max: 200, example: 'Acme: rockets for everyone' })
  title?: string;

  @NameField({ optional: true, max: 500, example: 'Rockets that you can afford.' })
  description?: string;

  @UrlField({ ...WEB_ADDRESS, optional: true, example: 'https://acme.example/rocket.png' })
  imageUrl?: string;

  @UrlField({ ...WEB_ADDRESS, optional: true, example: 'https://acme.example/rockets' })
  canonicalUrl?: string;

  @BooleanField({ optional: true, example: false, description: 'Ask search engines to leave it out.' })
  noIndex?: boolean;
}

/** What every text of an organization has. */
export class Article {
  @IdField()
  id: string;

  @TextField({
    min: 1,
    max: 100,
    pattern: SLUG,
    rule: 'must be lower-case letters, digits and single hyphens',
    example: 'our-first-rocket',
    description: 'Unique in its language.',
  })
  slug: string;

  @LocaleField({ description: 'The language it is written in.' })
  locale: string;

  @NameField({ max: 200, example: 'Our first rocket' })
  title: string;

  @TextField({ max: 100_000, example: 'It **flies**.', description: 'Markdown (CommonMark, with tables).' })
  body: string;

  @TextField({
    max: 1_000_000,
    example: '<p>It <strong>flies</strong>.</p>\n',
    description: 'The body as HTML that is safe to show: no scripts, styles, frames or data.',
  })
  bodyHtml: string;

  @ShapeField(() => Seo)
  seo: Seo;

  @EnumField(ARTICLE_STATUSES, { description: 'Follows from `publishAt`.' })
  status: ArticleStatus;

  @TimeField({ nullable: true, description: 'When it is or was to appear; null for a draft.' })
  publishAt: Date | null;

  @TimeField({ description: 'When its text was last changed.' })
  updatedAt: Date;

  @TimeField()
  createdAt: Date;
}

/** What may be left out of a new one. `publishAt` is for those who may publish. */
export class ArticleOptions {
  @LocaleField({ optional: true, description: '`en` unless said.' })
  locale?: string;

  @ShapeField(() => Seo, { optional: true })
  seo?: Seo;

  @TimeField({
    optional: true,
    nullable: true,
    description: 'From when on it is shown: now, then, or back when. Needs the right to publish. Null: a draft.',
  })
  publishAt?: string | null;
}

/** When it is to appear. */
export class Publication {
  @TimeField({ optional: true, description: 'From when on it is shown: then, or back when. Now unless said.' })
  publishAt?: string;
}

/** The same as the world sees it. */
export class PublicArticle {
  @TextField({ min: 1, max: 100, pattern: SLUG, example: 'our-first-rocket' })
  slug: string;

  @LocaleField()
  locale: string;

  @NameField({ max: 200, example: 'Our first rocket' })
  title: string;

  @TextField({ max: 1_000_000, example: '<p>It <strong>flies</strong>.</p>\n' })
  bodyHtml: string;

  @ShapeField(() => Seo)
  seo: Seo;

  @TimeField()
  publishedAt: Date;

  @TimeField({ description: 'When it last changed for whoever reads it.' })
  updatedAt: Date;
}

export class LocaleQuery {
  @LocaleField({ optional: true, description: 'Only what is written in this language.' })
  locale?: string;
}

export class LocalePageQuery extends PageQuery {
  @LocaleField({ optional: true, description: 'Only what is written in this language.' })
  locale?: string;
}

export const showArticle = (row: ArticleRow) => ({
  id: row.id,
  slug: row.slug,
  locale: row.locale,
  title: row.title,
  body: row.body,
  bodyHtml: row.bodyHtml,
  seo: row.seo as Seo,
  status: row.status,
  publishAt: row.publishAt,
  updatedAt: row.editedAt,
  createdAt: row.createdAt,
  version: row.version,
});

/** A published one. Without its version: whoever reads it is shown a hash of what they read. */
export const showPublic = ({ slug, locale, title, bodyHtml, seo, publishAt, editedAt }: ArticleRow) => ({
  slug,
  locale,
  title,
  bodyHtml,
  seo: seo as Seo,
  publishedAt: publishAt!,
  updatedAt: editedAt > publishAt! ? editedAt : publishAt!,
});
