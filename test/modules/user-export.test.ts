import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

/** Where what a person did is still told, under an id that names nobody any more. */
const TRAIL = 'activity_logs';

describe('what is held about a person', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  /** One who left traces wherever there can be any. */
  async function settled(): Promise<{ ada: Visitor; owner: Visitor; guest: string; words: string[] }> {
    const mark = freshAddress('mark').split('@')[0]!;
    const owner = await house.owner();
    const ada = await house.user({ email: `${mark}@example.com`, name: `Ada ${mark}` });
    const invite = async (by: Visitor, email: string) =>
      (await by.post('/organizations/:org/invites', { email, role: 'Admin' }, { 'idempotency-key': email })).expect(
        201,
      );
    await invite(owner, ada.user.email);
    await ada.join(await house.tokenFor(ada.user.email, 'invite'));
    const guest = freshAddress('guest');
    await invite(ada, guest);
    const late = await invite(ada, freshAddress('late'));
    (await ada.post(`/organizations/:org/invites/${late.id}/resend`)).expect(200); // remembers the link of before

    (await ada.put('/users/me', { profile: { note: mark } })).expect(200);
    (await ada.put('/users/me/settings', { locale: 'fr' })).expect(200);
    (await ada.put('/users/me/data/drafts', { value: mark })).expect(200);
    (await ada.post('/auth/magic-link', { email: ada.user.email })).expect(202);
    await house.deviceOf(ada);
    (await owner.put(`/organizations/:org/members/${ada.user.id}`, { role: 'Owner', settings: { mark } })).expect(200);
    const grace = await house.member(ada); // told to both
    await house.mailsTo(grace.user.email);
    return { ada, owner, guest, words: [ada.user.id, mark] };
  }

  test('is exported as one document, module by module', async () => {
    const { ada, owner, guest } = await settled();
    const { exportedAt, held } = (await ada.get('/users/me/export')).expect(200);
    expect(Date.parse(exportedAt)).not.toBeNaN();
    const { id, email, name, profile } = (await ada.get('/users/me')).expect(200);
    expect(held).toMatchObject({
      user: { id, email, name, profile, hasPassword: true },
      settings: { locale: 'fr' },
      documents: [{ key: 'drafts' }],
      memberships: expect.arrayContaining([
        expect.objectContaining({ organization: expect.objectContaining({ id: owner.organizationId }), role: 'Owner' }),
      ]),
      links: [{ purpose: 'magic-link' }],
      invites: {
        sent: expect.arrayContaining([expect.objectContaining({ email: guest })]),
        received: [expect.objectContaining({ email, status: 'accepted' })],
      },
      activity: expect.arrayContaining([expect.objectContaining({ action: 'invite.accepted' })]),
    });
    expect(held.sessions).toHaveLength(2);
    expect(held.devices.length).toBeGreaterThan(0);
    expect(held.notifications.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['member.role-changed', 'member.joined']),
    );
    const { data: trail } = (await ada.get('/users/me/activity-logs?action=user.exported')).expect(200);
    expect(trail).toHaveLength(1);
  });

  test('is exported without a secret, or the hash of one', async () => {
    const { ada, guest } = await settled();
    const { text } = await ada.get('/users/me/export');
    const hashes = [
      ...(await house.query('SELECT password_hash AS hash FROM users WHERE id = ?', [ada.user.id])),
      ...(await house.query('SELECT token_hash AS hash FROM one_time_tokens WHERE user_id = ?', [ada.user.id])),
      ...(await house.query('SELECT device_hash AS hash FROM trusted_devices WHERE user_id = ?', [ada.user.id])),
      ...(await house.query('SELECT token_hash AS hash FROM invites WHERE inviter_id = ?', [ada.user.id])),
      ...(await house.query('SELECT token_hash AS hash FROM invites WHERE email = ?', [ada.user.email])),
    ].map(({ hash }) => String(hash));
    expect(hashes.length).toBeGreaterThan(5);
    const secrets = [
      ...hashes,
      await house.tokenFor(guest, 'invite'),
      await house.tokenFor(ada.user.email, 'magic-link'),
    ];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).not.toMatch(/argon2|hash"|[0-9a-f]{64}/i);
    expect(text).not.toContain(ada.refreshToken);
  });

  test('is exported to oneself, and to platform staff with a right of its own', async () => {
    const [ada, eve, support, admin] = [await house.user(), await house.user(), await house.user(), await house.user()];
    await house.promote(support, 'support');
    await house.promote(admin);
    const path = `/users/${ada.user.id}/export`;
    (await house.visitor().get(path)).problem(401, 'unauthenticated');
    (await eve.get(path)).problem(404, 'not-found');
    (await support.get(path)).problem(404, 'not-found');
    expect((await admin.get(path)).expect(200).held.user.email).toBe(ada.user.email);
    const { data } = (await admin.get('/users/me/activity-logs?action=user.exported')).expect(200);
    expect(data).toMatchObject([{ targetId: ada.user.id, actorId: admin.user.id }]);
  });

  test('is gone with the person: no table holds the id, the address or the name, but for the id in the trail', async () => {
    const { ada, owner, words } = await settled();
    const isIn = (value: unknown) => words.some((word) => JSON.stringify(value ?? null).includes(word));
    const found = async () => {
      const places = new Set<string>();
      for (const { tableName } of house.source.entityMetadatas) {
        const values = (await house.query(`SELECT * FROM ${tableName}`)).flatMap((row) => Object.entries(row));
        for (const [column] of values.filter(([, value]) => isIn(value))) places.add(`${tableName}.${column}`);
      }
      return places;
    };
    const before = await found();
    expect([...before]).toEqual(
      expect.arrayContaining([
        'users.email',
        'user_org.user_id',
        'notifications.user_id',
        'invites.inviter_id',
        'user_data.document',
      ]),
    );
    (await ada.delete('/users/me')).expect(204);
    await house.mailsTo(owner.user.email); // nothing is on its way any more

    const after = [...(await found())];
    expect(after.filter((place) => ![`${TRAIL}.actor_id`, `${TRAIL}.target_id`].includes(place))).toEqual([]);
    expect(after).toContain(`${TRAIL}.actor_id`);
    const traces = await house.query(`SELECT ip, user_agent AS agent FROM ${TRAIL} WHERE actor_id = ?`, [ada.user.id]);
    expect(traces.filter(({ ip, agent }) => ip !== null || agent !== null)).toEqual([]);
  });
});
