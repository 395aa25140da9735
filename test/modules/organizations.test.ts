import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

describe('founding and listing organizations', () => {
  let house: House;
  let number = 0;
  const fresh = (word: string) => `${word} ${process.pid} ${++number}`; // a name, and so a slug, that no other test has

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  test('the founder is its Owner, and its slug is made from its name', async () => {
    const ada = await house.user();
    const name = fresh('Ádas Rockets & Söhne');
    const made = (await ada.post('/organizations', { name, settings: { theme: 'dark' } })).expect(201);

    expect(made).toMatchObject({ name, status: 'active', personal: false, settings: { theme: 'dark' } });
    expect(made.slug).toBe(`adas-rockets-sohne-${process.pid}-${number}`);
    const { memberships } = (await ada.get('/auth/me')).expect(200);
    expect(memberships.find(({ organization }: any) => organization.id === made.id)).toMatchObject({
      role: 'Owner',
      status: 'active',
    });
  });

  test('a slug that was asked for is given as it is, or refused when another has it', async () => {
    const [ada, grace] = [await house.user(), await house.user()];
    const slug = `rockets-${process.pid}`;

    expect((await ada.post('/organizations', { name: 'Rockets', slug })).expect(201)).toMatchObject({
      name: 'Rockets',
      slug,
    });
    (await grace.post('/organizations', { name: 'Other rockets', slug })).problem(409, 'slug-taken');
    const { data } = (await grace.get('/organizations')).expect(200);
    expect(data).toHaveLength(1); // her personal one: nothing is left of the refused one
  });

  test.each([
    ['Ромашка', 'romashka'],
    ['Ελλάδα', 'ellada'],
    ['Łódź & Ørsted Straße', 'lodz-orsted-strasse'],
    ['北京', 'beijing'],
    ['مرحبا', 'mrhb'],
    ['Ｆｕｌｌ Ｗｉｄｔｈ', 'full-width'],
    ['Zoe\u0308', 'zoe'],
  ])('a slug is made from %s', async (name, slug) => {
    const ada = await house.user();
    expect((await ada.post('/organizations', { name: fresh(name) })).expect(201).slug).toBe(
      `${slug}-${process.pid}-${number}`,
    );
  });

  test('a slug that was made gets a tail when it is taken', async () => {
    const ada = await house.user();
    const name = fresh('Twin');
    const [first, second] = [
      (await ada.post('/organizations', { name })).expect(201),
      (await ada.post('/organizations', { name })).expect(201),
    ];

    expect(second.slug).toMatch(new RegExp(`^${first.slug}-[0-9a-f]{8}$`));
  });

  test('a name in which no letter can be used in a slug gets one all the same', async () => {
    const ada = await house.user();
    expect((await ada.post('/organizations', { name: '…!' })).expect(201).slug).toMatch(
      /^organization(-[0-9a-f]{8})?$/,
    );
  });

  test.each([
    ['Upper case', { name: 'A', slug: 'Acme' }, '#/slug'],
    ['two hyphens in a row', { name: 'A', slug: 'a--b' }, '#/slug'],
    ['one letter', { name: 'A', slug: 'a' }, '#/slug'],
    ['no name', { slug: 'acme' }, '#/name'],
    ['a name of blanks', { name: '   ' }, '#/name'],
    ['a status of its own', { name: 'A', status: 'active' }, '#/status'],
    ['settings that are a list', { name: 'A', settings: [] }, '#/settings'],
  ])('%s is refused', async (_what, body, pointer) => {
    const ada = await house.user({ verified: false });
    const { errors } = (await ada.post('/organizations', body)).problem(422, 'validation-failed');
    expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  test('nobody founds or lists without signing in', async () => {
    (await house.visitor().post('/organizations', { name: 'A' })).problem(401, 'unauthenticated');
    (await house.visitor().get('/organizations')).problem(401, 'unauthenticated');
  });

  describe('the list', () => {
    let ada: Visitor;
    let ids: string[]; // newest first

    beforeAll(async () => {
      ada = await house.user();
      const [personal] = (await ada.get('/organizations')).expect(200).data;
      const made: string[] = [];
      for (let i = 1; i <= 4; i++)
        made.push((await ada.post('/organizations', { name: `Company ${i}` })).expect(201).id);
      ids = [...made.reverse(), personal.id];
    });

    const page = async (query: string) => {
      const { data, nextCursor } = (await ada.get(`/organizations${query}`)).expect(200);
      return { ids: data.map(({ id }: { id: string }) => id), nextCursor };
    };

    test('holds mine alone, newest first', async () => {
      await house.owner();
      expect(await page('')).toEqual({ ids, nextCursor: null });
    });

    test('comes in pages, each row on one of them', async () => {
      const first = await page('?limit=2');
      const second = await page(`?limit=2&cursor=${first.nextCursor}`);
      const third = await page(`?limit=2&cursor=${second.nextCursor}`);

      expect([first.ids, second.ids, third.ids]).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
      expect(third.nextCursor).toBeNull();
    });

    test('ends with a full page when nothing follows', async () => {
      expect(await page('?limit=5')).toEqual({ ids, nextCursor: null });
      expect((await page('?limit=100')).ids).toEqual(ids);
    });

    test.each(['0', '-1', '101', '1.5', 'ten', '', '1e1000'])('refuses limit=%s', async (limit) => {
      const { errors } = (await ada.get(`/organizations?limit=${limit}`)).problem(422, 'validation-failed');
      expect(errors[0].pointer).toBe('#/limit');
    });

    test.each(['cursor=tomorrow', 'all=yes', 'sort=name', 'limit=2&limit=3'])('refuses %s', async (query) => {
      (await ada.get(`/organizations?${query}`)).problem(422, 'validation-failed');
    });

    test('holds all of them for platform staff alone', async () => {
      (await ada.get('/organizations?all=true')).problem(403, 'forbidden');
      const staff = await house.user();
      await house.promote(staff, 'support');

      expect((await staff.get('/organizations')).expect(200).data).toHaveLength(1);
      const { data } = (await staff.get('/organizations?all=true&limit=100')).expect(200);
      expect(data.map(({ id }: { id: string }) => id)).toEqual(expect.arrayContaining(ids));
    });
  });
});
