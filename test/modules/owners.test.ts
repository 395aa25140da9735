import { atOnce } from '../support/at-once';
import { House } from '../support/house';

const MEMBERS = '/organizations/:org/members';

describe('Owners', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const WAYS_OUT = [
    ['leave', 'DELETE', undefined],
    ['be demoted', 'PUT', { role: 'Admin' }],
    ['be suspended', 'PUT', { status: 'suspended' }],
  ] as const;

  test.each(WAYS_OUT)('the last one cannot %s', async (_what, method, body) => {
    const owner = await house.owner();
    await house.member(owner, 'Admin');

    (await owner.call(method, `${MEMBERS}/me`, { body })).problem(409, 'last-owner');
    expect((await owner.get(`${MEMBERS}/me`)).expect(200)).toMatchObject({ role: 'Owner', status: 'active' });
  });

  test.each(WAYS_OUT)('of two one can %s, and then the other cannot', async (_what, method, body) => {
    const ada = await house.owner();
    const grace = await house.member(ada, 'Owner');

    (await ada.call(method, `${MEMBERS}/me`, { body })).expect(method === 'DELETE' ? 204 : 200);
    (await grace.call(method, `${MEMBERS}/me`, { body })).problem(409, 'last-owner');
  });

  test('an Owner by an extra role only does not count as one', async () => {
    const owner = await house.owner();
    const admin = await house.member(owner, 'Admin');
    (await owner.put(`${MEMBERS}/${admin.user.id}`, { extraRoles: [{ role: 'Owner' }] })).expect(200);

    (await owner.delete(`${MEMBERS}/me`)).problem(409, 'last-owner');
  });

  test('a suspended Owner does not count as one', async () => {
    const ada = await house.owner();
    const grace = await house.member(ada, 'Owner');
    (await ada.put(`${MEMBERS}/${grace.user.id}`, { status: 'suspended' })).expect(200);

    (await ada.delete(`${MEMBERS}/me`)).problem(409, 'last-owner');
  });

  test('may change their own settings, alone or not', async () => {
    const owner = await house.owner();
    expect(
      (await owner.put(`${MEMBERS}/me`, { settings: { desk: 1 }, role: 'Owner', status: 'active' })).expect(200)
        .settings,
    ).toEqual({ desk: 1 });
  });

  test.each([
    ['demote', 'PUT', { role: 'Member' }],
    ['suspend', 'PUT', { status: 'suspended' }],
    ['change the settings of', 'PUT', { settings: { desk: 9 } }],
    ['remove', 'DELETE', undefined],
  ] as const)('an Admin cannot %s one', async (_what, method, body) => {
    const ada = await house.owner();
    const [grace, admin] = [await house.member(ada, 'Owner'), await house.member(ada, 'Admin')];
    const before = (await ada.get(`${MEMBERS}/${grace.user.id}`)).expect(200);

    (await admin.call(method, `${MEMBERS}/${grace.user.id}`, { body })).problem(403, 'owner-protected');
    expect((await ada.get(`${MEMBERS}/${grace.user.id}`)).expect(200)).toEqual(before);
    (await ada.call(method, `${MEMBERS}/${grace.user.id}`, { body })).expect(method === 'DELETE' ? 204 : 200); // another Owner can
  });

  test('an Admin makes Admins, but no Owner', async () => {
    const owner = await house.owner();
    const [admin, member] = [await house.member(owner, 'Admin'), await house.member(owner)];
    const path = `${MEMBERS}/${member.user.id}`;

    (await admin.put(path, { role: 'Owner' })).problem(403, 'grants-too-much');
    (await admin.put(path, { extraRoles: [{ role: 'Owner' }] })).problem(403, 'grants-too-much');
    (await admin.put(`${MEMBERS}/me`, { role: 'Owner' })).problem(403, 'grants-too-much');
    expect((await owner.get(path)).expect(200)).toMatchObject({ role: 'Member', extraRoles: [] });
    expect((await admin.put(path, { role: 'Admin' })).expect(200).role).toBe('Admin');
  });

  test('a refused part of a change undoes all of it', async () => {
    const owner = await house.owner();
    const [admin, member] = [await house.member(owner, 'Admin'), await house.member(owner)];
    const change = { role: 'Admin', settings: { desk: 3 }, extraRoles: [{ role: 'Owner' }] };

    (await admin.put(`${MEMBERS}/${member.user.id}`, change)).problem(403, 'grants-too-much');
    expect((await owner.get(`${MEMBERS}/${member.user.id}`)).expect(200)).toMatchObject({
      role: 'Member',
      settings: {},
      extraRoles: [],
    });
  });

  test('one stays, however many leave at once', async () => {
    const first = await house.owner();
    const owners = [first];
    for (let i = 0; i < 4; i++) owners.push(await house.member(first, 'Owner'));

    const answers = await atOnce(owners.length, (i) =>
      i % 2 === 0 ? owners[i]!.delete(`${MEMBERS}/me`) : owners[i]!.put(`${MEMBERS}/me`, { role: 'Member' }),
    );

    expect(answers.filter(({ status }) => status === 409).map(({ body }) => body.code)).toEqual(['last-owner']);
    const [left] = await house.query(
      "SELECT COUNT(*) AS n FROM user_org m JOIN roles r ON r.id = m.role_id WHERE m.organization_id = ? AND r.name = 'Owner' AND m.status = 'active'",
      [first.organizationId],
    );
    expect(Number(left.n)).toBe(1);
  });
});
