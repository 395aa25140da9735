import { type Type } from '@nestjs/common';
import { IdField, IntegerField, ListField } from '../fields/fields';
import { Page } from '../../database/page';

/** `?limit=` (1–100, default 20) `&cursor=` of any list. */
export class PageQuery {
  @IntegerField({ min: 1, max: 100, optional: true, description: 'How many at most; 20 unless said.', example: 20 })
  limit: number = 20;

  @IdField({ optional: true, description: 'The `nextCursor` of the page before.' })
  cursor?: string;
}

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
