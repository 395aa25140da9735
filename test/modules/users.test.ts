import { House } from '../support/house';
import { seen } from '../support/fresh';
import type { Visitor } from '../support/visitor';

const NOWHERE = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';

describe('one’s own profile', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  test('is read under one’s id and as me, and says nothing of password or rank', async () => {
    const ada = await house.user({ name: 'Ada' });
    const answer = await ada.get('/users/me');
    expect(Object.keys(answer.expect(200)).sort()).toEqual([
      'createdAt',
      'email',
      'emailVerified',
      'id',
      'name',
      'profile',
      'status',
    ]);
    expect(answer.body).toMatchObject({ ...ada.user, name: 'Ada', emailVerified: true });
    expect((await ada.get('/users/:me')).expect(200)).toEqual(answer.body);
  });

  test('changes in what is sent and stays in what is not', async () => {
    const ada = await house.user({ name: 'Ada' });
    const profile = { title: 'Countess', languages: ['en', 'fr'], born: { year: 1815 }, '𝕏': '🦄' };
    expect((await ada.put('/users/me', { profile })).expect(200)).toMatchObject({ name: 'Ada', profile });
    expect((await ada.put('/users/:me', { name: ' Ada Lovelace ' })).expect(200)).toMatchObject({
      name: 'Ada Lovelace',
      profile,
    });
    expect((await ada.put('/users/me', {})).expect(200)).toMatchObject({ name: 'Ada Lovelace', profile });
    expect((await ada.put('/users/me', { profile: {} })).expect(200).profile).toEqual({});

    expect((await ada.get('/auth/me')).expect(200).user).toMatchObject({ name: 'Ada Lovelace', profile: {} });
    const { data } = (await ada.get('/users/me/activity-logs?action=user.updated')).expect(200);
    expect(data[0]).toMatchObject({ actorId: ada.user.id, targetType: 'user', targetId: ada.user.id });
  });

  test('is not overwritten by whoever read an older one', async () => {
    const ada = await house.user();
    const read = await ada.get('/users/me');
    const tag = String(read.headers.etag);
    expect(tag).toMatch(/^"\d+"$/);

    const written = await ada.put('/users/me', { name: 'Ada I' }, { 'if-match': tag });
    written.expect(200);
    expect(written.headers.etag).not.toBe(tag);
    (await ada.put('/users/me', { name: 'Ada II' }, { 'if-match': tag })).problem(412, 'precondition-failed');
    (await ada.put('/users/me', { name: 'Ada II' }, { 'if-match': 'W/"1"' })).problem(412, 'precondition-failed');
    expect((await ada.get('/users/me')).expect(200).name).toBe('Ada I');

    (await ada.put('/users/me', { name: 'Ada III' }, { 'if-match': String(written.headers.etag) })).expect(200);
    (await ada.put('/users/me', { name: 'Ada IV' }, { 'if-match': '*' })).expect(200);
  });

  test.each<[string, object, string]>([
    ['a name of blanks', { name: ' ' }, '#/name'],
    ['a name that is null', { name: null }, '#/name'],
    ['a name of 121 letters', { name: 'a'.repeat(121) }, '#/name'],
    ['a profile that is a list', { profile: [] }, '#/profile'],
    ['a profile of more than 16 KiB', { profile: { text: 'x'.repeat(16_384) } }, '#/profile'],
    ['an unknown status', { status: 'root' }, '#/status'],
    ['another address', { email: 'eve@example.com' }, '#/email'],
    ['a proof of it', { emailVerifiedAt: '2026-01-01T00:00:00.000Z' }, '#/emailVerifiedAt'],
    ['a rank', { platformRole: 'admin' }, '#/platformRole'],
    ['another id', { id: NOWHERE }, '#/id'],
    ['a password', { passwordHash: 'x' }, '#/passwordHash'],
  ])('%s is refused', async (_what, body, pointer) => {
    const ada = await house.user();
    const { errors } = (await ada.put('/users/me', body)).problem(422, 'validation-failed');
    expect(errors.map((fault: { pointer: string }) => fault.pointer)).toEqual([pointer]);
    expect((await ada.get('/users/me')).expect(200)).toMatchObject({
      name: ada.user.name,
      email: ada.user.email,
      profile: {},
    });
  });

  test('one’s own status is for others to change', async () => {
    const ada = await house.user();
    for (const status of ['suspended', 'active']) {
      (await ada.put('/users/me', { status, name: 'Eve' })).problem(403, 'forbidden');
    }
    expect((await ada.get('/users/me')).expect(200)).toMatchObject({ status: 'active', name: ada.user.name });
  });

  test('nobody and no other person reads or changes it, not even a fellow member', async () => {
    const owner = await house.owner();
    const ada = await house.member(owner);
    const { id } = ada.user;
    const calls = (visitor: Visitor, user: string) => [
      visitor.get(`/users/${user}`),
      visitor.put(`/users/${user}`, { name: 'Eve' }),
      visitor.delete(`/users/${user}`),
      visitor.get(`/users/${user}/activity-logs`),
    ];
    for (const call of [...calls(house.visitor(), id), ...calls(house.visitor(), 'me')])
      (await call).problem(401, 'unauthenticated');

    const foreign = await Promise.all(calls(owner, id));
    const nowhere = await Promise.all(calls(owner, NOWHERE));
    const nonsense = await Promise.all(calls(owner, 'x'));
    foreign.forEach((answer) => answer.problem(404, 'not-found'));
    expect(nowhere.map(seen)).toEqual(foreign.map(seen));
    expect(nonsense.map(seen)).toEqual(foreign.map(seen));
    expect((await ada.get('/users/me')).expect(200).name).toBe(ada.user.name);
  });
});
