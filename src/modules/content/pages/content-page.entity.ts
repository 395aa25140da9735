import { Entity, Index } from 'typeorm';
import { Article } from '../articles/article.entity';

/** A page that stands by itself: about us, terms, an offer. */
@Entity('content_pages')
@Index(['organizationId', 'locale', 'slug'], { unique: true })
@Index(['organizationId', 'id'])
@Index(['announcedAt', 'publishAt'])
export class ContentPage extends Article {}
