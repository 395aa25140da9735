import { Database } from '../../src/database/database';
import { newId, newIdAt } from '../../src/kit/id';
import { isEmbedded } from '../support/engines';
import type { Parameter } from '../../src/database/statements/statements';
import { OutboxWorker } from '../../src/outbox/outbox.worker';
import { InvitesJob } from '../../src/modules/invites/invites.job';
import { NotificationsRepository } from '../../src/modules/messaging/notifications/notifications.repository';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const LINES = 2000;
const COLUMNS = '(id, created_at, organization_id, actor_id, action, target_type, target_id)';

describe('what grows is read by an index', () => {
  let house: House;
  let ada: Visitor;

  beforeAll(async () => {
    house = await House.open();
    ada = await house.owner();
    const [{ at }] = await house.query('SELECT MAX(created_at) AS at FROM activity_logs');
    const people = [ada.user.id, ...Array.from({ length: 49 }, newId)];
    const rows = Array.from({ length: LINES }, (_, i) => {
      const organizationId = i % 2 ? ada.organizationId : newId();
      return [newIdAt(new Date(i)), at, organizationId, people[i % 50], `other.${i % 50}`, 'user', people[i % 50]];
    });
    for (let i = 0; i < LINES; i += 100) {
      const some = rows.slice(i, i + 100);
      const marks = some.map(() => '(?, ?, ?, ?, ?, ?, ?)').join();
      await house.query(`INSERT INTO activity_logs ${COLUMNS} VALUES ${marks}`, some.flat());
    }
    await house.query(isEmbedded ? 'ANALYZE activity_logs' : 'ANALYZE TABLE activity_logs');
  });
  afterAll(() => house.close());

  /** What the engine means to do for the answer to this request. */
  const plansOf = async (path: string, table = 'activity_logs', statements = 1): Promise<string[]> => {
    const db = house.app.get(Database);
    const select = jest.spyOn(db, 'select');
    (await ada.get(path)).expect(200);
    const asked = select.mock.calls.filter(([sql]) => sql.includes(table));
    select.mockRestore();
    expect(asked).toHaveLength(statements);
    const plans: string[] = [];
    for (const [sql, parameters] of asked) {
      const explain = isEmbedded ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN FORMAT=TRADITIONAL';
      const rows = await db.select<Record<string, string>>(`${explain} ${sql}`, parameters);
      plans.push(...rows.map((row) => (isEmbedded ? row.detail! : `${row.type} ${row.key} ${row.Extra}`)));
    }
    return plans;
  };

  const FILTERS = {
    everything: '',
    'what one person did': `actor=${newId()}`,
    'one action': 'action=invite.created',
    'what was done to one thing': `target=${newId()}`,
    'a span of time': 'from=2026-01-01T00:00:00Z&to=2040-01-01T00:00:00Z',
    'the next page': `cursor=${newIdAt(new Date('2040-01-01'))}`,
    'all of it together': `actor=${newId()}&action=invite.created&target=${newId()}&from=2026-01-01T00:00:00Z`,
  };
  const NO_SCAN = isEmbedded
    ? /^SEARCH .* USING INDEX /
    : /^(ref|range|const|eq_ref) (ix_activity_logs_|PRIMARY )(?!.*filesort)/;

  /** Up to the cursor by the index itself: else it is walked from its end, past all pages before this one. */
  const FROM_CURSOR = isEmbedded ? /\(organization_id=\? AND (.* AND )?id<\?\)/ : /^range /;

  test.each(['', '&action=other.1', '&to=2040-01-01T00:00:00Z'])(
    'a far page begins at its cursor, though the organization has half of the lines (%s)',
    async (filter) => {
      const plans = await plansOf(`/organizations/:org/activity-logs?cursor=${newIdAt(new Date(LINES / 2))}${filter}`);
      expect(plans).toEqual([expect.stringMatching(FROM_CURSOR)]);
    },
  );

  test.each(Object.entries(FILTERS))('of an organization: %s', async (_, query) => {
    const plans = await plansOf(`/organizations/:org/activity-logs?${query}`);
    expect(plans).toEqual([expect.stringMatching(NO_SCAN)]);
  });

  test.each(Object.entries(FILTERS).filter(([, query]) => !query.includes('actor')))(
    'of a person: %s',
    async (_, query) => {
      const isOneList = query.includes('target'); // what was done to something else
      const plans = await plansOf(`/users/me/activity-logs?${query}`, 'activity_logs', isOneList ? 1 : 2);
      expect(plans).toEqual(plans.map(() => expect.stringMatching(NO_SCAN)));
    },
  );

  test.each(['action', 'target'])('of a person, by %s: an index of its own', async (filter) => {
    const [plan] = await plansOf(
      `/users/me/activity-logs?${filter}=${newId()}`,
      'activity_logs',
      filter === 'target' ? 1 : 2,
    );
    expect(plan).toMatch(filter);
  });

  test('what is swept is found by an index, however much stays', async () => {
    const { id } = (await ada.post('/organizations/:org/invites', { email: freshAddress(), role: 'Member' })).expect(
      201,
    );
    const columns = 'created_at, updated_at, version, organization_id, role_id, expires_at';
    for (let i = 0; i < 500; i++)
      await house.query(
        `INSERT INTO invites (id, email, token_hash, ${columns}) SELECT ?, ?, ?, ${columns} FROM invites WHERE id = ?`,
        [`${id.slice(0, -4)}${i}`, `${i}@example.com`, `${id} ${i}`, id],
      );
    const db = house.app.get(Database);
    const execute = jest.spyOn(db, 'execute');
    await house.app.get(InvitesJob).sweep();
    const [sql, parameters] = execute.mock.calls.find(([text]) => text.includes('invites'))!;
    execute.mockRestore();

    const plans = await db.select<Record<string, string>>(
      `${isEmbedded ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN FORMAT=TRADITIONAL'} ${sql}`,
      parameters,
    );
    const said = plans.map((row) => (isEmbedded ? row.detail! : `${row.type} ${row.key}`));
    expect(said).toContainEqual(
      expect.stringMatching(isEmbedded ? /INDEX ix_invites_open_until/ : /^range ix_invites_open_until$/),
    );
    expect(said.filter((plan) => /^SCAN|^ALL/.test(plan))).toEqual([]);
  });

  test('what else is due, and who has news, is found by an index, however many mails wait and people listen', async () => {
    const db = house.app.get(Database);
    const far = '2126-01-01 00:00:00.000';
    for (let i = 0; i < 1000; i += 100) {
      const some = Array.from({ length: 100 }, () => [newId(), far, 'invite.sent', 'Some.one', 'sealed', far]);
      const marks = some.map(() => '(?, ?, ?, ?, ?, ?)').join();
      await house.query(
        `INSERT INTO outbox_messages (id, created_at, topic, handler, payload, due_at) VALUES ${marks}`,
        some.flat(),
      );
    }
    await house.query(isEmbedded ? 'ANALYZE outbox_messages' : 'ANALYZE TABLE outbox_messages');
    const select = jest.spyOn(db, 'select');
    const worker = house.app.get(OutboxWorker) as unknown as {
      due(limit: number, without: string[]): Promise<object[]>;
    };
    expect(await worker.due(2, ['invite.sent'])).toEqual([]);
    const listeners = Array.from({ length: 200 }, () => ({ userId: newId(), after: newId() }));
    await house.app.get(NotificationsRepository, { strict: false }).readersOfNews(listeners);
    const [due, news] = select.mock.calls.map(([sql, parameters]) => ({ sql, parameters }));
    select.mockRestore();
    const planOf = async ({ sql, parameters }: { sql: string; parameters: Parameter[] }, asIf: Parameter[] = []) => {
      const explain = isEmbedded ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN FORMAT=TRADITIONAL';
      const values = [...asIf, ...parameters.slice(asIf.length)];
      const [row] = await db.select<Record<string, string>>(`${explain} ${sql}`, values);
      return isEmbedded ? row!.detail! : `${row!.key} ${row!.Extra}`;
    };
    expect(await planOf(due!, ['2127-01-01 00:00:00.000'])).toContain('ix_outbox_messages_due_at_topic');
    expect(await planOf(news!)).toMatch(/ix_notifications_id_user_id|Using index/);
    await house.query('DELETE FROM outbox_messages WHERE due_at = ?', [far]);
  });

  if (!isEmbedded) return; // a server would read a table whole that is as small as in a test

  test.each([
    ['who calls, and what they may do', '/organizations/:org/roles', 'FROM sessions s'],
    ['where one belongs', '/auth/me', 'FROM "user_org" t'],
    ['a page of members', '/organizations/:org/members', 'FROM "user_org" t'],
    ['my organizations', '/organizations', 'JOIN user_org m'],
  ])('%s: by keys alone', async (_, path, from) => {
    const plans = await plansOf(path, from);
    expect(plans.filter((plan) => /^SCAN|MATERIALIZE|AUTOMATIC/.test(plan))).toEqual([]);
  });
});
