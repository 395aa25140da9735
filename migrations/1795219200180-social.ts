import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, NULLABLE, references } from './columns';

export class Social1795219200180 implements MigrationInterface {
  name = 'Social1795219200180';

  async up(db: QueryRunner) {
    const { row, string, id } = columnsFor(db);
    await createTable(db, 'social_accounts', {
      columns: [
        ...row,
        id('user_id'),
        string('provider', 40),
        string('issuer', 255),
        string('subject', 255),
        string('email', 254, NULLABLE),
      ],
      unique: [['issuer', 'subject']],
      indexes: [['user_id']],
      keys: [references('users', 'user_id', 'CASCADE')],
    });
  }

  async down(db: QueryRunner) {
    await db.dropTable('social_accounts');
  }
}
