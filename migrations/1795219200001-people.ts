import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, NULLABLE, references } from './columns';

export class People1795219200001 implements MigrationInterface {
  name = 'People1795219200001';

  async up(db: QueryRunner) {
    const { row, living, string, id, json, moment, integer } = columnsFor(db);
    const ofUser = references('users', 'user_id', 'CASCADE');
    await createTable(db, 'users', {
      columns: [
        ...row,
        ...living,
        string('email', 254),
        moment('email_verified_at', NULLABLE),
        string('password_hash', 255, NULLABLE),
        string('name', 120),
        json('profile'),
        string('status', 20),
        string('platform_role', 20, NULLABLE),
      ],
      unique: [['email']],
    });
    await createTable(db, 'user_settings', {
      columns: [
        ...row,
        ...living,
        id('user_id'),
        string('locale', 35),
        string('timezone', 64),
        string('login_alerts', 20, NULLABLE),
        json('notifications'),
      ],
      unique: [['user_id']],
      keys: [ofUser],
    });
    await createTable(db, 'user_data', {
      columns: [...row, ...living, id('user_id'), string('key', 120), json('document')],
      unique: [['user_id', 'key']],
      keys: [ofUser],
    });
    await createTable(db, 'sessions', {
      columns: [
        ...row,
        id('user_id'),
        integer('counter', { default: 0 }),
        moment('refreshed_at'),
        moment('expires_at'),
        moment('ends_at'),
        string('ip', 45),
        string('user_agent', 255),
      ],
      indexes: [['user_id'], ['ends_at']],
      keys: [ofUser],
    });
    await createTable(db, 'trusted_devices', {
      columns: [...row, id('user_id'), string('device_hash', 64), moment('last_seen_at')],
      unique: [['user_id', 'device_hash']],
      indexes: [['last_seen_at']],
      keys: [ofUser],
    });
    await createTable(db, 'one_time_tokens', {
      columns: [...row, id('user_id'), string('purpose', 20), string('token_hash', 64), moment('expires_at')],
      unique: [['token_hash'], ['user_id', 'purpose']],
      indexes: [['expires_at']],
      keys: [ofUser],
    });
  }

  async down(db: QueryRunner) {
    for (const table of ['one_time_tokens', 'trusted_devices', 'sessions', 'user_data', 'user_settings', 'users'])
      await db.dropTable(table);
  }
}
