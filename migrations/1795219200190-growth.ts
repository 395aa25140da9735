import type { MigrationInterface, QueryRunner } from 'typeorm';

const BY_PERSON = ['action', 'target_id'];

/** Keeps what is asked often flat: the sweep looks along open invites only, and a person's log along what was done, and to what. */
export class Growth1795219200190 implements MigrationInterface {
  name = 'Growth1795219200190';

  async up(db: QueryRunner) {
    // in SQL: TypeORM would build SQLite's tables anew
    await db.query('ALTER TABLE invites ADD COLUMN open_until datetime(3) NULL');
    await db.query('UPDATE invites SET open_until = expires_at WHERE open_email IS NOT NULL');
    await db.query('CREATE INDEX ix_invites_open_until ON invites (open_until)');
    await dropIndex(db, 'ix_invites_expires_at', 'invites');
    for (const column of BY_PERSON)
      await db.query(`CREATE INDEX ix_activity_logs_${indexed(column)} ON activity_logs (actor_id, ${column}, id)`);
  }

  async down(db: QueryRunner) {
    for (const column of BY_PERSON) await dropIndex(db, `ix_activity_logs_${indexed(column)}`, 'activity_logs');
    await db.query('CREATE INDEX ix_invites_expires_at ON invites (expires_at)');
    await dropIndex(db, 'ix_invites_open_until', 'invites');
    await db.query('ALTER TABLE invites DROP COLUMN open_until');
  }
}

const indexed = (column: string) => ['actor_id', column, 'id'].sort().join('_');

const dropIndex = (db: QueryRunner, name: string, table: string) =>
  db.query(`DROP INDEX ${name}${db.dataSource.options.type === 'better-sqlite3' ? '' : ` ON ${table}`}`);
