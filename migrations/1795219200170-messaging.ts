import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, NULLABLE, references } from './columns';

export class Messaging1795219200170 implements MigrationInterface {
  name = 'Messaging1795219200170';

  async up(db: QueryRunner) {
    const { row, living, string, id, json, moment, integer, boolean, longText } = columnsFor(db);
    const tenantRow = [...row, ...living, id('organization_id')];
    const keys = [references('organizations', 'organization_id', 'CASCADE')];
    await createTable(db, 'email_templates', {
      columns: [
        ...tenantRow,
        string('key', 60),
        string('locale', 35),
        string('subject', 255),
        longText('text'),
        longText('html', NULLABLE),
        json('declared'),
      ],
      unique: [['organization_id', 'key', 'locale']],
      indexes: [['organization_id', 'id']],
      keys,
    });
    await createTable(db, 'email_messages', {
      columns: [
        ...tenantRow,
        string('email', 254),
        string('template', 60, NULLABLE),
        boolean('transactional'),
        longText('content', NULLABLE),
        integer('attempts', { default: 0 }),
        string('last_error', 500, NULLABLE),
        moment('sent_at', NULLABLE),
        moment('failed_at', NULLABLE),
        moment('suppressed_at', NULLABLE),
      ],
      indexes: [['organization_id', 'id'], ['organization_id', 'email'], ['email'], ['created_at']],
      keys,
    });
    await createTable(db, 'email_suppressions', {
      columns: [...tenantRow, string('email', 254), string('reason', 20)],
      unique: [['organization_id', 'email', 'reason']],
      indexes: [['organization_id', 'id'], ['email']],
      keys,
    });
  }

  async down(db: QueryRunner) {
    for (const table of ['email_suppressions', 'email_messages', 'email_templates']) await db.dropTable(table);
  }
}
