import { type DataSource, type EntityMetadata, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { clock } from '../../kit/clock';
import { termsOf } from './conditions';
import { newId } from '../../kit/id';
import { keysetIndexes } from './keyset-indexes';
import { type Named, type Shown, View } from './view';

export type Parameter = string | number | null | Date;
/** SQL with `?` for each of its parameters. */
export type Statement = [sql: string, parameters: Parameter[]];
/** What follows the conditions. */
export type Rest = { more: string; parameters?: Parameter[] };
/** The first so many, newest first. */
export type Newest = { newest: number };

/**
 * The statements on one table that are plain enough to be put together without a query builder. Their texts are few, so that a
 * server prepares each once a connection. What is not plain is undefined here, and left to TypeORM.
 */
export class Statements<T extends ObjectLiteral> {
  private readonly metadata: EntityMetadata;
  private readonly views = new Map<string, View>();
  private readonly columns: Map<string, ColumnMetadata>;
  private readonly table: string;
  private readonly inserting: string;

  constructor(
    private readonly source: DataSource,
    entity: EntityTarget<T>,
  ) {
    this.metadata = source.getMetadata(entity);
    this.columns = new Map(this.metadata.columns.map((column) => [column.propertyName, column]));
    this.table = this.escape(this.metadata.tableName);
    const names = this.metadata.columns.map((column) => this.escape(column.databaseName));
    this.inserting = `INSERT INTO ${this.table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  }

  /** A row of these values: ids and times come from the application, so that they are the same on every engine. */
  create(values: Partial<T>): T {
    const now = clock.now();
    const stamps: ObjectLiteral = { createdAt: now, updatedAt: now, version: 1 };
    const row: ObjectLiteral = Object.assign(this.metadata.create(), values);
    if (this.columns.has('id')) row.id ??= newId();
    for (const { propertyName, default: usual } of this.metadata.columns)
      row[propertyName] ??= stamps[propertyName] ?? usual ?? null;
    return row as T;
  }

  insert(row: T): Statement {
    return [this.inserting, this.metadata.columns.map((column) => this.stored(row[column.propertyName], column))];
  }

  /** What `view` shows of the rows that match; `more` may name columns of the table as `t.…`. */
  select(view: View, where: ObjectLiteral, rest: Rest | Newest): Statement | undefined {
    const [text, end] = 'newest' in rest ? [view.select(this.along(where)), newest(rest)] : [view.select(), rest];
    return this.matching(text, [], where, end, (path) => view.find(path));
  }

  /** `changes` that are undefined are none. */
  update(where: ObjectLiteral, changes: ObjectLiteral): Statement | undefined {
    const stamps = this.columns.has('updatedAt') ? { updatedAt: clock.now() } : {};
    const named = Object.entries({ ...changes, ...stamps }).filter(([, value]) => value !== undefined);
    const columns = named.map(([name]) => this.columns.get(name));
    if (Object.keys(changes).length === 0 || columns.includes(undefined)) return undefined;

    const set = columns.map((column) => `${this.escape(column!.databaseName)} = ?`);
    if (this.metadata.versionColumn) set.push('version = version + 1');
    const values = named.map(([, value], i) => this.stored(value, columns[i]!));
    return this.matching(`UPDATE ${this.table} SET ${set.join(', ')}`, values, where);
  }

  delete(where: ObjectLiteral): Statement | undefined {
    return this.matching(`DELETE FROM ${this.table}`, [], where);
  }

  /** Has whoever else wants these rows wait, or fail and try again. */
  takeTurn(where: ObjectLiteral): Statement {
    return this.byOwnColumns(`UPDATE ${this.table} SET turn = turn + 1`, where, '');
  }

  /** Deletes at most `limit` rows. In SQLite's form MariaDB would read the whole table, whatever it finds. */
  sweep(where: ObjectLiteral, limit: number): Statement {
    const text = this.isSqlite ? `SELECT id FROM ${this.table}` : `DELETE FROM ${this.table}`;
    const some = this.byOwnColumns(text, where, ` LIMIT ${limit}`);
    return this.isSqlite ? [`DELETE FROM ${this.table} WHERE id IN (${some[0]})`, some[1]] : some;
  }

  /** The table with the tables that its rows belong to, as far as they are shown. */
  view(shown: Shown = {}): View {
    const key = JSON.stringify(shown);
    let view = this.views.get(key);
    if (!view) this.views.set(key, (view = new View(this.source.driver, this.metadata, shown)));
    return view;
  }

  private byOwnColumns(text: string, where: ObjectLiteral, more: string): Statement {
    const statement = this.matching(text, [], where, { more });
    if (!statement) throw new Error(`These rows of ${this.table} must be told by its own columns.`);
    return statement;
  }

  private matching(
    text: string,
    given: Parameter[],
    where: ObjectLiteral,
    { more, parameters = [] }: Rest = { more: '' },
    find: (path: string[]) => Named | undefined = ([name, ...further]) => this.ownColumn(name!, further),
  ): Statement | undefined {
    const terms = termsOf(where, find);
    if (!terms || terms.length === 0) return undefined;
    const conditions = terms.map(({ column, sql }) => `${column.sql} ${sql}`).join(' AND ');
    const values = terms.flatMap((term) => term.values.map((value) => this.stored(value, term.column.metadata)));
    return [`${text} WHERE ${conditions}${more}`, [...given, ...values, ...parameters]];
  }

  private ownColumn(name: string, further: string[]) {
    const metadata = further.length === 0 ? this.columns.get(name) : undefined;
    return metadata && { sql: this.escape(metadata.databaseName), metadata };
  }

  private stored(value: unknown, column: ColumnMetadata): Parameter {
    return this.source.driver.preparePersistentValue(value, column) as Parameter;
  }

  /**
   * Names the indexes that a page may be read along; SQLite takes one. Left to itself an engine takes the primary key where an organization
   * holds much of a table, or walks the organization's index from its end to the cursor: page 10,000 then costs a thousand times page 1.
   */
  private along(where: ObjectLiteral): string {
    const names = keysetIndexes(this.metadata, where).map((name) => this.escape(name));
    if (names.length === 0) return '';
    return this.isSqlite ? ` INDEXED BY ${names[0]}` : ` FORCE INDEX (${names.join(', ')})`;
  }

  private get isSqlite(): boolean {
    return this.source.options.type === 'better-sqlite3';
  }

  private escape(name: string): string {
    return this.source.driver.escape(name);
  }
}

const newest = ({ newest: rows }: Newest): Rest => ({
  more: ' ORDER BY t.id DESC LIMIT ?',
  parameters: [String(rows)],
});
