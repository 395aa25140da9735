import { type FindOptionsOrder, type FindOptionsSelect, IsNull, LessThan, Not } from 'typeorm';
import { clock } from '../../../kit/clock';
import type { Where } from '../../../database/rows';
import { TenantRepository } from '../../../database/tenant.repository';
import type { PageQuery } from '../../../http/contract/page';
import { type Page, toPage } from '../../../database/page';
import { type Article, inStatus } from './article.entity';

/** The rows of one kind of article. */
export class ArticlesRepository<T extends Article> extends TenantRepository<T> {
  /** What is public now and matches, the oldest first. */
  published(organizationId: string, where: Where<Article>): Promise<T[]> {
    return this.list(organizationId, { ...where, ...isPublic() } as Where<T>);
  }

  /** A page of what is public now, the newest publication first; its cursor is that of the publication. */
  async pagePublished(
    organizationId: string,
    { cursor, limit }: PageQuery,
    where: Where<Article>,
    columns?: (keyof T)[],
  ): Promise<Page<T>> {
    const publicationId = cursor ? LessThan(cursor) : Not(IsNull());
    const rows = await this.acrossOrganizations.repository.find({
      where: { ...where, ...isPublic(), publicationId, organizationId } as Where<T>,
      order: { publicationId: 'DESC' } as FindOptionsOrder<T>,
      take: limit + 1,
      select: columns && selection(columns),
    });
    const { data } = toPage(rows, limit);
    return { data, nextCursor: rows.length > limit ? data.at(-1)!.publicationId : null };
  }

  /** A page of all that matches, without the columns that make a list long. */
  async pageOf(
    organizationId: string,
    { cursor, limit }: PageQuery,
    where: Where<Article>,
    columns: (keyof T)[],
  ): Promise<Page<T>> {
    const rows = await this.acrossOrganizations.repository.find({
      where: { ...where, organizationId, ...(cursor && { id: LessThan(cursor) }) } as Where<T>,
      order: { id: 'DESC' } as FindOptionsOrder<T>,
      take: limit + 1,
      select: selection(columns),
    });
    return toPage(rows, limit);
  }

  /** What became public and was not announced yet, in every organization. */
  unannounced(limit: number): Promise<T[]> {
    return this.acrossOrganizations.repository.find({
      where: { announcedAt: IsNull(), ...isPublic() } as Where<T>,
      take: limit,
      select: selection<Article>(['id', 'organizationId']) as FindOptionsSelect<T>,
    });
  }

  /** Takes the announcement on; of several at once, one does. */
  async announce(organizationId: string, id: string): Promise<boolean> {
    const due = { id, announcedAt: IsNull(), ...isPublic() } as Where<T>;
    return (await this.change(organizationId, due, { announcedAt: clock.now() } as never)) === 1;
  }
}

const isPublic = () => inStatus('published');

const selection = <T>(columns: (keyof T)[]): FindOptionsSelect<T> =>
  Object.fromEntries(columns.map((column) => [column, true])) as FindOptionsSelect<T>;
