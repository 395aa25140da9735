import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, NULLABLE, references } from './columns';

export class Notifications1795219200140 implements MigrationInterface {
  name = 'Notifications1795219200140';

  async up(db: QueryRunner) {
    const { row, living, string, id, text, json, moment } = columnsFor(db);
    await createTable(db, 'notifications', {
      columns: [
        ...row,
        ...living,
        id('user_id'),
        id('organization_id', NULLABLE),
        id('person_id', NULLABLE),
        id('message_id'),
        string('type', 60),
        json('params'),
        moment('read_at', NULLABLE),
      ],
      unique: [['message_id', 'user_id']],
      indexes: [['user_id', 'id'], ['user_id', 'read_at'], ['organization_id'], ['person_id'], ['created_at']],
      keys: [
        references('users', 'user_id', 'CASCADE'),
        references('organizations', 'organization_id', 'CASCADE'),
        references('users', 'person_id', 'CASCADE'),
      ],
    });
    await createTable(db, 'versions', {
      columns: [...row, string('version', 64), text('description')],
      unique: [['version']],
    });
  }

  async down(db: QueryRunner) {
    for (const table of ['versions', 'notifications']) await db.dropTable(table);
  }
}
