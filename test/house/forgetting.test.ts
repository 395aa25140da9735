import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../../src/database/database';
import { retentionSettings } from '../../src/config/settings/retention.settings';
import { isEmbedded } from '../support/engines';
import { House } from '../support/house';
import { runJobs } from '../support/jobs';

const OPERATING = readFileSync(join(__dirname, '../../docs/operating.md'), 'utf8');
const [, retention = ''] = /\n## Retention\n([^]*?)\n## /.exec(OPERATING) ?? [];

/** What the jobs delete from, in any order. */
const SWEPT = [
  'activity_logs',
  'email_messages',
  'idempotency_keys',
  'invites',
  'notifications',
  'one_time_tokens',
  'outbox_messages',
  'payment_events',
  'rate_limits',
  'replaced_invite_links',
  'sessions',
  'trusted_devices',
  'waitlist_entries',
];

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

test('whatever a job deletes goes a hundred rows at a time, and is found by an index', async () => {
  const db = house.app.get(Database);
  const execute = jest.spyOn(db, 'execute');
  await runJobs(house);
  const deletes = execute.mock.calls.filter(([sql]) => sql.startsWith('DELETE'));
  jest.restoreAllMocks();

  const swept = new Set(deletes.map(([sql]) => /^DELETE FROM [`"](\w+)/.exec(sql)![1]));
  expect([...swept].sort()).toEqual(SWEPT);
  for (const [sql, parameters] of deletes) {
    expect(sql).toMatch(/ LIMIT 100\)?$/);
    const explain = isEmbedded ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN FORMAT=TRADITIONAL';
    const plan = await db.select<Record<string, string>>(`${explain} ${sql}`, parameters);
    // a server that knows a table to be small reads it whole: what it could go along is what counts
    const ways = plan.map((row) => (isEmbedded ? row.detail! : `SEARCH ${row.possible_keys}`));
    expect(ways.filter((way) => !/^(SEARCH (?!null)|LIST SUBQUERY|USING INDEX)/.test(way))).toEqual([]);
  }
});

test('docs/operating.md says of every table what keeps it, and by which setting', () => {
  const tables = house.source.entityMetadatas.map(({ tableName }) => tableName);
  expect(tables.filter((table) => !retention.includes(`\`${table}\``))).toEqual([]);
  expect(Object.keys(retentionSettings).filter((setting) => !retention.includes(`\`${setting}\``))).toEqual([]);
});
