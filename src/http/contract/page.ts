import { type Type } from '@nestjs/common';
import { IdField, IntegerField, ListField } from '../fields/fields';

/** `?limit=` (1–100, default 20) `&cursor=` of any list. */
export class PageQuery {
  @IntegerField({ min: 1, max: 100, optional: true, description: 'How many at most; 20 unless said.', example: 20 })
  limit: number = 20;

  @IdField({ optional: true, description: 'The `nextCursor` of the page before.' })
  cursor?: string;
}

export type Page<T> = { data: T[]; nextCursor: string | null };

const shapes = new WeakSet<Type>();

/** Whether a shape is a page of a list. */
export const isPage = (shape: Type): boolean => shapes.has(shape);

/** The public shape of a page of `Item`, named `<Item>Page`. */
export function pageOf<T extends object>(Item: Type<T>): Type<Page<T>> {
  class PageShape {
    @ListField(() => Item)
    data: T[];

    @IdField({ nullable: true, description: 'Send it as `cursor` for the next page; null on the last.' })
    nextCursor: string | null;
  }
  Object.defineProperty(PageShape, 'name', { value: `${Item.name}Page` });
  shapes.add(PageShape);
  return PageShape;
}

/** Turns `limit + 1` rows into a page: ids sort by time, so the last id is the cursor. */
export function toPage<T extends { id: string }>(rows: T[], limit: number): Page<T> {
  const data = rows.slice(0, limit);
  return { data, nextCursor: rows.length > limit ? data.at(-1)!.id : null };
}

/** One page of what several lists hold together, each row once, out of the same page of each. */
export function mergePages<T extends { id: string }>(pages: Page<T>[], limit: number): Page<T> {
  const known = new Map(pages.flatMap(({ data }) => data).map((row) => [row.id, row]));
  const rows = [...known.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
  const isLast = rows.length <= limit && pages.every(({ nextCursor }) => nextCursor === null);
  const data = rows.slice(0, limit);
  return { data, nextCursor: isLast ? null : data.at(-1)!.id };
}

/** The same page, each row in its public shape. */
export const mapPage = <T, U>({ data, nextCursor }: Page<T>, show: (row: T) => U): Page<U> => ({
  data: data.map(show),
  nextCursor,
});
