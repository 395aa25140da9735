import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, NULLABLE, references } from './columns';

export class Payments1795219200160 implements MigrationInterface {
  name = 'Payments1795219200160';

  async up(db: QueryRunner) {
    const { row, living, string, id, text, json, moment, integer, boolean, amount } = columnsFor(db);
    // in SQL: TypeORM would build SQLite's table anew, and dropping the old one would take along all that belongs to it
    await db.query('ALTER TABLE organizations ADD COLUMN plan varchar(40) NULL');
    await db.query('ALTER TABLE organizations ADD COLUMN limits json NULL');
    await createTable(db, 'plans', {
      columns: [
        ...row,
        ...living,
        string('code', 40),
        string('name', 120),
        text('description'),
        amount('amount'),
        string('currency', 3),
        string('interval', 10),
        json('features'),
        json('limits'),
        json('provider_refs'),
      ],
      unique: [['code']],
    });
    await createTable(db, 'subscriptions', {
      columns: [
        ...row,
        ...living,
        id('organization_id'),
        id('payment_id'),
        string('provider', 20),
        string('reference', 255, NULLABLE),
        string('plan', 40),
        string('plan_name', 120),
        string('interval', 10),
        integer('quantity'),
        amount('amount'),
        string('currency', 3),
        json('limits'),
        moment('started_at', NULLABLE),
        moment('paid_until', NULLABLE),
        moment('period_end', NULLABLE),
        moment('stated_at', NULLABLE),
        boolean('past_due'),
        moment('cancelled_at', NULLABLE),
        moment('ended_at', NULLABLE),
        id('live_for', NULLABLE),
      ],
      unique: [['payment_id'], ['provider', 'reference'], ['live_for']],
      indexes: [['organization_id'], ['period_end'], ['paid_until']],
      keys: [references('organizations', 'organization_id', 'CASCADE')],
    });
    await createTable(db, 'payments', {
      columns: [
        ...row,
        ...living,
        id('organization_id'),
        id('user_id', NULLABLE),
        id('subscription_id'),
        string('provider', 20),
        string('checkout', 255, NULLABLE),
        string('reference', 255, NULLABLE),
        string('plan', 40),
        string('plan_name', 120),
        integer('quantity'),
        amount('amount'),
        string('currency', 3),
        string('status', 20),
        amount('refunded_amount'),
        string('failure_reason', 255, NULLABLE),
        moment('paid_at', NULLABLE),
        moment('refund_returned_at', NULLABLE),
      ],
      unique: [['provider', 'reference']],
      indexes: [['organization_id', 'id'], ['user_id'], ['subscription_id']],
      keys: [references('users', 'user_id', 'SET NULL')],
    });
    await createTable(db, 'payment_refunds', {
      columns: [
        ...row,
        ...living,
        id('organization_id'),
        id('payment_id'),
        amount('amount'),
        amount('refunded_before', NULLABLE),
        string('reason', 255, NULLABLE),
        string('status', 20),
      ],
      indexes: [['payment_id', 'id'], ['organization_id']],
      keys: [references('payments', 'payment_id', 'CASCADE')],
    });
    await createTable(db, 'payment_events', {
      columns: [
        ...row,
        ...living,
        string('provider', 20),
        string('event_id', 255),
        string('type', 80),
        json('facts'),
        string('outcome', 20),
      ],
      unique: [['provider', 'event_id']],
      indexes: [['outcome', 'created_at'], ['created_at']],
    });
  }

  async down(db: QueryRunner) {
    for (const table of ['payment_events', 'payment_refunds', 'payments', 'subscriptions', 'plans'])
      await db.dropTable(table);
    for (const column of ['limits', 'plan']) await db.query(`ALTER TABLE organizations DROP COLUMN ${column}`);
  }
}
