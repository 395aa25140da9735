import { type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { columnsFor, createTable, NULLABLE } from './columns';

const CHANGED = ['plans', 'subscriptions', 'payments', 'payment_refunds', 'payment_events'];

/** Bills as the providers write them, refunds by their names, the list of what a person must decide, the plan of whoever bought none. */
export class Bills1795219200300 implements MigrationInterface {
  name = 'Bills1795219200300';

  async up(db: QueryRunner) {
    const { string, id, amount, integer, moment, json, row, living } = columnsFor(db);
    for (const table of CHANGED)
      for (const { name, type, length, precision, isNullable, default: value } of added(db)[table]!) {
        const size = length ?? precision;
        // as SQL: TypeORM would make SQLite's table anew, and what belongs to it could go with the old one
        await db.query(
          `ALTER TABLE ${table} ADD COLUMN ${name} ${type}${size ? `(${size})` : ''}${isNullable ? ' NULL' : ' NOT NULL'}${value === undefined ? '' : ` DEFAULT ${value}`}`,
        );
      }
    await db.query('UPDATE payments SET subtotal = amount, total = amount');
    await db.query('CREATE UNIQUE INDEX ix_plans_default_for ON plans (default_for)');
    await db.query('CREATE INDEX ix_subscriptions_asked_at ON subscriptions (asked_at)');
    await db.query('CREATE INDEX ix_payments_ask_at ON payments (ask_at)');
    await db.query(
      'CREATE UNIQUE INDEX ix_payment_refunds_provider_reference ON payment_refunds (provider, reference)',
    );
    await db.query('CREATE INDEX ix_payment_events_waits_for ON payment_events (waits_for)');
    await createTable(db, 'attention', {
      columns: [
        ...row,
        ...living,
        string('kind', 24),
        string('open_key', 120, NULLABLE),
        string('provider', 20),
        id('organization_id', NULLABLE),
        id('payment_id', NULLABLE),
        amount('amount', NULLABLE),
        string('currency', 3, NULLABLE),
        json('details'),
        integer('times', { default: 1 }),
        moment('seen_at'),
        moment('resolved_at', NULLABLE),
        id('resolved_by', NULLABLE),
        string('resolution', 10, NULLABLE),
        string('reason', 255, NULLABLE),
      ],
      unique: [['open_key']],
      indexes: [['kind', 'id'], ['payment_id'], ['organization_id']],
    });
  }

  async down(db: QueryRunner) {
    await db.dropTable('attention');
    for (const index of [
      ['plans', 'default_for'],
      ['subscriptions', 'asked_at'],
      ['payments', 'ask_at'],
      ['payment_refunds', 'provider_reference'],
      ['payment_events', 'waits_for'],
    ])
      await db.dropIndex(index[0]!, `ix_${index.join('_')}`);
    for (const table of CHANGED)
      for (const { name } of added(db)[table]!) await db.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
  }
}

function added(db: QueryRunner): Record<string, TableColumnOptions[]> {
  const { string, amount, integer, moment, boolean } = columnsFor(db);
  const zero = { default: 0 };
  return {
    plans: [string('kind', 10, { default: "'plan'" }), string('default_for', 3, NULLABLE)],
    subscriptions: [
      string('price', 255, NULLABLE),
      moment('paused_at', NULLABLE),
      { ...boolean('live'), default: 1 },
      moment('asked_at', NULLABLE),
      moment('cancel_at', NULLABLE),
    ],
    payments: [
      ...['subtotal', 'discount', 'tax', 'total', 'balance'].map((name) => amount(name, zero)),
      moment('covers_from', NULLABLE),
      moment('covers_to', NULLABLE),
      { ...boolean('live'), default: 1 },
      string('dispute', 10, NULLABLE),
      moment('ask_at', NULLABLE),
      integer('asked', zero),
    ],
    payment_refunds: [string('provider', 20, NULLABLE), string('reference', 255, NULLABLE)],
    payment_events: [string('waits_for', 300, NULLABLE)],
  };
}
