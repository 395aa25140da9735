import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor } from './columns';

/** A session remembers when each of its tokens was traded in lately, where it remembered when the first of several was. */
export class Trades1795219200500 implements MigrationInterface {
  name = 'Trades1795219200500';

  async up(db: QueryRunner) {
    await db.query(`ALTER TABLE sessions ADD COLUMN trades ${columnsFor(db).json('').type} NULL`);
    for (const column of ['burst_from', 'burst_at']) await db.query(`ALTER TABLE sessions DROP COLUMN ${column}`);
  }

  async down(db: QueryRunner) {
    const { type } = columnsFor(db).integer('');
    await db.query(`ALTER TABLE sessions ADD COLUMN burst_from ${type} NOT NULL DEFAULT 0`);
    await db.query('ALTER TABLE sessions ADD COLUMN burst_at datetime(3) NULL');
    await db.query('UPDATE sessions SET burst_from = counter');
    await db.query('ALTER TABLE sessions DROP COLUMN trades');
  }
}
