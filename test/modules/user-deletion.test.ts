import { House } from '../support/house';
import { freshAddress, seen } from '../support/fresh';
import { PASSWORD, type Visitor } from '../support/visitor';

describe('deleting one’s account', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const countOf = async (table: string, column: string, value: string) =>
    Number((await house.query(`SELECT COUNT(*) AS n FROM ${table} WHERE ${column} = ?`, [value]))[0].n);
  const login = (email: string) => house.visitor().post('/auth/login', { email, password: PASSWORD });

  /** One who left traces in every table that knows people. */
  async function settled(): Promise<Visitor> {
    const ada = await house.user();
    (await ada.put('/users/me/settings', { locale: 'fr' })).expect(200);
    (await ada.put('/users/me/data/drafts', { value: 1 })).expect(200);
    (await ada.post('/auth/magic-link', { email: ada.user.email })).expect(202);
    await house.mailTo(ada.user.email);
    return ada;
  }

  test('takes along all that is theirs, and the organizations that nobody else belongs to', async () => {
    const ada = await settled();
    const phone = await house.deviceOf(ada);
    const tables = ['user_settings', 'user_data', 'sessions', 'trusted_devices', 'one_time_tokens', 'user_org'];
    for (const table of tables)
      expect([table, (await countOf(table, 'user_id', ada.user.id)) > 0]).toEqual([table, true]);
    (await ada.delete('/users/me')).expect(204);

    for (const table of tables) expect([table, await countOf(table, 'user_id', ada.user.id)]).toEqual([table, 0]);
    expect(await countOf('users', 'id', ada.user.id)).toBe(0);
    await house.settled();
    expect(await countOf('organizations', 'id', ada.organizationId)).toBe(0);
    for (const device of [ada, phone]) (await device.get('/auth/me')).problem(401, 'unauthenticated');
  });

  test('leaves what was done in the trail, but not from where', async () => {
    const ada = await settled();
    const { id } = ada.user;
    const before = await countOf('activity_logs', 'actor_id', id);
    (await ada.delete('/users/me')).expect(204);

    const rows = await house.query('SELECT action, ip, user_agent AS agent FROM activity_logs WHERE actor_id = ?', [
      id,
    ]);
    expect(rows.length).toBeGreaterThan(before);
    expect(rows.map(({ action }) => action)).toContain('user.deleted');
    expect(rows.filter(({ ip, agent }) => ip !== null || agent !== null)).toEqual([]);
  });

  test('afterwards the address is as unknown as any, and free', async () => {
    const ada = await house.user();
    const { email } = ada.user;
    (await ada.delete('/users/me')).expect(204);
    expect(seen(await login(email))).toEqual(seen(await login(freshAddress())));
    const mails = (await house.mailsTo(email)).length;
    (await house.visitor().post('/auth/reset-password', { email })).expect(202);
    expect(await house.mailsTo(email)).toHaveLength(mails);

    const { user } = (await house.visitor().post('/auth/signup', { email, password: PASSWORD })).expect(201);
    expect(user.id).not.toBe(ada.user.id);
    expect((await login(email)).expect(200).user.id).toBe(user.id);
  });

  test('is refused while others depend on them as their only Owner, and then nothing is gone', async () => {
    const owner = await house.owner();
    const grace = await house.member(owner);
    (await owner.delete('/users/me')).problem(409, 'last-owner');

    const { memberships } = (await owner.get('/auth/me')).expect(200);
    expect(memberships).toMatchObject([{ organization: { id: owner.organizationId }, role: 'Owner' }]);
    (await grace.get('/organizations/:org')).expect(200);
    await login(owner.user.email).then((answer) => answer.expect(200));

    (await owner.put(`/organizations/:org/members/${grace.user.id}`, { role: 'Owner' })).expect(200);
    (await owner.delete('/users/me')).expect(204);
    const { data } = (await grace.get('/organizations/:org/members')).expect(200);
    expect(data).toMatchObject([{ userId: grace.user.id, role: 'Owner' }]);
  });

  test('of a mere member leaves the organization as it is', async () => {
    const owner = await house.owner();
    const grace = await house.member(owner);
    (await grace.delete('/users/me')).expect(204);

    expect((await owner.get('/organizations/:org/members')).expect(200).data).toMatchObject([
      { userId: owner.user.id },
    ]);
    const { data } = (await owner.get(`/organizations/:org/activity-logs?actor=${grace.user.id}`)).expect(200);
    expect(data.length).toBeGreaterThan(0); // what she did is still told
  });

  test('leaves the invites that they sent, from nobody', async () => {
    const owner = await house.owner();
    const admin = await house.member(owner, 'Admin');
    const email = freshAddress();
    const invite = (await admin.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
    (await admin.delete('/users/me')).expect(204);

    const left = await owner.get(`/organizations/:org/invites/${invite.id}`);
    expect(left.expect(200)).toMatchObject({ email, invitedBy: null });
  });
});
