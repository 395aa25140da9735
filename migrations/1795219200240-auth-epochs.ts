import { type MigrationInterface, type QueryRunner, TableColumn } from 'typeorm';
import { columnsFor, NULLABLE } from './columns';

/** What lets a person in is stamped with their epoch, which ends with whatever ends their sessions; and what refreshing remembers. */
export class AuthEpochs1795219200240 implements MigrationInterface {
  name = 'AuthEpochs1795219200240';

  async up(db: QueryRunner) {
    const { integer, moment } = columnsFor(db);
    const count = (name: string) => new TableColumn(integer(name, { default: 0 }));
    // as SQL: TypeORM would make SQLite's table anew, and what belongs to a person could go with the old one
    await db.query(`ALTER TABLE users ADD COLUMN auth_epoch ${integer('').type} NOT NULL DEFAULT 0`);
    await db.addColumns('sessions', [
      count('auth_epoch'),
      count('traded'),
      count('burst_from'),
      new TableColumn(moment('burst_at', NULLABLE)),
    ]);
    await db.query('UPDATE sessions SET traded = counter - 1, burst_from = counter');
  }

  async down(db: QueryRunner) {
    await db.dropColumns('sessions', ['auth_epoch', 'traded', 'burst_from', 'burst_at']);
    await db.query('ALTER TABLE users DROP COLUMN auth_epoch');
  }
}
