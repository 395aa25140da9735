import { fromNow, HOUR } from '../../src/kit/clock';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { standInLine } from '../support/matrix/tenant';
import type { Visitor } from '../support/visitor';

const ORG = '/organizations/:org';
const [MEMBERS, ROLES, INVITES] = [`${ORG}/members`, `${ORG}/roles`, `${ORG}/invites`];

describe('rights held', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ ACCESS_TOKEN_TTL: '24h' });
  });
  afterAll(() => house.close());

  const at = (later: number) => fromNow(later).toISOString();
  const pathOf = ({ user }: Visitor) => `${MEMBERS}/${user.id}`;
  const role = async (owner: Visitor, name: string, permissions: string[]): Promise<string> =>
    `${ROLES}/${(await owner.post(ROLES, { name, permissions })).expect(201).id}`;
  /** Someone who holds one more role, by default until an hour from now. */
  async function holding(owner: Visitor, base: string, extra: string, expiresAt: string | null = at(HOUR)) {
    const member = await house.member(owner, base);
    (await owner.put(pathOf(member), { extraRoles: [{ role: extra, expiresAt }] })).expect(200);
    return member;
  }

  describe('by somebody who holds more', () => {
    const WAYS: [string, 'PUT' | 'DELETE', object?][] = [
      ['demoted', 'PUT', { role: 'Member' }],
      ['promoted', 'PUT', { extraRoles: [{ role: 'Janitor' }] }],
      ['stripped of extra roles', 'PUT', { extraRoles: [] }],
      ['suspended', 'PUT', { status: 'suspended' }],
      ['reinstated', 'PUT', { status: 'active' }],
      ['changed in their settings', 'PUT', { settings: { desk: 9 } }],
      ['touched at all', 'PUT', {}],
      ['removed', 'DELETE'],
    ];
    const THEY: [string, string, (owner: Visitor) => Promise<Visitor>][] = [
      ['an Admin', 'holds-more', (owner) => house.member(owner, 'Admin')],
      ['an Admin by extra role', 'holds-more', (owner) => holding(owner, 'Member', 'Admin')],
      ['an Owner', 'owner-protected', (owner) => house.member(owner, 'Owner')],
      ['an Owner by extra role', 'owner-protected', (owner) => holding(owner, 'Member', 'Owner', null)],
      ['an Owner for an hour', 'owner-protected', (owner) => holding(owner, 'Admin', 'Owner')],
    ];
    const cases = THEY.flatMap(([who, code, person]) =>
      WAYS.map((way) => [who, ...way.slice(0, 1), code, way, person]),
    );

    test.each(cases as [string, string, string, (typeof WAYS)[0], (typeof THEY)[0][2]][])(
      '%s is not %s',
      async (_who, _what, code, [, method, body], person) => {
        const owner = await house.owner();
        await role(owner, 'Janitor', ['members:read', 'members:update', 'members:remove']);
        const [janitor, other] = [await house.member(owner, 'Janitor'), await person(owner)];
        const before = (await owner.get(pathOf(other))).expect(200);

        (await janitor.call(method, pathOf(other), { body })).problem(403, code);
        expect((await owner.get(pathOf(other))).expect(200)).toEqual(before);
      },
    );

    test('they count while they are suspended, too', async () => {
      const owner = await house.owner();
      await role(owner, 'Janitor', ['members:update', 'members:remove']);
      const [janitor, admin] = [await house.member(owner, 'Janitor'), await house.member(owner, 'Admin')];
      (await owner.put(pathOf(admin), { status: 'suspended' })).expect(200);

      (await janitor.put(pathOf(admin), { status: 'active' })).problem(403, 'holds-more');
      (await janitor.delete(pathOf(admin))).problem(403, 'holds-more');
    });

    test('what has ended counts no more', async () => {
      const owner = await house.owner();
      await role(owner, 'Janitor', ['organization:read', 'members:read', 'members:update', 'members:remove']);
      await role(owner, 'Guest', ['members:read']);
      const janitor = await house.member(owner, 'Janitor');
      const other = await holding(owner, 'Guest', 'Owner');
      (await janitor.delete(pathOf(other))).problem(403, 'owner-protected');
      house.clock.advance(HOUR);
      (await janitor.delete(pathOf(other))).expect(204);
    });

    test('who holds as much, or less, is changed and removed', async () => {
      const owner = await house.owner();
      const [ada, grace, alan] = [
        await house.member(owner, 'Admin'),
        await house.member(owner, 'Admin'),
        await house.member(owner),
      ];
      (await ada.put(pathOf(grace), { role: 'Member' })).expect(200);
      (await ada.delete(pathOf(alan))).expect(204);
    });

    test('leaving asks nobody', async () => {
      const owner = await house.owner();
      for (const member of [await house.member(owner), await holding(owner, 'Member', 'Owner')])
        (await member.delete(`${MEMBERS}/me`)).expect(204);
    });

    test('a role that they hold is neither changed nor deleted', async () => {
      const owner = await house.owner();
      const bare = await role(owner, 'Bare', []);
      const held = await role(owner, 'Held', []);
      await role(owner, 'Scribe', ['roles:read', 'roles:write']);
      const scribe = await house.member(owner, 'Scribe');
      await holding(owner, 'Held', 'Admin');
      await holding(owner, 'Admin', 'Bare', null);

      for (const path of [bare, held]) {
        (await scribe.put(path, { permissions: ['roles:read'] })).problem(403, 'holds-more');
        (await scribe.put(path, { name: 'Mine' })).problem(403, 'holds-more');
        (await scribe.delete(`${path}?reassignTo=Scribe`)).problem(403, 'holds-more');
      }
      house.clock.advance(HOUR); // who held more holds it no more; the other is an Admin for good
      (await scribe.put(held, { permissions: ['roles:read'] })).expect(200);
      (await scribe.put(bare, { permissions: ['roles:read'] })).problem(403, 'holds-more');
    });
  });

  describe('for a time', () => {
    /** An Admin who is an Owner until `end`. */
    async function temporary() {
      const owner = await house.owner();
      const end = at(HOUR);
      return { owner, end, temp: await holding(owner, 'Admin', 'Owner', end) };
    }
    const tooMuch = [403, 'grants-too-much'] as const;

    test('give none for good to oneself', async () => {
      const { owner, end, temp } = await temporary();
      (await temp.put(`${MEMBERS}/me`, { role: 'Owner' })).problem(...tooMuch);
      (await temp.put(`${MEMBERS}/me`, { extraRoles: [{ role: 'Owner' }] })).problem(...tooMuch);
      (await temp.put(`${MEMBERS}/me`, { extraRoles: [{ role: 'Owner', expiresAt: null }] })).problem(...tooMuch);
      const { detail } = (
        await temp.put(`${MEMBERS}/me`, { extraRoles: [{ role: 'Owner', expiresAt: at(2 * HOUR) }] })
      ).problem(...tooMuch);
      expect(detail).toMatch(/longer/);

      const mine = (await owner.get(pathOf(temp))).expect(200);
      expect(mine).toMatchObject({ role: 'Admin', extraRoles: [{ role: 'Owner', expiresAt: end }] });
    });

    test('are kept and shortened by whoever holds them', async () => {
      const { end, temp } = await temporary();
      const [soon, me] = [at(HOUR / 2), `${MEMBERS}/me`];
      (await temp.put(me, { extraRoles: [{ role: 'Owner', expiresAt: end }], role: 'Admin' })).expect(200);
      (await temp.put(me, { extraRoles: [{ role: 'Owner', expiresAt: soon }] })).expect(200);
      (await temp.put(me, { extraRoles: [{ role: 'Owner', expiresAt: end }] })).problem(...tooMuch); // renewed
      (await temp.put(me, { extraRoles: [] })).expect(200);
      (await temp.put(me, { extraRoles: [{ role: 'Owner', expiresAt: soon }] })).problem(...tooMuch);
    });

    test('give others as much for as long, and nothing for longer', async () => {
      const { owner, end, temp } = await temporary();
      const other = await house.member(owner);
      const give = (expiresAt: string | null) =>
        temp.put(pathOf(other), { extraRoles: [{ role: 'Owner', expiresAt }] });
      (await temp.put(pathOf(other), { role: 'Owner' })).problem(...tooMuch);
      for (const late of [null, at(HOUR + 60_000)]) (await give(late)).problem(...tooMuch);
      (await give(end)).expect(200);
      (await temp.put(pathOf(other), { role: 'Admin' })).expect(200); // which is theirs for good
    });

    test("leave others' alone where they are not named anew", async () => {
      const { owner, temp } = await temporary();
      const other = await holding(owner, 'Member', 'Owner', null);
      (await temp.put(pathOf(other), { extraRoles: [{ role: 'Owner' }], settings: { desk: 4 } })).expect(200);
    });

    test('invite nobody for good, and make good no invite', async () => {
      const { owner, temp } = await temporary();
      const [mine, theirs] = [freshAddress('second'), freshAddress('guest')];
      (await temp.post(INVITES, { email: mine, role: 'Owner' })).problem(...tooMuch);
      (await temp.post(INVITES, { email: mine, role: 'Admin' })).expect(201);

      const { id } = (await owner.post(INVITES, { email: theirs, role: 'Owner' })).expect(201);
      (await temp.post(`${INVITES}/${id}/resend`)).problem(...tooMuch);

      const place = `${ORG}/waitlist/${await standInLine(house, owner, freshAddress('waiting'))}/invite`;
      (await temp.post(place, { role: 'Owner' })).problem(...tooMuch);
      (await temp.post(place, { role: 'Admin' })).expect(202);
    });

    test('make void what was invited while they were held for good', async () => {
      const owner = await house.owner();
      const other = await house.member(owner, 'Owner');
      const email = freshAddress('guest');
      (await other.post(INVITES, { email, role: 'Owner' })).expect(201);
      const token = await house.tokenFor(email, 'invite');
      (await owner.put(pathOf(other), { role: 'Admin', extraRoles: [{ role: 'Owner', expiresAt: at(HOUR) }] })).expect(
        200,
      );
      (await house.visitor().post('/invites/preview', { token })).problem(410, 'invite-closed');
    });

    test('widen no role that someone holds', async () => {
      const { owner, temp } = await temporary();
      const held = await role(owner, 'Held', []);
      const free = await role(owner, 'Free', []);
      (await owner.put(pathOf(temp), { role: 'Held' })).expect(200);
      const wide = { permissions: ['organization:delete'] };

      (await temp.put(held, wide)).problem(...tooMuch);
      (await temp.put(held, { description: 'Mine' })).expect(200);
      (await temp.put(free, wide)).expect(200); // grants nobody anything
      (await temp.post(ROLES, { name: 'New', ...wide })).expect(201);
      for (const name of ['Free', 'New']) (await temp.put(`${MEMBERS}/me`, { role: name })).problem(...tooMuch);
    });

    test('give no heir for good', async () => {
      const { owner, temp } = await temporary();
      const held = await role(owner, 'Held', []);
      (await owner.put(pathOf(temp), { role: 'Held' })).expect(200);
      for (const heir of ['Owner', 'Admin']) (await temp.delete(`${held}?reassignTo=${heir}`)).problem(...tooMuch);
    });
  });
});
