import { House } from '../support/house';
import { freshAddress, freshName } from '../support/fresh';
import { PASSWORD, type Visitor } from '../support/visitor';

const NEW_PASSWORD = 'nine umbrellas on a winter beach';
const NOWHERE = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';
const [BOSS, LATER] = [freshAddress('boss'), freshAddress('later')];

describe('platform staff', () => {
  let house: House;
  let boss: Visitor;

  beforeAll(async () => {
    house = await House.open({ SIGNUP_POLICY: 'open', PLATFORM_ADMINS: `${BOSS}, ${LATER.toUpperCase()}` });
    boss = await house.user({ email: BOSS });
  });
  afterAll(() => house.close());

  /** Staff who may read only. */
  async function supporter(): Promise<Visitor> {
    const support = await house.user();
    await house.promote(support, 'support');
    return support;
  }

  test('are those whom PLATFORM_ADMINS names, once their mailbox is proved', async () => {
    const later = await house.user({ email: LATER, verified: false });
    expect((await later.get('/auth/me')).expect(200).staff).toBe(false);
    (await later.get('/users')).problem(403, 'forbidden');

    await later.verify(await house.tokenFor(LATER, 'verify-email'));
    expect((await later.get('/auth/me')).expect(200).staff).toBe(true);
    (await later.get('/users')).expect(200);
  });

  test('and nobody else', async () => {
    const [owner, nobody] = [await house.owner(), house.visitor()];
    const form = { email: freshAddress(), name: 'Joan' };
    (await nobody.get('/users')).problem(401, 'unauthenticated');
    (await nobody.post('/users', form)).problem(401, 'unauthenticated');
    (await owner.get('/users')).problem(403, 'forbidden');
    (await owner.post('/users', form)).problem(403, 'forbidden');
    (await boss.get('/users')).expect(200);
  });

  test('for support read, and change nothing', async () => {
    const [support, ada] = [await supporter(), await house.user()];
    (await support.get('/users')).expect(200);
    (await support.get(`/users/${ada.user.id}`)).expect(200);
    (await support.get(`/users/${ada.user.id}/settings`)).expect(200);
    (await support.get(`/users/${ada.user.id}/activity-logs`)).expect(200);

    (await support.post('/users', { email: freshAddress(), name: 'Joan' })).problem(403, 'forbidden');
    (await support.put(`/users/${ada.user.id}`, { name: 'Eve' })).problem(404, 'not-found');
    (await support.put(`/users/${ada.user.id}/settings`, { locale: 'fr' })).problem(404, 'not-found');
    (await support.delete(`/users/${ada.user.id}`)).problem(404, 'not-found');
    (await support.put('/users/me', { status: 'active' })).problem(403, 'forbidden');
  });

  test('do not see a person’s documents', async () => {
    const ada = await house.user();
    (await ada.put('/users/me/data/diary', { value: 'dear diary' })).expect(200);
    for (const path of ['data', 'data/diary'])
      (await boss.get(`/users/${ada.user.id}/${path}`)).problem(404, 'not-found');
    (await boss.put(`/users/${ada.user.id}/data/diary`, { value: 1 })).problem(404, 'not-found');
    (await boss.delete(`/users/${ada.user.id}/data/diary`)).problem(404, 'not-found');
    expect((await ada.get('/users/me/data/diary')).expect(200).value).toBe('dear diary');
  });

  describe('listing people', () => {
    const idsOf = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);

    test('finds them by the beginning of their name or address, newest first', async () => {
      const [ada, grace] = [
        await house.user({ name: freshName('Zoë 100%_') }),
        await house.user({ name: freshName('Zoë 100 ') }),
      ];
      const find = async (q: string) => idsOf((await boss.get(`/users?q=${encodeURIComponent(q)}`)).expect(200));

      expect(await find('Zoë 100')).toEqual([grace.user.id, ada.user.id]);
      expect(await find('Zoë 100%_')).toEqual([ada.user.id]); // no wildcards
      expect(await find(ada.user.email.slice(0, -4).toUpperCase())).toEqual([ada.user.id]);
      expect(await find('oë 100')).toEqual([]);
      expect(await find("' OR 1=1 --")).toEqual([]);
    });

    test.each([
      ['Élodie', ['él', 'ÉLO', 'élodie'], ['el', 'e']],
      ['Ωmega Ιωάννης', ['ωmega ι', 'ΩMEGA ΙΩ'], ['omega']],
      ['Иван Ёлкин', ['ива', 'ИВАН ё'], ['ива ё']],
      ['Žofie Ångström', ['žof', 'ŽOFIE å'], ['zof']],
      ['Şule Ñandú', ['şule ñ', 'ŞULE ÑANDÚ'], ['sule']],
    ])('finds %s in any case, and in no other spelling, whatever the engine', async (name, found, not) => {
      const { user } = await house.user({ name: freshName(name) });
      const find = async (q: string) => idsOf((await boss.get(`/users?q=${encodeURIComponent(q)}`)).expect(200));
      for (const q of found) expect([q, (await find(q)).includes(user.id)]).toEqual([q, true]);
      for (const q of not) expect([q, (await find(q)).includes(user.id)]).toEqual([q, false]);
    });

    test('finds them by status', async () => {
      const name = freshName('Pair');
      const [ada, grace] = [await house.user({ name }), await house.user({ name })];
      (await boss.put(`/users/${grace.user.id}`, { status: 'suspended' })).expect(200);
      const find = async (status: string) => idsOf((await boss.get(`/users?q=${name}&status=${status}`)).expect(200));

      expect(await find('active')).toEqual([ada.user.id]);
      expect(await find('suspended')).toEqual([grace.user.id]);
    });

    test('goes through all of them by pages', async () => {
      const name = freshName('Many');
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) ids.unshift((await house.user({ name, verified: false })).user.id);
      const pages: string[][] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: any = (await boss.get(`/users?q=${name}&limit=2${cursor && `&cursor=${cursor}`}`)).expect(200);
        pages.push(idsOf(page));
        cursor = page.nextCursor;
      }
      expect(pages).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    });

    test.each([
      'limit=0',
      'limit=101',
      'limit=1.5',
      'cursor=x',
      'status=dead',
      'q=',
      'q=a&q=b',
      'q[a]=b',
      'order=name',
    ])('refuses ?%s', async (query) => {
      (await boss.get(`/users?${query}`)).problem(422, 'validation-failed');
    });
  });

  describe('making an account', () => {
    test('mails its person a link to set a password, which proves the mailbox', async () => {
      const email = freshAddress('joan');
      const made = (await boss.post('/users', { email: email.toUpperCase(), name: 'Joan' })).expect(201);
      expect(made).toMatchObject({ email, name: 'Joan', emailVerified: false, status: 'active', profile: {} });

      const token = await house.tokenFor(email, 'reset-password');
      (await house.visitor().post('/auth/reset-password/confirm', { token, password: NEW_PASSWORD })).expect(204);
      const joan = await house.visitor().signIn(email, NEW_PASSWORD);
      expect(joan.user).toMatchObject({ id: made.id, emailVerified: true });
      const { data } = (await boss.get(`/users/me/activity-logs?action=user.created&target=${made.id}`)).expect(200);
      expect(data).toHaveLength(1);
    });

    test('of a taken address is refused', async () => {
      const ada = await house.user();
      (await boss.post('/users', { email: ada.user.email, name: 'Eve' })).problem(409, 'email-taken');
      expect((await ada.get('/users/me')).expect(200).name).toBe(ada.user.name);
    });

    test('twice under one Idempotency-Key makes it once', async () => {
      const [form, key] = [{ email: freshAddress(), name: 'Joan' }, { 'idempotency-key': freshName('key') }];
      const [first, again] = [await boss.post('/users', form, key), await boss.post('/users', form, key)];
      expect(again.expect(201)).toEqual(first.expect(201));
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect(await house.mailsTo(form.email)).toHaveLength(1);
      (await boss.post('/users', { ...form, name: 'Eve' }, key)).problem(422, 'idempotency-key-reused');
    });

    test.each<[string, object]>([
      ['no name', { email: 'joan@example.com' }],
      ['no address', { name: 'Joan' }],
      ['a password', { email: 'joan@example.com', name: 'Joan', password: PASSWORD }],
      ['a status', { email: 'joan@example.com', name: 'Joan', status: 'active' }],
    ])('with %s is refused', async (_what, form) => {
      (await boss.post('/users', form)).problem(422, 'validation-failed');
    });
  });

  test('read and change a person’s profile', async () => {
    const ada = await house.user({ name: 'Ada' });
    const { id } = ada.user;
    const read = await boss.get(`/users/${id}`);
    expect(read.expect(200)).toMatchObject({ id, name: 'Ada' });
    const tag = { 'if-match': String(read.headers.etag) };

    (await boss.put(`/users/${id}`, { name: 'Ada King' }, tag)).expect(200);
    (await boss.put(`/users/${id}`, { name: 'Eve' }, tag)).problem(412, 'precondition-failed');
    expect((await ada.get('/users/me')).expect(200).name).toBe('Ada King');
    (await boss.get(`/users/${NOWHERE}`)).problem(404, 'not-found');
    (await boss.put(`/users/${NOWHERE}`, { name: 'Eve' })).problem(404, 'not-found');
    (await boss.delete(`/users/${NOWHERE}`)).problem(404, 'not-found');
    (await boss.get(`/users/${NOWHERE}/settings`)).problem(404, 'not-found');
    (await boss.put(`/users/${NOWHERE}/settings`, { locale: 'fr' })).problem(404, 'not-found');
  });

  test('suspend a person, whose sessions stop at once, and let them in again', async () => {
    const ada = await house.owner();
    const { id, email } = ada.user;
    const { refreshToken } = ada;
    expect((await boss.put(`/users/${id}`, { status: 'suspended' })).expect(200).status).toBe('suspended');

    (await ada.get('/auth/me')).problem(401, 'unauthenticated');
    (await ada.get('/organizations/:org')).problem(401, 'unauthenticated');
    (await ada.post('/auth/refresh', { refreshToken })).problem(401, 'refresh-invalid');
    (await ada.call('POST', '/auth/login', { body: { email, password: PASSWORD } })).problem(403, 'account-suspended');
    const { data } = (await boss.get('/users/me/activity-logs?action=user.suspended')).expect(200);
    expect(data[0]).toMatchObject({ targetId: id, actorId: boss.user.id });

    (await boss.put(`/users/${id}`, { status: 'active' })).expect(200);
    (await ada.get('/auth/me')).problem(401, 'unauthenticated'); // what was ended stays ended
    (await ada.post('/auth/refresh', { refreshToken })).problem(401, 'refresh-invalid');
    (await (await house.visitor().signIn(email)).get('/auth/me')).expect(200);
  });

  test('delete a person, but not one whom an organization cannot spare', async () => {
    const owner = await house.owner();
    const grace = await house.member(owner);
    (await boss.delete(`/users/${owner.user.id}`)).problem(409, 'last-owner');
    (await boss.delete(`/users/${grace.user.id}`)).expect(204);

    (await grace.get('/auth/me')).problem(401, 'unauthenticated');
    (await boss.get(`/users/${grace.user.id}`)).problem(404, 'not-found');
    (await boss.delete(`/users/${owner.user.id}`)).expect(204); // alone now
    const { data } = (await boss.get(`/users/me/activity-logs?action=user.deleted&target=${grace.user.id}`)).expect(
      200,
    );
    expect(data).toMatchObject([{ actorId: boss.user.id, ip: '127.0.0.1' }]);
  });
});
