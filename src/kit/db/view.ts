import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { Driver } from 'typeorm/driver/Driver.js';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

/** A column, and what a statement calls it. */
export type Named = { sql: string; metadata: ColumnMetadata };
type Column = Named & { key: string };
type Part = { relation?: string; create: () => ObjectLiteral; columns: Column[] };

/** One table, and tables that its rows belong to, as a SELECT shows them and as entities come out of it. */
export class View {
  private readonly shown: string;
  private readonly table: string;
  private readonly joins: string;
  private readonly parts: Part[];
  private readonly columns: Map<string, Column>;

  constructor(
    private readonly driver: Driver,
    metadata: EntityMetadata,
    relations: string[],
  ) {
    const own = this.part(metadata, 't');
    const joined = relations.map((name, i) => this.joined(metadata, name, `t${i + 1}`));
    this.parts = [own, ...joined.map(({ part }) => part)];
    const all = this.parts.flatMap(({ columns }) => columns);
    this.columns = new Map(
      this.parts.flatMap(({ relation, columns }) =>
        columns.map((column) => [`${relation ? `${relation}.` : ''}${column.metadata.propertyName}`, column]),
      ),
    );
    this.shown = all.map(({ sql, key }) => `${sql} AS ${key}`).join(', ');
    this.table = `${this.escape(metadata.tableName)} t`;
    this.joins = joined.map(({ sql }) => ` ${sql}`).join('');
  }

  /** `SELECT … FROM …`; the table itself is `t`, those that it belongs to are `t1`, `t2` and so on. `also` names further columns, `hint` is for the table itself. */
  select(also: Record<string, string> = {}, hint = ''): string {
    const further = Object.entries(also).map(([name, sql]) => `, ${sql} AS ${name}`);
    return `SELECT ${this.shown}${further.join('')} FROM ${this.table}${hint}${this.joins}`;
  }

  find = (path: string[]): Column | undefined => this.columns.get(path.join('.'));

  /** A row as the database gave it, as an entity with those that it belongs to. */
  read<T>(raw: ObjectLiteral): T {
    const [own, ...joined] = this.parts;
    const row = this.entity(own!, raw);
    for (const part of joined) row[part.relation!] = raw[part.columns[0]!.key] === null ? null : this.entity(part, raw);
    return row as T;
  }

  private entity({ create, columns }: Part, raw: ObjectLiteral): ObjectLiteral {
    const row = create();
    for (const { metadata, key } of columns)
      row[metadata.propertyName] = this.driver.prepareHydratedValue(raw[key], metadata);
    return row;
  }

  private joined(metadata: EntityMetadata, relation: string, alias: string) {
    const { inverseEntityMetadata, joinColumns } = metadata.findRelationWithPropertyPath(relation)!;
    const on = joinColumns.map(
      ({ databaseName, referencedColumn }) =>
        `${alias}.${this.escape(referencedColumn!.databaseName)} = t.${this.escape(databaseName)}`,
    );
    return {
      part: { ...this.part(inverseEntityMetadata, alias), relation },
      sql: `LEFT JOIN ${this.escape(inverseEntityMetadata.tableName)} ${alias} ON ${on.join(' AND ')}`,
    };
  }

  private part(metadata: EntityMetadata, alias: string): Part {
    const columns = metadata.columns.map((column, i) => ({
      metadata: column,
      sql: `${alias}.${this.escape(column.databaseName)}`,
      key: `${alias}_${i}`,
    }));
    return { create: () => metadata.create(), columns };
  }

  private escape(name: string): string {
    return this.driver.escape(name);
  }
}
