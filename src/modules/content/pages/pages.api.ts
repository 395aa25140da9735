import { IntersectionType, OmitType, PickType } from '@nestjs/swagger';
import { changesOf } from '../../../http/fields/changes';
import { pageOf } from '../../../http/contract/page';
import { Article, ArticleOptions, PublicArticle } from '../articles/articles.api';

export class ContentPage extends OmitType(Article, []) {}
export class ContentPageSummary extends OmitType(ContentPage, ['body', 'bodyHtml']) {}
export const ContentPageList = pageOf(ContentPageSummary);

export class NewContentPage extends IntersectionType(PickType(Article, ['slug', 'title', 'body']), ArticleOptions) {}
export class ContentPageChanges extends changesOf(NewContentPage) {}

export class PublicContentPage extends OmitType(PublicArticle, []) {}
