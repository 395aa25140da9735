import type { MigrationInterface, QueryRunner } from 'typeorm';

const SWEPT = ['email_messages', 'notifications', 'payment_events'];
const index = (table: string) => `ix_${table}_created_at`;

/** What is too old is found along the key now, whose ids say when: these indexes nobody reads any more. */
export class Forgetting1795219200700 implements MigrationInterface {
  name = 'Forgetting1795219200700';

  async up(db: QueryRunner) {
    const isSqlite = db.dataSource.options.type === 'better-sqlite3';
    for (const table of SWEPT) await db.query(`DROP INDEX ${index(table)}${isSqlite ? '' : ` ON ${table}`}`);
  }

  async down(db: QueryRunner) {
    for (const table of SWEPT) await db.query(`CREATE INDEX ${index(table)} ON ${table} (created_at)`);
  }
}
