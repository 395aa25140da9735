import { House } from '../support/house';
import { subscriptionOf } from '../support/matrix/billing';
import { correspond } from '../support/matrix/tenant';
import { Database } from '../../src/database/database';
import { newId } from '../../src/kit/id';
import { PERMISSIONS } from '../../src/access/permissions';
import type { Plan } from '../../src/modules/payments/plans/plan.entity';
import { PlansService } from '../../src/modules/payments/plans/plans.service';
import { SettleService } from '../../src/modules/payments/subscriptions/settle.service';

describe('deleting an organization', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  /** Every table whose rows belong to an organization, as their foreign keys say. */
  const tenantTables = () =>
    house.source.entityMetadatas
      .filter(({ foreignKeys }) =>
        foreignKeys.some((key) => key.referencedEntityMetadata.tableName === 'organizations'),
      )
      .map(({ tableName }) => tableName)
      .sort();

  async function rowsOf(organizationId: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const table of tenantTables()) {
      const [row] = await house.query(`SELECT COUNT(*) AS n FROM ${table} WHERE organization_id = ?`, [organizationId]);
      counts[table] = Number(row.n);
    }
    return counts;
  }

  /** An organization with a row in every table. */
  async function furnished() {
    const owner = await house.owner();
    const member = await house.member(owner);
    const role = (
      await owner.post('/organizations/:org/roles', { name: 'Guide', permissions: ['members:read'] })
    ).expect(201);
    (await owner.put(`/organizations/:org/members/${member.user.id}`, { extraRoles: [{ role: 'Guide' }] })).expect(200);
    const late = { email: `late-${owner.user.email}`, role: 'Member' };
    const { id: inviteId } = (await owner.post('/organizations/:org/invites', late)).expect(201);
    (await owner.post(`/organizations/:org/invites/${inviteId}/resend`)).expect(200); // remembers the link of before
    const back = await house.deviceOf(owner);
    (await back.post('/organizations/:org/invites', { email: `next-${owner.user.email}`, role: 'Guide' })).expect(201);
    const text = { slug: 'hello', title: 'Hello', body: 'Hello' };
    (await back.post('/organizations/:org/pages', text)).expect(201);
    (await back.post('/organizations/:org/posts', text)).expect(201);
    const { slug } = (await back.get('/organizations/:org')).expect(200);
    (await house.visitor().post(`/public/${slug}/waitlist`, { email: `wait-${owner.user.email}` })).expect(202);
    await subscriptionOf(house, { id: owner.organizationId, canary: 'team' });
    await correspond(house, back, slug);
    await house.mailsTo(owner.user.email); // the outbox has made the entry by then
    return { owner: back, member: await house.deviceOf(member), roleId: role.id };
  }

  test('removes all that it holds, and nothing of others', async () => {
    const [doomed, spared] = [await furnished(), await furnished()];
    const { organizationId } = doomed.owner;
    const [before, others] = [await rowsOf(organizationId), await rowsOf(spared.owner.organizationId)];
    expect(tenantTables()).toEqual([
      'blog_posts',
      'content_pages',
      'email_messages',
      'email_suppressions',
      'email_templates',
      'invites',
      'notifications',
      'replaced_invite_links',
      'roles',
      'subscriptions',
      'user_org',
      'user_role',
      'waitlist_entries',
    ]);
    for (const [table, count] of Object.entries(before))
      expect({ table, some: count > 0 }).toEqual({ table, some: true });

    (await doomed.owner.delete('/organizations/:org')).expect(204);
    await house.settled();

    for (const [table, count] of Object.entries(await rowsOf(organizationId)))
      expect({ table, count }).toEqual({ table, count: 0 });
    expect(await house.query('SELECT id FROM role_permissions WHERE role_id = ?', [doomed.roleId])).toEqual([]);
    expect(await house.query('SELECT id FROM organizations WHERE id = ?', [organizationId])).toEqual([]);
    expect(await rowsOf(spared.owner.organizationId)).toEqual(others);
  });

  test('takes at most 200 rows in a statement, with all that goes along with them', async () => {
    const { owner } = await furnished();
    const { organizationId: id } = owner;
    const fill = async (table: string, columns: string, rows: unknown[][]) => {
      for (let i = 0; i < rows.length; i += 100) {
        const some = rows.slice(i, i + 100);
        const marks = some.map((row) => `(${row.map(() => '?').join()})`).join();
        await house.query(`INSERT INTO ${table} (${columns}) VALUES ${marks}`, some.flat());
      }
    };
    const NOW = '2026-01-01 00:00:00.000';
    const made = 'id, created_at, updated_at, version';
    const rows = (count: number, values: (i: number) => unknown[]) =>
      Array.from({ length: count }, (_, i) => [newId(), NOW, NOW, 1, ...values(i)]);
    await fill(
      'email_messages',
      `${made}, organization_id, email`,
      rows(250, (i) => [id, `${i}@example.com`]),
    );
    await fill(
      'notifications',
      `${made}, organization_id, user_id, message_id, type, params`,
      rows(250, () => [id, owner.user.id, newId(), 'member.joined', '{}']),
    );
    const roles = rows(45, (i) => [id, `Role ${i}`, '', 0]);
    await fill('roles', `${made}, organization_id, name, description, fixed`, roles);
    await fill(
      'role_permissions',
      'id, created_at, role_id, permission',
      roles.flatMap(([role]) => PERMISSIONS.map((permission) => [newId(), NOW, role, permission])),
    );

    const all = [
      ...tenantTables().map((table) => `SELECT COUNT(*) FROM ${table} WHERE organization_id = '${id}'`),
      `SELECT COUNT(*) FROM role_permissions p JOIN roles r ON r.id = p.role_id WHERE r.organization_id = '${id}'`,
    ];
    const left = async () =>
      Number((await house.query(`SELECT ${all.map((one) => `(${one})`).join(' + ')} AS n`))[0].n);
    (await owner.delete('/organizations/:org')).expect(204);
    const db = house.app.get(Database);
    const execute = db.execute.bind(db);
    const taken: { sql: string; rows: number }[] = [];
    jest.spyOn(db, 'execute').mockImplementation(async (sql, parameters) => {
      if (!sql.startsWith('DELETE') || !parameters.includes(id)) return execute(sql, parameters);
      const before = await left();
      const matched = await execute(sql, parameters);
      taken.push({ sql, rows: before - (await left()) });
      return matched;
    });
    await house.settled();
    jest.restoreAllMocks();

    expect(await left()).toBe(0);
    expect(taken.filter(({ rows: many }) => many > 200)).toEqual([]);
    expect(taken.at(-1)).toEqual({ sql: expect.stringContaining('organizations'), rows: 0 });
    for (const { sql } of taken.slice(0, -1)) expect(sql).toMatch(/ LIMIT \d+\)?$/);
  });

  test('is felt at the next request: for its members it is not there, and they live on', async () => {
    const owner = await house.owner();
    const member = await house.member(owner);
    (await owner.delete('/organizations/:org')).expect(204);

    for (const someone of [owner, member]) {
      (await someone.get('/organizations/:org')).problem(404, 'not-found');
      const { memberships } = (await someone.get('/auth/me')).expect(200);
      expect(memberships.map(({ organization }: any) => organization.id)).not.toContain(owner.organizationId);
    }
    (await owner.delete('/organizations/:org')).problem(404, 'not-found');
  });

  test('frees its slug, and its open links lead nowhere', async () => {
    const owner = await house.owner();
    const { slug } = (await owner.get('/organizations/:org')).expect(200);
    const email = `guest-of-${slug}@example.com`;
    (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
    const token = await house.tokenFor(email, 'invite');

    (await owner.delete('/organizations/:org')).expect(204);

    (await house.visitor().post('/invites/preview', { token })).problem(404, 'not-found');
    expect((await owner.post('/organizations', { name: 'Heir', slug })).expect(201).slug).toBe(slug);
  });

  test('is not there for staff, people and links from the mark on, while its rows still are', async () => {
    const owner = await house.owner();
    const { organizationId: id } = owner;
    const { slug } = (await owner.get('/organizations/:org')).expect(200);
    const email = `late-guest-of-${slug}@example.com`;
    (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
    const token = await house.tokenFor(email, 'invite');
    (await owner.post('/organizations/:org/pages', { slug: 'hello', title: 'Hello', body: 'Hello' })).expect(201);
    const staff = await house.user();
    await house.promote(staff);
    const plan = { limits: { seats: 1 } };
    await house.query('UPDATE organizations SET limits = ? WHERE id = ?', [JSON.stringify({ seats: 9 }), id]);

    await house.query('DELETE FROM user_org WHERE organization_id = ?', [id]);
    await house.query('UPDATE organizations SET deleted_at = created_at, slug = ? WHERE id = ?', [`~${id}`, id]);

    for (const someone of [owner, staff]) {
      (await someone.get(`/organizations/${id}`)).problem(404, 'not-found');
      (await someone.put(`/organizations/${id}`, { name: 'Back' })).problem(404, 'not-found');
      (await someone.delete(`/organizations/${id}`)).problem(404, 'not-found');
    }
    const { data } = (await staff.get('/organizations?all=true&limit=100')).expect(200);
    expect(data.map((one: { id: string }) => one.id)).not.toContain(id);
    for (const name of [slug, `~${id}`]) (await house.visitor().get(`/public/${name}/posts`)).problem(404, 'not-found');
    (await house.visitor().post('/invites/preview', { token })).problem(404, 'not-found');

    const settled: string[] = [];
    const settling = house.app.get(SettleService, { strict: false });
    jest
      .spyOn(house.app.get(PlansService, { strict: false }), 'default')
      .mockResolvedValue({ code: 'free', ...plan } as Plan);
    for await (const { organization } of settling.settleAll({ dryRun: true })) settled.push(organization.id);
    expect(settled).not.toContain(id);
  });
});
