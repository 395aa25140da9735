import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Until now a session alone could link. Of what is there the account's own address, vouched for by the provider, speaks for itself. */
export class Identities1795219200230 implements MigrationInterface {
  name = 'Identities1795219200230';

  async up(db: QueryRunner) {
    const type = db.dataSource.options.type === 'better-sqlite3' ? 'boolean' : 'tinyint';
    await db.query(`ALTER TABLE social_accounts ADD COLUMN by_password ${type} NOT NULL DEFAULT 0`);
    await db.query(
      `UPDATE social_accounts SET by_password = 1
       WHERE email IS NULL OR email <> (SELECT u.email FROM users u WHERE u.id = social_accounts.user_id)`,
    );
  }

  async down(db: QueryRunner) {
    await db.query('ALTER TABLE social_accounts DROP COLUMN by_password');
  }
}
