import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { Driver } from 'typeorm/driver/Driver.js';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/**
 * What is shown of rows and of those they belong to: `{ status: true, user: { name: true }, role: true }`. Of what names no column, all.
 * A text is SQL, whose value the row has under that name: `{ hasExtras: 'EXISTS (…)' }`.
 */
export type Shown = ObjectLiteral;
/** A column, and what a statement calls it. */
export type Named = { sql: string; metadata: ColumnMetadata };
type Column = Named & { key: string; isPlain: boolean };
type Part = { metadata: EntityMetadata; relation?: string; columns: Column[]; shown: Column[] };

/** Types that come as they are; what a driver does to the others is its own affair. */
const PLAIN = new Set<unknown>(['varchar', 'text', 'mediumtext', 'int']);

/** One table, and tables that its rows belong to, as a SELECT shows them and as entities come out of it. */
export class View {
  /** What TypeORM would join for it. */
  readonly relations: ObjectLiteral;
  private readonly selection: string;
  private readonly computed: string[];
  private readonly table: string;
  private readonly joins: string;
  private readonly parts: Part[];
  private readonly columns: Map<string, Column>;

  constructor(
    private readonly driver: Driver,
    metadata: EntityMetadata,
    shown: Shown,
  ) {
    const names = Object.keys(shown).filter((name) => metadata.findRelationWithPropertyPath(name));
    this.relations = Object.fromEntries(names.map((name) => [name, true]));
    const joined = names.map((name, i) => this.joined(metadata, name, `t${i + 1}`, shown[name]));
    this.parts = [this.part(metadata, 't', shown), ...joined.map(({ part }) => part)];
    this.columns = new Map(
      this.parts.flatMap(({ relation, columns }) =>
        columns.map((column) => [`${relation ? `${relation}.` : ''}${column.metadata.propertyName}`, column]),
      ),
    );
    const all = this.parts.flatMap((part) => part.shown);
    const computed = Object.entries(shown).filter(([, sql]) => typeof sql === 'string');
    this.computed = computed.map(([name]) => name);
    this.selection = [...all.map(({ sql, key }) => [key, sql]), ...computed]
      .map(([as, sql]) => `${sql} AS ${as}`)
      .join(', ');
    this.table = `${this.escape(metadata.tableName)} t`;
    this.joins = joined.map(({ sql }) => ` ${sql}`).join('');
  }

  /** `SELECT … FROM …`; the table itself is `t`, those that it belongs to are `t1`, `t2` and so on. `hint` is for the table itself. */
  select(hint = ''): string {
    return `SELECT ${this.selection} FROM ${this.table}${hint}${this.joins}`;
  }

  find = (path: string[]): Column | undefined => this.columns.get(path.join('.'));

  /** A row as the database gave it, as an entity with those that it belongs to. */
  read<T>(raw: ObjectLiteral): T {
    const [own, ...joined] = this.parts;
    const row = this.entity(own!, raw);
    for (const name of this.computed) row[name] = raw[name];
    for (const part of joined) row[part.relation!] = raw[part.shown[0]!.key] === null ? null : this.entity(part, raw);
    return row as T;
  }

  private entity({ metadata, shown }: Part, raw: ObjectLiteral): ObjectLiteral {
    const row = metadata.create();
    for (const { metadata: column, key, isPlain } of shown)
      row[column.propertyName] = isPlain ? raw[key] : this.driver.prepareHydratedValue(raw[key], column);
    return row;
  }

  private joined(metadata: EntityMetadata, relation: string, alias: string, shown: Shown) {
    const { inverseEntityMetadata, joinColumns } = metadata.findRelationWithPropertyPath(relation)!;
    const { databaseName } = joinColumns.find(({ referencedColumn }) => referencedColumn!.isPrimary)!;
    const on = `${alias}.id = t.${this.escape(databaseName)}`; // by the key alone: what else binds them, the foreign key sees to
    return {
      part: { ...this.part(inverseEntityMetadata, alias, shown), relation },
      sql: `LEFT JOIN ${this.escape(inverseEntityMetadata.tableName)} ${alias} ON ${on}`,
    };
  }

  /** The id is always shown, and first: a row that is not there has none. */
  private part(metadata: EntityMetadata, alias: string, shown: Shown): Part {
    const columns = metadata.columns.map((column, i) => ({
      metadata: column,
      sql: `${alias}.${this.escape(column.databaseName)}`,
      key: `${alias}_${i}`,
      isPlain: PLAIN.has(column.type) && !column.transformer,
    }));
    const named = columns.filter(({ metadata: { propertyName } }) => shown[propertyName]);
    const id = columns.filter(({ metadata: { isPrimary } }) => isPrimary);
    const all = columns.filter(({ metadata: { isSelect } }) => isSelect);
    return { metadata, columns, shown: named.length > 0 ? [...new Set([...id, ...named])] : all };
  }

  private escape(name: string): string {
    return this.driver.escape(name);
  }
}
