import { problem } from '../../../kit/problem';

export const ArticleSlugTaken = problem(
  409,
  'article-slug-taken',
  'Another text of this kind has this slug in this language.',
);
