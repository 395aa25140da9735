import { type FindOptionsWhere, IsNull, LessThanOrEqual, MoreThan } from 'typeorm';
import { clock } from '../../../kit/clock';
import { IdColumn, JsonColumn, LongTextColumn, MomentColumn, StringColumn } from '../../../database/columns';
import { TenantRow } from '../../../database/row';

export const ARTICLE_STATUSES = ['draft', 'scheduled', 'published'] as const;
export type ArticleStatus = (typeof ARTICLE_STATUSES)[number];

/** A text that an organization shows the world, from a moment of its choice on. Its status follows from that moment. */
export abstract class Article extends TenantRow {
  @StringColumn(100)
  slug: string;

  @StringColumn(35)
  locale: string;

  @StringColumn(200)
  title: string;

  /** Markdown, as it was written. */
  @LongTextColumn()
  body: string;

  /** What is shown: made of `body` and sanitised when that is written. */
  @LongTextColumn()
  bodyHtml: string;

  @JsonColumn()
  seo: any;

  @MomentColumn()
  editedAt: Date;

  @MomentColumn({ nullable: true })
  publishAt: Date | null;

  /** An id made for the moment `publishAt`: what is public pages by it, in the order of appearance. */
  @IdColumn({ nullable: true })
  publicationId: string | null;

  /** When the publication went into the activity log. Nothing that is shown depends on it. */
  @MomentColumn({ nullable: true })
  announcedAt: Date | null;

  get status(): ArticleStatus {
    if (!this.publishAt) return 'draft';
    return this.publishAt <= clock.now() ? 'published' : 'scheduled';
  }

  get publishedAt(): Date | null {
    return this.status === 'published' ? this.publishAt : null;
  }
}

/** The rows that have this status now. */
export const inStatus = (status: ArticleStatus): FindOptionsWhere<Article> => ({
  publishAt: { draft: IsNull(), scheduled: MoreThan(clock.now()), published: LessThanOrEqual(clock.now()) }[status],
});
