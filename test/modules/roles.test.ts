import { CATALOGUE } from '../../src/access/permissions';
import { House } from '../support/house';
import { outsidersOf } from '../support/outsiders';

const ROLES = '/organizations/:org/roles';

describe('roles', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const newRole = (name = 'Recruiter') => ({
    name,
    description: 'Brings in new people',
    permissions: ['members:read', 'invites:create'],
  });

  test('are for members with the right', async () => {
    const owner = await house.owner();
    const refuses = await outsidersOf(house, owner);
    const { id } = (await owner.post(ROLES, newRole())).expect(201);

    await refuses('GET', ROLES);
    await refuses('POST', ROLES, newRole('Pilot'));
    await refuses('GET', `${ROLES}/${id}`);
    await refuses('PUT', `${ROLES}/${id}`, { name: 'Pilot' });
    await refuses('DELETE', `${ROLES}/${id}`);
    expect((await owner.get(`${ROLES}/${id}`)).expect(200).name).toBe('Recruiter');
  });

  test('a Member sees them, and writes none', async () => {
    const owner = await house.owner();
    const member = await house.member(owner);
    (await member.get(ROLES)).expect(200);
    (await member.post(ROLES, newRole())).problem(403, 'forbidden');
  });

  test('Owner, Admin and Member are given in every organization', async () => {
    const { data } = (await (await house.owner()).get(ROLES)).expect(200);
    const all = Object.keys(CATALOGUE);

    expect(data.map(({ name, fixed, permissions }: any) => [name, fixed, permissions])).toEqual([
      ['Owner', true, all],
      ['Admin', true, all.filter((name) => name !== 'organization:delete')],
      ['Member', true, ['organization:read', 'members:read', 'roles:read', 'content:read', 'blog:read']],
    ]);
  });

  test('the given ones can be neither changed nor deleted', async () => {
    const owner = await house.owner();
    for (const { id } of (await owner.get(ROLES)).expect(200).data) {
      (await owner.put(`${ROLES}/${id}`, { description: 'Mine' })).problem(409, 'role-fixed');
      (await owner.delete(`${ROLES}/${id}`)).problem(409, 'role-fixed');
    }
    expect((await owner.get(ROLES)).expect(200).data).toHaveLength(3);
  });

  test('a custom one is made, read, changed, listed and deleted', async () => {
    const owner = await house.owner();
    const made = (await owner.post(ROLES, newRole())).expect(201);
    expect(made).toEqual({ id: expect.any(String), ...newRole(), fixed: false, createdAt: expect.any(String) });
    expect((await owner.get(`${ROLES}/${made.id}`)).expect(200)).toEqual(made);

    const renamed = (await owner.put(`${ROLES}/${made.id}`, { name: 'Scout' })).expect(200);
    expect(renamed).toEqual({ ...made, name: 'Scout' });
    const cut = (await owner.put(`${ROLES}/${made.id}`, { permissions: [] })).expect(200);
    expect(cut).toEqual({ ...renamed, permissions: [] });
    expect((await owner.get(`${ROLES}?limit=1`)).expect(200)).toEqual({ data: [cut], nextCursor: made.id });

    (await owner.delete(`${ROLES}/${made.id}`)).expect(204);
    (await owner.get(`${ROLES}/${made.id}`)).problem(404, 'not-found');
    (await owner.delete(`${ROLES}/${made.id}`)).problem(404, 'not-found');
  });

  test.each(
    [
      'owner OWNER Ｏwner Оwner Οwnеr 0wner Ovvner ᴏᴡɴᴇʀ Ówner Own\u0435r 𝐎𝐰𝐧𝐞𝐫 Ⓞⓦⓝⓔⓡ',
      'admin Аdmin Adm1n Admln ADMlN Admın аԁmіո member Mernber Меmbеr ᴍember ＭＥＭＢＥＲ MEMΒER',
    ].flatMap((line) => line.split(' ')),
  )('%s is taken: it reads like a fixed role', async (name) => {
    const owner = await house.owner();
    (await owner.post(ROLES, newRole(name))).problem(409, 'role-name-taken');
    const { id } = (await owner.post(ROLES, newRole('Recruiter'))).expect(201);
    (await owner.put(`${ROLES}/${id}`, { name })).problem(409, 'role-name-taken');
  });

  test('a name is taken by one that reads like it, and may be written anew by its own role', async () => {
    const ada = await house.owner();
    const { id } = (await ada.post(ROLES, newRole('Recruiter'))).expect(201);
    for (const name of ['recruiter', 'ＲＥＣＲＵＩＴＥＲ', 'Rеcruiter', 'Recru1ter'])
      (await ada.post(ROLES, newRole(name))).problem(409, 'role-name-taken');
    for (const name of ['Co-owner', 'Owners', 'Member of the board', 'Администратор', 'مدير', 'Recruiter 2', '👑'])
      (await ada.post(ROLES, newRole(name))).expect(201);
    expect((await ada.put(`${ROLES}/${id}`, { name: 'RECRUITER' })).expect(200).name).toBe('RECRUITER');
  });

  test('a name is taken once in an organization, and free in the next', async () => {
    const [ada, grace] = [await house.owner(), await house.owner()];
    (await ada.post(ROLES, newRole())).expect(201);
    const scout = (await ada.post(ROLES, newRole('Scout'))).expect(201);

    (await ada.post(ROLES, newRole())).problem(409, 'role-name-taken');
    (await ada.post(ROLES, newRole('Owner'))).problem(409, 'role-name-taken');
    (await ada.put(`${ROLES}/${scout.id}`, { name: 'Recruiter' })).problem(409, 'role-name-taken');
    (await ada.put(`${ROLES}/${scout.id}`, { name: 'Admin' })).problem(409, 'role-name-taken');
    (await grace.post(ROLES, newRole())).expect(201);
  });

  test.each([
    ['an unknown permission', { permissions: ['members:eat'] }],
    ['a permission twice', { permissions: ['members:read', 'members:read'] }],
    ['no permissions at all', { permissions: undefined }],
    ['no name', { name: '' }],
    ['a role that calls itself fixed', { fixed: true }],
  ])('%s is refused', async (_what, wrong) => {
    const owner = await house.owner({ verified: false });
    (await owner.post(ROLES, { ...newRole(), ...wrong })).problem(422, 'validation-failed');
  });

  test('nobody grants what they do not hold', async () => {
    const owner = await house.owner();
    const admin = await house.member(owner, 'Admin');
    const tooMuch = { name: 'Wrecker', permissions: ['organization:delete'] };
    const wrecker = (await owner.post(ROLES, tooMuch)).expect(201);
    const guide = (await admin.post(ROLES, newRole('Guide'))).expect(201);

    (await admin.post(ROLES, { ...tooMuch, name: 'Other' })).problem(403, 'grants-too-much');
    (await admin.put(`${ROLES}/${guide.id}`, { permissions: ['organization:delete'] })).problem(403, 'grants-too-much');
    (await admin.put(`${ROLES}/${wrecker.id}`, { name: 'Tamed' })).problem(403, 'grants-too-much'); // what one could not have made
    (await admin.delete(`${ROLES}/${wrecker.id}`)).problem(403, 'grants-too-much');
    expect((await owner.get(`${ROLES}/${guide.id}`)).expect(200)).toEqual(guide);
  });

  test('what a role grants counts for its holders from the next request on', async () => {
    const owner = await house.owner();
    const { id } = (await owner.post(ROLES, newRole())).expect(201);
    const recruiter = await house.member(owner, 'Recruiter');
    (await recruiter.get('/organizations/:org/activity-logs')).problem(403, 'forbidden');

    (await owner.put(`${ROLES}/${id}`, { permissions: ['activity:read'] })).expect(200);
    (await recruiter.get('/organizations/:org/activity-logs')).expect(200);
    (await recruiter.get('/organizations/:org/members')).problem(403, 'forbidden');
  });

  test('a change on top of what someone else changed is refused', async () => {
    const owner = await house.owner();
    const answer = await owner.post(ROLES, newRole());
    const path = `${ROLES}/${answer.expect(201).id}`;
    const etag = String(answer.headers.etag);

    (await owner.put(path, { permissions: ['roles:read'] }, { 'if-match': etag })).expect(200);
    (await owner.put(path, { permissions: [] }, { 'if-match': etag })).problem(412, 'precondition-failed');
    expect((await owner.get(path)).expect(200).permissions).toEqual(['roles:read']);
  });

  test('the catalogue says what can be granted, to anyone who is signed in', async () => {
    (await house.visitor().get('/permissions')).problem(401, 'unauthenticated');
    const { data } = (await (await house.user({ verified: false })).get('/permissions')).expect(200);
    expect(data).toEqual(Object.entries(CATALOGUE).map(([name, description]) => ({ name, description })));
  });
});
