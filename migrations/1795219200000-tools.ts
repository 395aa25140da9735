import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, compareExactly, createTable, NULLABLE } from './columns';

export class Tools1795219200000 implements MigrationInterface {
  name = 'Tools1795219200000';

  async up(db: QueryRunner) {
    await compareExactly(db);
    const { row, string, id, text, moment, integer } = columnsFor(db);
    await createTable(db, 'outbox_messages', {
      columns: [
        ...row,
        string('topic', 80),
        string('handler', 120),
        text('payload'),
        integer('attempts', { default: 0 }),
        moment('due_at', NULLABLE),
        id('lease_owner', NULLABLE),
        string('last_error', 500, NULLABLE),
      ],
      indexes: [['due_at']],
    });
    await createTable(db, 'idempotency_keys', {
      columns: [
        ...row,
        string('key_hash', 64),
        string('request_hash', 64),
        moment('lease_until'),
        text('answer', NULLABLE),
      ],
      unique: [['key_hash']],
      indexes: [['created_at']],
    });
    await createTable(db, 'rate_limits', {
      columns: [...row, string('key_hash', 64), integer('count'), moment('ends_at')],
      unique: [['key_hash']],
      indexes: [['ends_at']],
    });
    await createTable(db, 'activity_logs', {
      columns: [
        ...row,
        id('organization_id', NULLABLE),
        id('actor_id', NULLABLE),
        string('action', 60),
        string('target_type', 40),
        id('target_id', NULLABLE),
        string('ip', 45, NULLABLE),
        string('user_agent', 255, NULLABLE),
        string('request_id', 64, NULLABLE),
      ],
      indexes: [
        ['organization_id', 'id'],
        ['organization_id', 'actor_id', 'id'],
        ['organization_id', 'action', 'id'],
        ['organization_id', 'target_id', 'id'],
        ['actor_id', 'id'],
      ],
    });
  }

  async down(db: QueryRunner) {
    for (const table of ['activity_logs', 'rate_limits', 'idempotency_keys', 'outbox_messages'])
      await db.dropTable(table);
  }
}
