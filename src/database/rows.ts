import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import {
  And,
  type EntityTarget,
  type FindOperator,
  type FindOptionsSelect,
  type FindOptionsWhere,
  In,
  LessThan,
  type Repository,
  type SelectQueryBuilder,
} from 'typeorm';
import { fromNow, SECOND } from '../kit/clock';
import { NotFound, PreconditionFailed } from '../kit/problem';
import { type Page, type PageRequest, toPage } from './page';
import { type Database, isMissingReference } from './database';
import { firstIdAt } from '../kit/id';
import type { LivingRow, Row, Versions } from './row';
import type { Newest, Parameter, Rest, Statements } from './statements/statements';

export type Where<T> = FindOptionsWhere<T>;
export type Changes<T> = Partial<Omit<T, 'id' | 'createdAt' | 'updatedAt' | 'version'>>;

const BATCH = 100; // rows at once
const BREATH = 19; // times as long as a batch took, between it and the next: others come first
const LONGEST = SECOND;

/** A table's rows, in the current transaction. Nothing here takes an object from outside as a row: what changes is named. */
export class Rows<T extends Row> {
  constructor(
    protected readonly db: Database,
    private readonly entity: EntityTarget<T>,
  ) {}

  async find(where: Where<T>, shown?: FindOptionsSelect<T>): Promise<T | null> {
    const [row] = await this.select(where, shown, { more: ' LIMIT 1' }, (query) => query.limit(1));
    return row ?? null;
  }

  /** @throws NotFound */
  async get(where: Where<T>, shown?: FindOptionsSelect<T>): Promise<T> {
    const row = await this.find(where, shown);
    if (!row) throw new NotFound();
    return row;
  }

  list(where: Where<T>, shown?: FindOptionsSelect<T>): Promise<T[]> {
    return this.select(where, shown, { more: ' ORDER BY t.id' }, (query) => query.orderBy(`${query.alias}.id`));
  }

  /** A page by keyset, newest first. `where` may already restrict the id; the cursor is added to it. */
  page(query: PageRequest, where: Where<T>, shown?: FindOptionsSelect<T>): Promise<Page<T>> {
    return this.pageOfAny(query, [where], shown);
  }

  /** The same of rows that match any of these. */
  async pageOfAny({ cursor, limit }: PageRequest, any: Where<T>[], shown?: FindOptionsSelect<T>): Promise<Page<T>> {
    const where = any.map((one) => (cursor ? { ...one, id: before(cursor, one.id) } : one));
    const rows = await this.select(where, shown, { newest: limit + 1 }, (query) =>
      query.orderBy(`${query.alias}.id`, 'DESC').limit(limit + 1),
    );
    return toPage(rows, limit);
  }

  /** Rows by what follows `SELECT … FROM <table> t …` in plain SQL with `?` parameters; what they belong to is `t1`, `t2` and so on. */
  async query(rest: string, parameters: Parameter[], shown?: FindOptionsSelect<T>): Promise<T[]> {
    const view = this.statements.view(shown);
    return (await this.db.select<object>(`${view.select()} ${rest}`, parameters)).map((row) => view.read<T>(row));
  }

  count(where: Where<T>): Promise<number> {
    return this.repository.count({ where });
  }

  /**
   * @throws NotFound when what the row belongs to is gone, and the driver's error when a unique key stands in the way (isDuplicate)
   */
  async add(values: Partial<T>): Promise<T> {
    const row = this.statements.create(values);
    await this.db.execute(...this.statements.insert(row)).catch((error: unknown) => {
      throw isMissingReference(error) ? new NotFound() : error;
    });
    return row;
  }

  /** Changes what matches and tells how many rows did: a guard in `where` makes this a compare-and-set. */
  async change(where: Where<T>, changes: Changes<T>): Promise<number> {
    const statement = this.statements.update(where, changes);
    if (statement) return this.db.execute(...statement);
    return (await this.db.write(() => this.repository.update(where, { ...changes } as never))).affected ?? 0;
  }

  /** Changes one row, if it is still at one of `versions` where any are given. @throws NotFound, PreconditionFailed */
  async update(where: Where<T & LivingRow>, changes: Changes<T>, versions?: Versions): Promise<void> {
    const guarded =
      versions === undefined ? where : { ...where, version: versions.length === 1 ? versions[0] : In([...versions]) };
    if ((await this.change(guarded as Where<T>, changes)) > 0) return;
    await this.get(where as Where<T>);
    if (versions !== undefined) throw new PreconditionFailed();
  }

  /** Deletes what matches and tells how many rows did. */
  async remove(where: Where<T>): Promise<number> {
    const statement = this.statements.delete(where);
    if (statement) return this.db.execute(...statement);
    return (await this.db.write(() => this.repository.delete(where))).affected ?? 0;
  }

  /** Deletes what matches in batches, until it was `enough`, so that nobody waits for long however much it is; tells how many. */
  async sweep(where: Where<T>, { enough = Infinity, batch = BATCH } = {}): Promise<number> {
    const statement = this.statements.sweep(where, batch);
    for (let swept = 0; ;) {
      const from = performance.now();
      const now = await this.db.execute(...statement);
      swept += now;
      if (now < batch || swept >= enough) return swept;
      await pause(Math.min(LONGEST, BREATH * (performance.now() - from)));
    }
  }

  /** Deletes what is older and matches, in batches, along the key: an id says when; tells how many. @param age milliseconds; Infinity: none is */
  async forget(age: number, where: Where<T> = {} as Where<T>): Promise<number> {
    return age === Infinity ? 0 : this.sweep({ ...where, id: LessThan(firstIdAt(fromNow(-age))) });
  }

  get repository(): Repository<T> {
    return this.db.manager.getRepository(this.entity);
  }

  /** By a statement of our own where that can say it, else by TypeORM's. limit, not take: take would ask twice where a relation is joined. */
  private async select(
    where: Where<T> | Where<T>[],
    shown: FindOptionsSelect<T> | undefined,
    rest: Rest | Newest,
    built: (query: SelectQueryBuilder<T>) => SelectQueryBuilder<T>,
  ): Promise<T[]> {
    const view = this.statements.view(shown);
    const [one, ...others] = [where].flat() as Where<T>[];
    const statement = others.length === 0 ? this.statements.select(view, one!, rest) : undefined;
    const relations = view.relations as never;
    if (!statement) return built(this.repository.createQueryBuilder().setFindOptions({ where, relations })).getMany();
    return (await this.db.select<object>(...statement)).map((row) => view.read<T>(row));
  }

  private get statements(): Statements<T> {
    return this.db.statementsOn(this.entity);
  }
}

const before = (cursor: string, bounds: unknown) =>
  bounds ? And(bounds as FindOperator<string>, LessThan(cursor)) : LessThan(cursor);
