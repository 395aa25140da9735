import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor } from './columns';

const LOCKED = ['organizations', 'users', 'payments'];

/** A lock is a write, which every node of a cluster agrees upon; what it writes is nothing but a turn. And what goes in batches is marked first. */
export class Turns1795219200330 implements MigrationInterface {
  name = 'Turns1795219200330';

  async up(db: QueryRunner) {
    const { type } = columnsFor(db).integer('turn');
    for (const table of LOCKED) await db.query(`ALTER TABLE ${table} ADD COLUMN turn ${type} NOT NULL DEFAULT 0`);
    await db.query('ALTER TABLE organizations ADD COLUMN deleted_at datetime(3) NULL');
  }

  async down(db: QueryRunner) {
    await db.query('ALTER TABLE organizations DROP COLUMN deleted_at');
    for (const table of LOCKED) await db.query(`ALTER TABLE ${table} DROP COLUMN turn`);
  }
}
