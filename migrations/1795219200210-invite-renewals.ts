import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, NULLABLE, references, referencesWithin } from './columns';

/** Of the tombstones those that hold the last word to an address: no newer one, and no newer invite. */
const LAST = `
  NOT EXISTS (SELECT 1 FROM invite_tombstones n WHERE n.organization_id = t.organization_id AND n.email = t.email AND n.id > t.id)
  AND NOT EXISTS (SELECT 1 FROM invites i WHERE i.organization_id = t.organization_id AND i.email = t.email
    AND (i.id > t.id OR i.open_email IS NOT NULL))`;

/**
 * An expired invite stays what it is, a row that can be seen and taken back, and becomes no tombstone that neither can be done to. Links
 * that newer ones replaced are remembered; how often the invited person may ask for one is the organization's to say.
 */
export class InviteRenewals1795219200210 implements MigrationInterface {
  name = 'InviteRenewals1795219200210';

  async up(db: QueryRunner) {
    const { row, living, string, id } = columnsFor(db);
    await createTable(db, 'replaced_invite_links', {
      columns: [...row, ...living, id('organization_id'), string('token_hash', 64), id('invite_id')],
      unique: [['token_hash']],
      indexes: [['invite_id'], ['organization_id']],
      keys: [references('organizations', 'organization_id', 'CASCADE'), references('invites', 'invite_id', 'CASCADE')],
    });
    // in SQL: TypeORM would build SQLite's tables anew
    const whole = db.dataSource.options.type === 'better-sqlite3' ? 'integer' : 'int';
    await db.query(`ALTER TABLE invites ADD COLUMN renewals ${whole} NOT NULL DEFAULT 0`);
    await db.query(`ALTER TABLE organizations ADD COLUMN invite_renewals ${whole} NOT NULL DEFAULT 3`);
    await db.query(`
      INSERT INTO invites (id, created_at, updated_at, version, organization_id, email, open_email, role_id, inviter_id,
        token_hash, expires_at, open_until, renewals)
      SELECT t.id, t.created_at, t.updated_at, t.version, t.organization_id, t.email, t.email, t.role_id, u.id,
        t.token_hash, t.created_at, t.created_at, 0
      FROM invite_tombstones t LEFT JOIN users u ON u.id = t.inviter_id WHERE ${LAST}`);
    await db.query(`
      INSERT INTO replaced_invite_links (id, created_at, updated_at, version, organization_id, token_hash, invite_id)
      SELECT t.id, t.created_at, t.updated_at, t.version, t.organization_id, t.token_hash,
        (SELECT MAX(i.id) FROM invites i WHERE i.organization_id = t.organization_id AND i.email = t.email)
      FROM invite_tombstones t WHERE NOT EXISTS (SELECT 1 FROM invites i WHERE i.id = t.id)`);
    await db.dropTable('invite_tombstones');
  }

  /** What has expired stays open, until the job of old buries it. */
  async down(db: QueryRunner) {
    const { row, living, string, id } = columnsFor(db);
    await createTable(db, 'invite_tombstones', {
      columns: [
        ...row,
        ...living,
        id('organization_id'),
        string('token_hash', 64),
        string('email', 254),
        id('role_id'),
        id('inviter_id', NULLABLE),
      ],
      unique: [['token_hash']],
      indexes: [['organization_id', 'role_id'], ['created_at'], ['email']],
      keys: [
        references('organizations', 'organization_id', 'CASCADE'),
        referencesWithin('roles', 'role_id', 'CASCADE'),
      ],
    });
    await db.query('ALTER TABLE organizations DROP COLUMN invite_renewals');
    await db.query('ALTER TABLE invites DROP COLUMN renewals');
    await db.dropTable('replaced_invite_links');
  }
}
