import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, NULLABLE, references, referencesWithin } from './columns';

export class Organizations1795219200002 implements MigrationInterface {
  name = 'Organizations1795219200002';

  async up(db: QueryRunner) {
    const { row, living, string, id, json, moment, boolean } = columnsFor(db);
    const ofOrganization = references('organizations', 'organization_id', 'CASCADE');
    const tenantRow = [...row, ...living, id('organization_id')];
    await createTable(db, 'organizations', {
      columns: [
        ...row,
        ...living,
        string('name', 120),
        string('slug', 63),
        string('status', 20),
        boolean('personal'),
        json('settings'),
      ],
      unique: [['slug']],
    });
    await createTable(db, 'roles', {
      columns: [...tenantRow, string('name', 60), string('description', 255), boolean('fixed')],
      unique: [
        ['organization_id', 'name'],
        ['organization_id', 'id'],
      ],
      keys: [ofOrganization],
    });
    await createTable(db, 'role_permissions', {
      columns: [...row, id('role_id'), string('permission', 60)],
      unique: [['role_id', 'permission']],
      keys: [references('roles', 'role_id', 'CASCADE')],
    });
    await createTable(db, 'user_org', {
      columns: [...tenantRow, id('user_id'), id('role_id'), string('status', 20), json('settings')],
      unique: [['organization_id', 'user_id']],
      indexes: [['organization_id', 'id'], ['user_id'], ['organization_id', 'role_id']],
      keys: [
        ofOrganization,
        references('users', 'user_id', 'CASCADE'),
        referencesWithin('roles', 'role_id', 'RESTRICT'),
      ],
    });
    await createTable(db, 'user_role', {
      columns: [...tenantRow, id('user_id'), id('role_id'), moment('expires_at', NULLABLE)],
      unique: [['organization_id', 'user_id', 'role_id']],
      indexes: [['organization_id', 'role_id']],
      keys: [
        ofOrganization,
        referencesWithin('user_org', 'user_id', 'CASCADE', 'user_id'),
        referencesWithin('roles', 'role_id', 'CASCADE'),
      ],
    });
  }

  async down(db: QueryRunner) {
    for (const table of ['user_role', 'user_org', 'role_permissions', 'roles', 'organizations'])
      await db.dropTable(table);
  }
}
