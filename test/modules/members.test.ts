import { House } from '../support/house';
import { outsidersOf } from '../support/outsiders';
import type { Visitor } from '../support/visitor';

const PATH = '/organizations/:org/members';

describe('the members of an organization', () => {
  let house: House;
  let owner: Visitor;
  let everyone: Visitor[]; // newest first
  const tail = `${process.pid}.example`;

  beforeAll(async () => {
    house = await House.open();
    owner = await house.owner({ name: 'Ada Lovelace', email: `ada@${tail}` });
    const people = [
      ['Grace Hopper', 'grace', 'Admin'],
      ['Édith Clarke', 'edith', 'Member'],
      ['Katherine 100%', 'kat_one', 'Member'],
      ['Katherine 100 degrees', 'katxone', 'Member'],
    ] as const;
    everyone = [owner];
    for (const [name, local, role] of people)
      everyone.unshift(await join(await house.user({ name, email: `${local}@${tail}` }), role));
  });
  afterAll(() => house.close());

  async function join(person: Visitor, role: string): Promise<Visitor> {
    (await owner.post('/organizations/:org/invites', { email: person.user.email, role })).expect(201);
    const token = await house.tokenFor(person.user.email, 'invite');
    (await person.post('/invites/accept', { token })).expect(200);
    person.organizationId = owner.organizationId;
    return person;
  }

  const names = async (query: string): Promise<string[]> =>
    (await owner.get(PATH + query)).expect(200).data.map(({ name }: { name: string }) => name);

  test('nobody else sees them', async () => {
    const own = await house.owner();
    const refuses = await outsidersOf(house, own);
    await refuses('GET', PATH);
    await refuses('GET', `${PATH}/${own.user.id}`);
    await refuses('PUT', `${PATH}/${own.user.id}`, { settings: {} });
    await refuses('DELETE', `${PATH}/${own.user.id}`);
  });

  test('are listed with what they are, newest first', async () => {
    const { data, nextCursor } = (await everyone[0]!.get(PATH)).expect(200);
    expect(data.map(({ userId }: { userId: string }) => userId)).toEqual(everyone.map(({ user }) => user.id));
    expect(nextCursor).toBeNull();
    expect(data.at(-1)).toEqual({
      userId: owner.user.id,
      name: 'Ada Lovelace',
      email: `ada@${tail}`,
      role: 'Owner',
      extraRoles: [],
      status: 'active',
      settings: {},
      joinedAt: expect.any(String),
    });
  });

  test('come in pages, with and without a filter', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { data, nextCursor }: any = (await owner.get(`${PATH}?limit=2${cursor && `&cursor=${cursor}`}`)).expect(
        200,
      );
      expect(data.length).toBeLessThanOrEqual(2);
      seen.push(...data.map(({ userId }: { userId: string }) => userId));
      cursor = nextCursor;
    }
    expect(seen).toEqual(everyone.map(({ user }) => user.id));

    const first = (await owner.get(`${PATH}?role=Member&q=kat&limit=1`)).expect(200);
    const second = (await owner.get(`${PATH}?role=Member&q=kat&limit=1&cursor=${first.nextCursor}`)).expect(200);
    expect([...first.data, ...second.data].map(({ email }) => email)).toEqual([`katxone@${tail}`, `kat_one@${tail}`]);
    expect(second.nextCursor).toBeNull();
  });

  test.each([
    ['the beginning of an address', '?q=grace', ['Grace Hopper']],
    ['the beginning of an address in capitals', '?q=GRACE', ['Grace Hopper']],
    ['the beginning of a name', '?q=Ada L', ['Ada Lovelace']],
    ['the beginning of a name with an accent', '?q=Édith', ['Édith Clarke']],
    ['no other part of it', '?q=Lovelace', []],
    ['an underscore to the letter', '?q=kat_', ['Katherine 100%']],
    ['a percent sign to the letter', '?q=Katherine 100%', ['Katherine 100%']],
    ['a percent sign alone', '?q=%', []],
    ['a backslash', '?q=\\', []],
    ['a quote', "?q='", []],
    ['a role', '?role=Admin', ['Grace Hopper']],
    ['a role that is not there', '?role=Pilot', []],
    ['both', '?role=Admin&q=ada', []],
  ])('are found by %s', async (_what, query, expected) => {
    expect(await names(query.replace(/=([^&]*)/g, (_, value) => `=${encodeURIComponent(value)}`))).toEqual(expected);
  });

  test.each(['q=', 'role=', 'limit=0', 'limit=101', 'status=active', 'q[]=a'])(
    'are not listed by %s',
    async (query) => {
      (await owner.get(`${PATH}?${query}`)).problem(422, 'validation-failed');
    },
  );

  test('one is read by id, oneself as `me`, and whoever is not a member is not there', async () => {
    const [, , edith] = everyone as [Visitor, Visitor, Visitor];
    const stranger = await house.user();

    expect((await owner.get(`${PATH}/${edith.user.id}`)).expect(200)).toMatchObject({
      name: 'Édith Clarke',
      role: 'Member',
    });
    expect((await edith.get(`${PATH}/me`)).expect(200)).toEqual(
      (await owner.get(`${PATH}/${edith.user.id}`)).expect(200),
    );
    (await owner.get(`${PATH}/${stranger.user.id}`)).problem(404, 'not-found');
    (await owner.get(`${PATH}/everyone`)).problem(404, 'not-found');
  });

  test('who may do nothing at all still reads oneself, and leaves', async () => {
    const own = await house.owner();
    (await own.post('/organizations/:org/roles', { name: 'Bystander', permissions: [] })).expect(201);
    const bystander = await house.member(own, 'Bystander');

    expect((await bystander.get(`${PATH}/me`)).expect(200).role).toBe('Bystander');
    (await bystander.put(`${PATH}/me`, { role: 'Owner' })).problem(403, 'forbidden');
    (await bystander.delete(`${PATH}/me`)).expect(204);
    (await bystander.get(`${PATH}/me`)).problem(404, 'not-found');
    (await own.get(`${PATH}/${bystander.user.id}`)).problem(404, 'not-found');
  });
});
