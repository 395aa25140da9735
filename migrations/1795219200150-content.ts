import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnsFor, createTable, NULLABLE, references } from './columns';

export class Content1795219200150 implements MigrationInterface {
  name = 'Content1795219200150';

  async up(db: QueryRunner) {
    const { row, living, string, id, moment, json, longText } = columnsFor(db);
    const tenantRow = [...row, ...living, id('organization_id')];
    const keys = [references('organizations', 'organization_id', 'CASCADE')];
    const article = [
      ...tenantRow,
      string('slug', 100),
      string('locale', 35),
      string('title', 200),
      longText('body'),
      longText('body_html'),
      json('seo'),
      moment('edited_at'),
      moment('publish_at', NULLABLE),
      id('publication_id', NULLABLE),
      moment('announced_at', NULLABLE),
    ];
    const unique = [['organization_id', 'locale', 'slug']];
    const indexes = [
      ['organization_id', 'id'],
      ['announced_at', 'publish_at'],
    ];
    await createTable(db, 'content_pages', { columns: article, unique, indexes, keys });
    await createTable(db, 'blog_posts', {
      columns: [...article, string('excerpt', 500), json('tags')],
      unique,
      indexes: [...indexes, ['organization_id', 'publication_id']],
      keys,
    });
    await createTable(db, 'waitlist_entries', {
      columns: [
        ...tenantRow,
        string('email', 254),
        string('name', 120, NULLABLE),
        string('source', 120, NULLABLE),
        string('token_hash', 64, NULLABLE),
        moment('expires_at'),
        moment('confirmed_at', NULLABLE),
        id('queue_id', NULLABLE),
        moment('invited_at', NULLABLE),
      ],
      unique: [['organization_id', 'email'], ['token_hash']],
      indexes: [['organization_id', 'id'], ['organization_id', 'queue_id'], ['email'], ['confirmed_at', 'expires_at']],
      keys,
    });
  }

  async down(db: QueryRunner) {
    for (const table of ['waitlist_entries', 'blog_posts', 'content_pages']) await db.dropTable(table);
  }
}
