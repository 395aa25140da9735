import { type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { columnsFor, createTable, NULLABLE } from './columns';

/** Refunds by who granted them and what they leave, sums told apart from names, what a provider answered last, work that one instance does. */
export class MoneyDesk1795219200320 implements MigrationInterface {
  name = 'MoneyDesk1795219200320';

  async up(db: QueryRunner) {
    const { string, id, moment, row } = columnsFor(db);
    for (const [table, columns] of Object.entries(added(db)))
      for (const { name, type, length, precision, isNullable, default: value } of columns) {
        const size = length ?? precision;
        // as SQL: TypeORM would make SQLite's table anew, and what belongs to it could go with the old one
        await db.query(
          `ALTER TABLE ${table} ADD COLUMN ${name} ${type}${size ? `(${size})` : ''}${isNullable ? ' NULL' : ` NOT NULL DEFAULT ${value}`}`,
        );
      }
    await db.query('UPDATE payments SET refunded_told = refunded_amount');
    // what was open when asking began is asked about once, at once: its news may have been lost long ago
    await db.query("UPDATE payments SET ask_at = created_at WHERE status IN ('created', 'pending')");
    await db.query('CREATE INDEX ix_payments_id_status ON payments (status, id)');
    await createTable(db, 'leases', {
      columns: [...row, string('name', 60), id('owner', NULLABLE), moment('ends_at')],
      unique: [['name']],
    });
  }

  async down(db: QueryRunner) {
    await db.dropTable('leases');
    await db.dropIndex('payments', 'ix_payments_id_status');
    for (const [table, columns] of Object.entries(added(db)))
      for (const { name } of columns) await db.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
  }
}

function added(db: QueryRunner): Record<string, TableColumnOptions[]> {
  const { string, amount, moment } = columnsFor(db);
  return {
    payments: [amount('refunded_told', { default: 0 })],
    payment_refunds: [string('access', 4, NULLABLE), string('granted_by', 6, NULLABLE)],
    subscriptions: [moment('answered_at', NULLABLE)],
  };
}
