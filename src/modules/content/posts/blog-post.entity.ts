import { Entity, Index } from 'typeorm';
import { JsonColumn, StringColumn } from '../../../database/columns';
import { Article } from '../articles/article.entity';

/** An entry of an organization's blog. */
@Entity('blog_posts')
@Index(['organizationId', 'locale', 'slug'], { unique: true })
@Index(['organizationId', 'id'])
@Index(['organizationId', 'publicationId'])
@Index(['announcedAt', 'publishAt'])
export class BlogPost extends Article {
  @StringColumn(500)
  excerpt: string;

  @JsonColumn()
  tags: any;
}
