import { type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { columnsFor, NULLABLE } from './columns';

/** What was ordered beside what is billed by now; packs; why a subscription ended, and since when it runs after a pause. */
export class Terms1795219200310 implements MigrationInterface {
  name = 'Terms1795219200310';

  async up(db: QueryRunner) {
    for (const { name, type, length, precision, isNullable, default: value } of added(db)) {
      const size = length ?? precision;
      // as SQL: TypeORM would make SQLite's table anew
      await db.query(
        `ALTER TABLE subscriptions ADD COLUMN ${name} ${type}${size ? `(${size})` : ''}${isNullable ? ' NULL' : ' NOT NULL'}${value === undefined ? '' : ` DEFAULT ${value}`}`,
      );
    }
  }

  async down(db: QueryRunner) {
    for (const { name } of added(db)) await db.query(`ALTER TABLE subscriptions DROP COLUMN ${name}`);
  }
}

function added(db: QueryRunner): TableColumnOptions[] {
  const { string, json, moment } = columnsFor(db);
  return [
    string('kind', 10, { default: "'plan'" }),
    json('sold', NULLABLE),
    moment('priced_at', NULLABLE),
    moment('resumed_at', NULLABLE),
    string('ended_for', 10, NULLABLE),
  ];
}
