import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, NULLABLE, references, referencesWithin } from './columns';

export class Invites1795219200003 implements MigrationInterface {
  name = 'Invites1795219200003';

  async up(db: QueryRunner) {
    const { row, living, string, id, moment } = columnsFor(db);
    const tenantRow = [...row, ...living, id('organization_id')];
    const keys = [
      references('organizations', 'organization_id', 'CASCADE'),
      referencesWithin('roles', 'role_id', 'CASCADE'),
    ];
    await createTable(db, 'invites', {
      columns: [
        ...tenantRow,
        string('email', 254),
        string('open_email', 254, NULLABLE),
        id('role_id'),
        id('inviter_id', NULLABLE),
        string('token_hash', 64),
        moment('expires_at'),
        moment('accepted_at', NULLABLE),
        moment('declined_at', NULLABLE),
        moment('revoked_at', NULLABLE),
      ],
      unique: [['token_hash'], ['organization_id', 'open_email']],
      indexes: [['organization_id', 'id'], ['organization_id', 'role_id'], ['inviter_id'], ['email'], ['expires_at']],
      keys: [...keys, references('users', 'inviter_id', 'SET NULL')],
    });
    await createTable(db, 'invite_tombstones', {
      columns: [
        ...tenantRow,
        string('token_hash', 64),
        string('email', 254),
        id('role_id'),
        id('inviter_id', NULLABLE),
      ],
      unique: [['token_hash']],
      indexes: [['organization_id', 'role_id'], ['created_at'], ['email']],
      keys,
    });
  }

  async down(db: QueryRunner) {
    for (const table of ['invite_tombstones', 'invites']) await db.dropTable(table);
  }
}
