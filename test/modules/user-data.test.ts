import { atOnce, statusesOf } from '../support/at-once';
import { House } from '../support/house';
import { seen } from '../support/fresh';
import type { Visitor } from '../support/visitor';

describe('a person’s documents', () => {
  let house: House;
  let ada: Visitor; // for tests that need no empty shelf

  beforeAll(async () => {
    house = await House.open();
    ada = await house.user();
  });
  afterAll(() => house.close());

  const put = (visitor: Visitor, key: string, value: unknown, headers?: Record<string, string>) =>
    visitor.put(`/users/me/data/${key}`, { value } as object, headers);

  test('are made, read, listed, replaced and deleted', async () => {
    const grace = await house.user();
    expect((await grace.get('/users/me/data')).expect(200)).toEqual({ data: [] });
    const made = (await put(grace, 'drafts', { open: ['a'] })).expect(200);
    expect(made).toEqual({ key: 'drafts', value: { open: ['a'] }, updatedAt: expect.any(String) });
    expect((await grace.get('/users/:me/data/drafts')).expect(200)).toEqual(made);

    (await put(grace, 'theme', 'dark')).expect(200);
    expect((await put(grace, 'drafts', {})).expect(200).value).toEqual({});
    const { data } = (await grace.get('/users/me/data')).expect(200);
    expect(data).toMatchObject([
      { key: 'drafts', value: {} },
      { key: 'theme', value: 'dark' },
    ]);

    (await grace.delete('/users/me/data/drafts')).expect(204);
    (await grace.get('/users/me/data/drafts')).problem(404, 'not-found');
    (await grace.delete('/users/me/data/drafts')).problem(404, 'not-found');
    expect((await grace.get('/users/me/data')).expect(200).data).toMatchObject([{ key: 'theme' }]);
    const trail = (await grace.get('/users/me/activity-logs?limit=4')).expect(200).data;
    const actions = trail.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(['user.data-deleted', 'user.data-written', 'user.data-written', 'user.data-written']);
  });

  test.each<[unknown]>([
    ['a string'],
    [''],
    ['{"looks":"like JSON"}'],
    ['line\nbreak, "quote", \\, 🦄, é, e\u0301, \u2028'],
    [0],
    [-1.5],
    [0.1 + 0.2],
    [1e300],
    [Number.MAX_SAFE_INTEGER],
    [true],
    [false],
    [null],
    [[]],
    [[1, 'two', null, [3], { four: 4 }]],
    [{}],
    [{ z: 1, a: { '': null, b: [] }, '10': 'x', '9': 'y', 'é🦄': 'k' }],
    [{ value: { value: 1 }, id: 'mine', version: 99, updatedAt: 'never' }],
  ])('%j comes back the same', async (value) => {
    const written = (await put(ada, 'any', value)).expect(200);
    expect(written.value).toStrictEqual(value);
    expect((await ada.get('/users/me/data/any')).expect(200).value).toStrictEqual(value);
    expect((await ada.get('/users/me/data')).expect(200).data[0].value).toStrictEqual(value);
  });

  test.each<[string, unknown]>([
    ['no value', {}],
    ['a NUL', { value: 'a\0b' }],
    ['half an emoji', { value: ['\ud83e'] }],
    ['half an emoji for a name', { value: { '\udd84': 1 } }],
    ['a machine’s name', '{"value":{"__proto__":{"admin":true}}}'],
    ['a constructor', { value: { constructor: 1 } }],
    ['33 floors', { value: JSON.parse('['.repeat(33) + ']'.repeat(33)) }],
    ['a key of its own', { value: 1, key: 'other' }],
    ['a list for a body', [1]],
  ])('%s is refused', async (_what, body) => {
    const json = { 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    (await ada.put('/users/me/data/refused', text, json)).problem(422, 'validation-failed');
    (await ada.get('/users/me/data/refused')).problem(404, 'not-found');
  });

  test('hold 64 KiB of JSON, counted in bytes', async () => {
    const most = 'x'.repeat(64 * 1024 - 2); // and two quotes
    expect((await put(ada, 'large', most)).expect(200).value).toBe(most);
    const { errors } = (await put(ada, 'large', `${most}x`)).problem(422, 'validation-failed');
    expect(errors).toMatchObject([{ pointer: '#/value' }]);
    expect((await ada.get('/users/me/data/large')).expect(200).value).toBe(most);

    const wide = 'é'.repeat(32 * 1024 - 1);
    (await put(ada, 'large', wide)).expect(200);
    (await put(ada, 'large', `${wide}é`)).problem(422, 'validation-failed');
    (await ada.delete('/users/me/data/large')).expect(204);
  });

  test('are a hundred at most, also when the last ones come at once', async () => {
    const grace = await house.user();
    for (let i = 0; i < 98; i++) (await put(grace, `n${i}`, i)).expect(200);
    const answers = await atOnce(6, (i) => put(grace, `last${i}`, i));
    expect(statusesOf(answers)).toEqual([200, 200, 409, 409, 409, 409]);
    answers.find(({ status }) => status === 409)!.problem(409, 'too-many-documents');
    expect((await grace.get('/users/me/data')).expect(200).data).toHaveLength(100);

    (await put(grace, 'n0', 'replaced')).expect(200);
    (await put(ada, 'elsewhere', 1)).expect(200); // another shelf
    (await grace.delete('/users/me/data/n0')).expect(204);
    (await put(grace, 'new', 1)).expect(200);
  });

  test.each(['a', 'A-b_c.d:e', '0', 'constructor', '__proto__', 'x'.repeat(120)])(
    'are kept under the key %s',
    async (key) => {
      const grace = await house.user();
      expect((await put(grace, key, key)).expect(200).key).toBe(key);
      expect((await grace.get(`/users/me/data/${key}`)).expect(200).value).toBe(key);
      if (key !== key.toUpperCase()) (await grace.get(`/users/me/data/${key.toUpperCase()}`)).problem(404, 'not-found');
    },
  );

  test.each(['x'.repeat(121), 'x'.repeat(5000), 'a%20b', 'a%2Fb', '%00', 'é', 'a%0Ab', "'--"])(
    'are not kept under the key %s',
    async (key) => {
      (await put(ada, key, 1)).problem(404, 'not-found');
      (await ada.get(`/users/me/data/${key}`)).problem(404, 'not-found');
      (await ada.delete(`/users/me/data/${key}`)).problem(404, 'not-found');
    },
  );

  test('are not found by a URL that is none', async () => {
    const answer = await ada.call('GET', '/users/me/data/%zz', { contract: false });
    const { instance } = answer.problem(400, 'bad-request');
    expect(answer.headers).toMatchObject({ 'x-request-id': instance, 'x-content-type-options': 'nosniff' });
  });

  test('are not overwritten by whoever read an older one', async () => {
    const grace = await house.user();
    (await put(grace, 'doc', 1, { 'if-match': '"1"' })).problem(412, 'precondition-failed'); // there is none
    const tag = String((await put(grace, 'doc', 1)).headers.etag);
    (await put(grace, 'doc', 2, { 'if-match': tag })).expect(200);
    (await put(grace, 'doc', 3, { 'if-match': tag })).problem(412, 'precondition-failed');
    expect((await grace.get('/users/me/data/doc')).expect(200).value).toBe(2);
  });

  test('are nobody else’s', async () => {
    const [grace, eve] = [await house.user(), await house.user()];
    (await put(grace, 'diary', 'dear diary')).expect(200);
    const calls = (visitor: Visitor, key: string) => [
      visitor.get(`/users/${grace.user.id}/data`),
      visitor.get(`/users/${grace.user.id}/data/${key}`),
      visitor.put(`/users/${grace.user.id}/data/${key}`, { value: 1 }),
      visitor.delete(`/users/${grace.user.id}/data/${key}`),
    ];
    for (const call of calls(house.visitor(), 'diary')) (await call).problem(401, 'unauthenticated');
    const [there, nowhere] = [await Promise.all(calls(eve, 'diary')), await Promise.all(calls(eve, 'none'))];
    there.forEach((answer) => answer.problem(404, 'not-found'));
    expect(there.map(seen)).toEqual(nowhere.map(seen));

    (await put(eve, 'diary', 'mine')).expect(200);
    expect((await grace.get('/users/me/data/diary')).expect(200).value).toBe('dear diary');
  });
});
