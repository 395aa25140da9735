import { House } from '../support/house';
import { outsidersOf, type Refuses } from '../support/outsiders';
import type { Visitor } from '../support/visitor';

const PATH = '/organizations/:org';

describe('one organization', () => {
  let house: House;
  let refuses: Refuses;

  beforeAll(async () => {
    house = await House.open();
    refuses = await outsidersOf(house, await house.owner());
  });
  afterAll(() => house.close());

  async function staff(role: 'admin' | 'support'): Promise<Visitor> {
    const visitor = await house.user();
    await house.promote(visitor, role);
    return visitor;
  }

  test.each(['GET', 'PUT', 'DELETE'] as const)('%s is for members with the right', async (method) => {
    await refuses(method, PATH, method === 'PUT' ? { name: 'Mine now' } : undefined);
  });

  test('a Member reads it, an Admin changes it, and only the Owner deletes it', async () => {
    const owner = await house.owner();
    const [member, admin] = [await house.member(owner), await house.member(owner, 'Admin')];

    expect((await member.get(PATH)).expect(200)).toMatchObject({ id: owner.organizationId, personal: false });
    (await member.put(PATH, { name: 'Ours' })).problem(403, 'forbidden');
    (await admin.put(PATH, { name: 'Ours' })).expect(200);
    (await admin.delete(PATH)).problem(403, 'forbidden');
    (await owner.delete(PATH)).expect(204);
  });

  test('a change touches what was sent and leaves the rest', async () => {
    const owner = await house.owner();
    const before = (await owner.get(PATH)).expect(200);

    const renamed = (await owner.put(PATH, { name: '  Analytical Engines ' })).expect(200);
    expect(renamed).toEqual({ ...before, name: 'Analytical Engines' });
    const set = (await owner.put(PATH, { settings: { seats: { used: 1 } } })).expect(200);
    expect(set).toEqual({ ...renamed, settings: { seats: { used: 1 } } });
    const moved = (await owner.put(PATH, { slug: `engines-${process.pid}` })).expect(200);
    expect(moved).toEqual({ ...set, slug: `engines-${process.pid}` });
    expect((await owner.get(PATH)).expect(200)).toEqual(moved);
  });

  test('settings are replaced as a whole', async () => {
    const owner = await house.owner();
    (await owner.put(PATH, { settings: { a: 1, b: 2 } })).expect(200);
    expect((await owner.put(PATH, { settings: { b: 3 } })).expect(200).settings).toEqual({ b: 3 });
  });

  test('a slug of another organization is refused', async () => {
    const [ada, grace] = [await house.owner(), await house.owner()];
    const { slug } = (await grace.get(PATH)).expect(200);
    const before = (await ada.get(PATH)).expect(200);

    (await ada.put(PATH, { name: 'Grabbed', slug })).problem(409, 'slug-taken');
    expect((await ada.get(PATH)).expect(200)).toEqual(before);
    expect((await ada.put(PATH, { slug: before.slug })).expect(200).slug).toBe(before.slug); // its own is no other's
  });

  test.each([
    [{ id: 'x' }],
    [{ personal: true }],
    [{ version: 9 }],
    [{ organizationId: 'x' }],
    [{ createdAt: '2020-01-01T00:00:00.000Z' }],
  ])('what is not the client’s to change is refused: %j', async (body) => {
    (await (await house.owner({ verified: false })).put(PATH, body)).problem(422, 'validation-failed');
  });

  test('a change on top of what someone else changed is refused', async () => {
    const owner = await house.owner();
    const { etag } = (await owner.get(PATH)).headers as { etag: string };
    const answer = await owner.put(PATH, { name: 'First' }, { 'if-match': etag });

    expect(answer.expect(200).name).toBe('First');
    expect(answer.headers.etag).not.toBe(etag);
    (await owner.put(PATH, { name: 'Late' }, { 'if-match': etag })).problem(412, 'precondition-failed');
    (await owner.put(PATH, { name: 'Odd' }, { 'if-match': '"no version of ours"' })).problem(
      412,
      'precondition-failed',
    );
    expect((await owner.get(PATH)).expect(200).name).toBe('First');
    (await owner.put(PATH, { name: 'Second' }, { 'if-match': String(answer.headers.etag) })).expect(200);
    (await owner.put(PATH, { name: 'Third' }, { 'if-match': '*' })).expect(200);
  });

  test('the status is changed by platform staff alone', async () => {
    const owner = await house.owner();
    const [admin, support] = [await staff('admin'), await staff('support')];
    const path = `/organizations/${owner.organizationId}`;

    (await owner.put(PATH, { status: 'suspended' })).problem(403, 'forbidden');
    (await owner.put(PATH, { name: 'Sly', status: 'active' })).problem(403, 'forbidden');
    (await support.get(path)).expect(200);
    (await support.put(path, { status: 'suspended' })).problem(404, 'not-found'); // support may read only, and belongs elsewhere
    expect((await admin.put(path, { status: 'suspended' })).expect(200).status).toBe('suspended');
    expect((await admin.put(path, { status: 'active' })).expect(200).status).toBe('active');
    (await owner.put(PATH, { name: 'Awake again' })).expect(200);
  });

  test('a suspended organization can be read, not changed', async () => {
    const owner = await house.owner();
    const member = await house.member(owner);
    const admin = await staff('admin');
    (await admin.put(`/organizations/${owner.organizationId}`, { status: 'suspended' })).expect(200);

    for (const what of ['', '/members', '/roles', '/invites', '/activity-logs'])
      (await owner.get(PATH + what)).expect(200);
    const refused = [
      await owner.put(PATH, { name: 'No' }),
      await owner.delete(PATH),
      await owner.put(`${PATH}/members/${member.user.id}`, { role: 'Admin' }),
      await owner.delete(`${PATH}/members/${member.user.id}`),
      await owner.post(`${PATH}/roles`, { name: 'No', permissions: [] }),
      await owner.post(`${PATH}/invites`, { email: 'no@example.com', role: 'Member' }),
    ];
    for (const answer of refused) answer.problem(403, 'organization-suspended');
    (await owner.post('/organizations', { name: 'Elsewhere' })).expect(201); // the person is not suspended
  });
});
