import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The mails about an account, as they were when organizations could still replace their words. */
const KEYS = [
  'account-exists',
  'login-alert',
  'magic-link',
  'password-changed',
  'reset-password',
  'session-ended',
  'social-linked',
  'social-unlinked',
  'verify-email',
];

/** Removes the words of organizations for mails about an account: those are in the platform's words only. */
export class AccountWordings1795219200200 implements MigrationInterface {
  name = 'AccountWordings1795219200200';

  async up(db: QueryRunner) {
    await db.query(`DELETE FROM email_templates WHERE \`key\` IN (${KEYS.map(() => '?').join(', ')})`, KEYS);
  }

  /** What was removed is gone. */
  async down() {}
}
