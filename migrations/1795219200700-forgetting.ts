import type { MigrationInterface, QueryRunner } from 'typeorm';

const SWEPT = ['email_messages', 'notifications', 'payment_events'];
const index = (table: string) => `ix_${table}_created_at`;
const BY_TOPIC = 'ix_outbox_messages_due_at_topic';

/**
 * What is too old is found along the key now, whose ids say when: these indexes nobody reads any more. What is due beside thousands
 * that wait is found by its topic.
 */
export class Forgetting1795219200700 implements MigrationInterface {
  name = 'Forgetting1795219200700';

  async up(db: QueryRunner) {
    for (const table of SWEPT) await dropIndex(db, index(table), table);
    await db.query(`CREATE INDEX ${BY_TOPIC} ON outbox_messages (topic, due_at)`);
  }

  async down(db: QueryRunner) {
    await dropIndex(db, BY_TOPIC, 'outbox_messages');
    for (const table of SWEPT) await db.query(`CREATE INDEX ${index(table)} ON ${table} (created_at)`);
  }
}

const dropIndex = (db: QueryRunner, name: string, table: string) =>
  db.query(`DROP INDEX ${name}${db.dataSource.options.type === 'better-sqlite3' ? '' : ` ON ${table}`}`);
