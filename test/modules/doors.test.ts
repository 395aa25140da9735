import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { operations, parametersIn } from '../support/operations';
import type { Visitor } from '../support/visitor';

const BOSS = freshAddress('boss');
const MARKS = { document: 'dear diary', device: 'a watch of hers', note: 'a note of hers' };

/** One rule for one datum, whichever door one comes by. */
describe('what is private to a person', () => {
  let house: House;
  const people = {} as Record<'oneself' | 'owner' | 'stranger' | 'support' | 'admin', Visitor>;

  beforeAll(async () => {
    house = await House.open({ SIGNUP_POLICY: 'open', PLATFORM_ADMINS: BOSS });
    const owner = await house.owner();
    const [stranger, support, admin] = [await house.user(), await house.user(), await house.user({ email: BOSS })];
    await house.promote(support, 'support');
    const oneself = await house.member(owner);
    Object.assign(people, { oneself, owner, stranger, support, admin });

    (await oneself.put('/users/me/data/diary', { value: MARKS.document })).expect(200);
    (await owner.put(`/organizations/:org/members/${oneself.user.id}`, { role: 'Admin' })).expect(200);
    await house.settled();
    const watch = Object.assign(house.visitor(), { userAgent: MARKS.device });
    await watch.signIn(oneself.user.email);
    await house.query('UPDATE notifications SET params = ? WHERE user_id = ?', [
      `{"note":"${MARKS.note}"}`,
      oneself.user.id,
    ]);
    await house.settled();
  });
  afterAll(() => house.close());

  test.each([
    ['', 200, 200, 200],
    ['/settings', 200, 200, 200],
    ['/activity-logs', 200, 200, 200],
    ['/data', 200, 404, 404],
    ['/data/diary', 200, 404, 404],
    ['/export', 200, 404, 200],
  ])('GET /users/{userId}%s', async (path, oneself, support, admin) => {
    const answers = { oneself, support, admin, stranger: 404, owner: 404 };
    for (const [who, status] of Object.entries(answers)) {
      const got = await people[who as keyof typeof people].get(`/users/${people.oneself.user.id}${path}`);
      expect([who, got.status]).toEqual([who, status]);
    }
  });

  /** Every door that can be tried without knowing more than ids. */
  const DOORS = operations.filter(
    ({ method, path }) =>
      method === 'GET' &&
      /^(\/users|\/organizations|\/auth|\/notifications|\/messages|\/payments)/.test(path) &&
      !path.includes('stream'),
  );

  test.each(['support', 'admin', 'owner', 'stranger'] as const)(
    'reaches %s by no other door than the export',
    async (who) => {
      const ids: Record<string, string> = {
        userId: people.oneself.user.id,
        orgId: people.owner.organizationId,
        key: 'diary',
      };
      const through: string[] = [];
      for (const door of DOORS) {
        if (parametersIn(door, 'path').some(({ name }) => !ids[name])) continue;
        const url = door.path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name]!);
        const { status, text } = await people[who].get(url);
        if (status === 200 && Object.values(MARKS).some((mark) => text.includes(mark))) through.push(door.path);
      }
      expect(through).toEqual(who === 'admin' ? ['/users/{userId}/export'] : []);
    },
  );

  test('is exported by another with a line that the person sees, and nothing of where that other was', async () => {
    const [ada, boss] = [await house.user(), people.admin];
    (await boss.get(`/users/${ada.user.id}/export`)).expect(200);
    (await boss.put(`/users/${ada.user.id}/settings`, { locale: 'fr' })).expect(200);

    const { data } = (await ada.get('/users/me/activity-logs?limit=2')).expect(200);
    const byAnother = { actorId: boss.user.id, targetId: ada.user.id, ip: null, userAgent: null, requestId: null };
    expect(data).toMatchObject([
      { action: 'user.settings-updated', ...byAnother },
      { action: 'user.exported', ...byAnother },
    ]);
    const { held } = (await ada.get('/users/me/export')).expect(200);
    const told = held.activity.filter(({ actorId }: { actorId: string }) => actorId === boss.user.id);
    expect(told).toMatchObject([byAnother, byAnother]);
    const theirs = `/users/me/activity-logs?target=${ada.user.id}&action=user.exported`;
    expect((await boss.get(theirs)).expect(200).data).toMatchObject([{ ip: boss.ip, userAgent: boss.userAgent }]);
  });

  test('is listed by pages, each line once, whoever did what', async () => {
    const ada = await house.user();
    for (let i = 0; i < 3; i++) {
      (await people.admin.put(`/users/${ada.user.id}`, { name: `Ada ${i}` })).expect(200);
      (await ada.put('/users/me', { name: 'Ada' })).expect(200);
    }
    const all = (await ada.get('/users/me/activity-logs?limit=100')).expect(200).data.map(({ id }: any) => id);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: any = (await ada.get(`/users/me/activity-logs?limit=2${cursor && `&cursor=${cursor}`}`)).expect(200);
      paged.push(...page.data.map(({ id }: any) => id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
    expect(new Set(all).size).toBe(all.length);
  });

  describe('what an organization keeps', () => {
    const KEPT = { settings: { theme: 'dark' }, limits: null, plan: null };

    test('is not shown to a member who may not read it, by whichever door', async () => {
      const owner = await house.owner();
      (await owner.put('/organizations/:org', { settings: KEPT.settings })).expect(200);
      (await owner.post('/organizations/:org/roles', { name: 'Guest', permissions: ['blog:read'] })).expect(201);
      const guest = await house.user();
      (await owner.post('/organizations/:org/invites', { email: guest.user.email, role: 'Guest' })).expect(201);
      const token = await house.tokenFor(guest.user.email, 'invite');
      const { organization } = (await guest.post('/invites/accept', { token })).expect(200);
      const seen = async (who: Visitor) =>
        (await who.get('/organizations')).expect(200).data.find(({ id }: any) => id === owner.organizationId);

      (await guest.get(`/organizations/${owner.organizationId}`)).problem(403, 'forbidden');
      expect(organization.settings).toEqual({});
      expect(await seen(guest)).toMatchObject({ name: organization.name, settings: {} });
      expect(await seen(owner)).toMatchObject(KEPT);
      const path = `/organizations/:org/members/${guest.user.id}`;
      (await owner.put(path, { extraRoles: [{ role: 'Member' }] })).expect(200);
      expect(await seen(guest)).toMatchObject(KEPT);
    });
  });
});
