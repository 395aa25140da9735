import {
  And,
  type EntityTarget,
  type FindOperator,
  type FindOptionsRelations,
  type FindOptionsWhere,
  LessThan,
  type Repository,
} from 'typeorm';
import { NotFound, PreconditionFailed } from '../errors/problem';
import { type Page, type PageQuery, toPage } from '../http/page';
import { type Database, isMissingReference } from './database';
import type { LivingRow, Row } from './row';

export type Where<T> = FindOptionsWhere<T>;
export type Changes<T> = Partial<Omit<T, 'id' | 'createdAt' | 'updatedAt' | 'version'>>;

/** A table's rows, in the current transaction. Nothing here takes an object from outside as a row: what changes is named. */
export class Rows<T extends Row> {
  constructor(
    protected readonly db: Database,
    private readonly entity: EntityTarget<T>,
  ) {}

  find(where: Where<T>, relations?: FindOptionsRelations<T>): Promise<T | null> {
    return this.repository.findOne({ where, relations });
  }

  /** @throws NotFound */
  async get(where: Where<T>, relations?: FindOptionsRelations<T>): Promise<T> {
    const row = await this.find(where, relations);
    if (!row) throw new NotFound();
    return row;
  }

  list(where: Where<T>, relations?: FindOptionsRelations<T>): Promise<T[]> {
    return this.repository.find({ where, relations, order: { id: 'ASC' } as never });
  }

  /** A page by keyset, newest first. `where` may already restrict the id; the cursor is added to it. */
  page(query: PageQuery, where: Where<T>, relations?: FindOptionsRelations<T>): Promise<Page<T>> {
    return this.pageOfAny(query, [where], relations);
  }

  /** The same of rows that match any of these. */
  async pageOfAny(
    { cursor, limit }: PageQuery,
    any: Where<T>[],
    relations?: FindOptionsRelations<T>,
  ): Promise<Page<T>> {
    const where = any.map((one) => (cursor ? { ...one, id: before(cursor, one.id) } : one));
    const options = { where, relations, order: { id: 'DESC' } as never };
    // limit, not take: take would ask twice once a relation is joined, and ours are to-one
    const rows = await this.repository
      .createQueryBuilder()
      .setFindOptions(options)
      .limit(limit + 1)
      .getMany();
    return toPage(rows, limit);
  }

  count(where: Where<T>): Promise<number> {
    return this.repository.count({ where });
  }

  /**
   * @throws NotFound when what the row belongs to is gone, and the driver's error when a unique key stands in the way (isDuplicate)
   */
  async add(values: Partial<T>): Promise<T> {
    const row = this.repository.create(values as never) as unknown as T;
    await this.db
      .write(() => this.repository.insert(row as never))
      .catch((error: unknown) => {
        throw isMissingReference(error) ? new NotFound() : error;
      });
    return row;
  }

  /** Changes what matches and tells how many rows did: a guard in `where` makes this a compare-and-set. */
  async change(where: Where<T>, changes: Changes<T>): Promise<number> {
    return (await this.db.write(() => this.repository.update(where, { ...changes } as never))).affected ?? 0;
  }

  /** Changes one row, if it is still at `version` where one is given. @throws NotFound, PreconditionFailed */
  async update(where: Where<T & LivingRow>, changes: Changes<T>, version?: number): Promise<void> {
    const guarded = version === undefined ? where : { ...where, version };
    if ((await this.change(guarded as Where<T>, changes)) > 0) return;
    await this.get(where as Where<T>);
    if (version !== undefined) throw new PreconditionFailed();
  }

  /** Deletes what matches and tells how many rows did. */
  async remove(where: Where<T>): Promise<number> {
    return (await this.db.write(() => this.repository.delete(where))).affected ?? 0;
  }

  get repository(): Repository<T> {
    return this.db.manager.getRepository(this.entity);
  }
}

const before = (cursor: string, bounds: unknown) =>
  bounds ? And(bounds as FindOperator<string>, LessThan(cursor)) : LessThan(cursor);
