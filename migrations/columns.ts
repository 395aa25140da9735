import { type QueryRunner, Table, type TableColumnOptions, type TableForeignKeyOptions } from 'typeorm';

/*
 * What the migrations are written in: one vocabulary that comes out right on SQLite, MariaDB and MySQL. A merged migration is
 * never edited, so what stands here is only ever added to.
 */
export type Columns = ReturnType<typeof columnsFor>;

export function columnsFor(db: QueryRunner) {
  const isSqlite = db.dataSource.options.type === 'better-sqlite3';
  const column = (name: string, type: string, more: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
    name,
    type,
    ...more,
  });
  return {
    string: (name: string, length: number, more?: Partial<TableColumnOptions>) =>
      column(name, 'varchar', { length: String(length), ...more }),
    id: (name: string, more?: Partial<TableColumnOptions>) => column(name, 'varchar', { length: '36', ...more }),
    text: (name: string, more?: Partial<TableColumnOptions>) => column(name, 'text', more),
    longText: (name: string, more?: Partial<TableColumnOptions>) => column(name, 'mediumtext', more),
    json: (name: string, more?: Partial<TableColumnOptions>) => column(name, 'json', more),
    moment: (name: string, more?: Partial<TableColumnOptions>) => column(name, 'datetime', { precision: 3, ...more }),
    integer: (name: string, more?: Partial<TableColumnOptions>) => column(name, isSqlite ? 'integer' : 'int', more),
    amount: (name: string, more?: Partial<TableColumnOptions>) => column(name, 'bigint', more),
    boolean: (name: string) => column(name, isSqlite ? 'boolean' : 'tinyint', { default: 0 }),
    /** id, created_at */
    row: [
      column('id', 'varchar', { length: '36', isPrimary: true }),
      column('created_at', 'datetime', { precision: 3 }),
    ],
    /** updated_at, version */
    living: [column('updated_at', 'datetime', { precision: 3 }), column('version', isSqlite ? 'integer' : 'int')],
  };
}

/** Has every table made from here on compare text byte by byte, as SQLite does: `Owner` is not `owner`. */
export async function compareExactly(db: QueryRunner) {
  if (db.dataSource.options.type !== 'better-sqlite3')
    await db.query('ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
}

export const NULLABLE = { isNullable: true };

type Shape = {
  columns: TableColumnOptions[];
  unique?: string[][];
  indexes?: string[][];
  keys?: TableForeignKeyOptions[];
};

/** Uniqueness is an index, never a constraint: the one form that all engines have. Names follow from the naming strategy. */
export async function createTable(
  db: QueryRunner,
  name: string,
  { columns, unique = [], indexes = [], keys = [] }: Shape,
) {
  const indices = [
    ...unique.map((columnNames) => ({ columnNames, isUnique: true })),
    ...indexes.map((columnNames) => ({ columnNames })),
  ];
  const engine = db.dataSource.options.type === 'better-sqlite3' ? undefined : 'InnoDB';
  await db.createTable(new Table({ name, columns, indices, foreignKeys: keys, engine }));
}

type OnDelete = 'CASCADE' | 'RESTRICT' | 'SET NULL';

/** A foreign key: `references('users', 'user_id', 'CASCADE')`. */
export const references = (table: string, column: string, onDelete: OnDelete): TableForeignKeyOptions => ({
  columnNames: [column],
  referencedTableName: table,
  referencedColumnNames: ['id'],
  onDelete,
  onUpdate: 'NO ACTION',
});

/** A foreign key that takes the organization along: a row of another organization cannot be named. */
export const referencesWithin = (
  table: string,
  column: string,
  onDelete: OnDelete,
  key = 'id',
): TableForeignKeyOptions => ({
  ...references(table, column, onDelete),
  columnNames: ['organization_id', column],
  referencedColumnNames: ['organization_id', key],
});
