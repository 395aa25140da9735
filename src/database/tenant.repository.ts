import type { EntityTarget, FindOptionsSelect } from 'typeorm';
import type { Page, PageRequest } from './page';
import type { Database } from './database';
import type { TenantRow, Versions } from './row';
import { type Changes, Rows, type Where } from './rows';

/** The only road to a tenant's rows: every method takes the organization first and puts it into the WHERE. */
export abstract class TenantRepository<T extends TenantRow> {
  private readonly rows: Rows<T>;

  constructor(
    protected readonly db: Database,
    entity: EntityTarget<T>,
  ) {
    this.rows = new Rows(db, entity);
  }

  /** By id, or by what names one row. @throws NotFound, also for a row of another organization. */
  get(organizationId: string, by: string | Where<T>, shown?: FindOptionsSelect<T>): Promise<T> {
    return this.rows.get(scoped(organizationId, typeof by === 'string' ? ({ id: by } as Where<T>) : by), shown);
  }

  find(organizationId: string, where: Where<T>, shown?: FindOptionsSelect<T>): Promise<T | null> {
    return this.rows.find(scoped(organizationId, where), shown);
  }

  list(organizationId: string, where: Where<T>, shown?: FindOptionsSelect<T>): Promise<T[]> {
    return this.rows.list(scoped(organizationId, where), shown);
  }

  page(organizationId: string, query: PageRequest, where: Where<T>, shown?: FindOptionsSelect<T>): Promise<Page<T>> {
    return this.rows.page(query, scoped(organizationId, where), shown);
  }

  /** A page of the rows that match any of these. */
  pageOfAny(
    organizationId: string,
    query: PageRequest,
    any: Where<T>[],
    shown?: FindOptionsSelect<T>,
  ): Promise<Page<T>> {
    return this.rows.pageOfAny(
      query,
      any.map((where) => scoped(organizationId, where)),
      shown,
    );
  }

  count(organizationId: string, where: Where<T>): Promise<number> {
    return this.rows.count(scoped(organizationId, where));
  }

  add(organizationId: string, values: Partial<T>): Promise<T> {
    return this.rows.add({ ...values, organizationId });
  }

  /** Changes what matches and tells how many rows did: a guard in `where` makes this a compare-and-set. */
  change(organizationId: string, where: Where<T>, changes: Changes<T>): Promise<number> {
    return this.rows.change(scoped(organizationId, where), changes);
  }

  /** Changes one row, if it is still at one of `versions` where any are given. @throws NotFound, PreconditionFailed */
  update(organizationId: string, where: Where<T>, changes: Changes<T>, versions?: Versions): Promise<void> {
    return this.rows.update(scoped(organizationId, where) as never, changes, versions);
  }

  /** Deletes what matches and tells how many rows did. */
  remove(organizationId: string, where: Where<T>): Promise<number> {
    return this.rows.remove(scoped(organizationId, where));
  }

  /** For the few look-ups that come before the tenant is known (a token, a person's memberships, a sweep). */
  protected get acrossOrganizations(): Rows<T> {
    return this.rows;
  }
}

const scoped = <T extends TenantRow>(organizationId: string, where: Where<T>): Where<T> =>
  ({ ...where, organizationId }) as Where<T>;
