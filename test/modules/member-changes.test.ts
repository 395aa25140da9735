import { isEmbedded } from '../support/engines';
import { House } from '../support/house';

const ORG = '/organizations/:org';
const MEMBERS = `${ORG}/members`;
const HOUR = 60 * 60_000;

describe('changing a member', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  /** An owner, and a member whose place has this path. */
  async function pair(role = 'Member') {
    const owner = await house.owner();
    const member = await house.member(owner, role);
    return { owner, member, path: `${MEMBERS}/${member.user.id}` };
  }

  test('a role is given by its name, and counts from the next request on', async () => {
    const { owner, member, path } = await pair();
    (await member.get(`${ORG}/invites`)).problem(403, 'forbidden');

    expect((await owner.put(path, { role: 'Admin' })).expect(200)).toMatchObject({
      userId: member.user.id,
      role: 'Admin',
    });
    (await member.get(`${ORG}/invites`)).expect(200);
    (await owner.put(path, { role: 'Member' })).expect(200);
    (await member.get(`${ORG}/invites`)).problem(403, 'forbidden');
  });

  test('a role that is not there is refused, also one of another organization', async () => {
    const { owner, path } = await pair();
    const other = await house.owner();
    (await other.post(`${ORG}/roles`, { name: 'Pilot', permissions: [] })).expect(201);

    const { errors } = (await owner.put(path, { role: 'Pilot' })).problem(422, 'role-unknown');
    expect(errors).toEqual([{ pointer: '#/role', detail: 'there is no role "Pilot" here' }]);
    (await owner.put(path, { role: 'admin' })).problem(422, 'role-unknown'); // names are kept to the letter
    (await owner.put(path, { extraRoles: [{ role: 'Pilot' }] })).problem(422, 'role-unknown');
    (await owner.put(path, { role: '' })).problem(422, 'validation-failed');
  });

  test('an extra role adds its rights until it expires', async () => {
    const { owner, member, path } = await pair();
    (await owner.post(`${ORG}/roles`, { name: 'Auditor', permissions: ['activity:read'] })).expect(201);
    const expiresAt = new Date(Date.now() + 5 * 60_000).toISOString();
    (await member.get(`${ORG}/activity-logs`)).problem(403, 'forbidden');

    const changed = (await owner.put(path, { extraRoles: [{ role: 'Auditor', expiresAt }] })).expect(200);
    expect(changed).toMatchObject({ role: 'Member', extraRoles: [{ role: 'Auditor', expiresAt }] });
    (await member.get(`${ORG}/activity-logs`)).expect(200);
    (await member.get(`${ORG}/roles`)).expect(200); // the base role still counts
    const mine = async () =>
      (await member.get('/auth/me'))
        .expect(200)
        .memberships.find(({ organization }: any) => organization.id === owner.organizationId);
    expect((await mine()).permissions).toEqual(expect.arrayContaining(['activity:read', 'members:read']));
    const { data } = (await owner.get(MEMBERS)).expect(200);
    expect(data.map(({ extraRoles }: any) => extraRoles)).toEqual([[{ role: 'Auditor', expiresAt }], []]);

    house.clock.advance(6 * 60_000);
    (await member.get(`${ORG}/activity-logs`)).problem(403, 'forbidden');
    expect((await mine()).permissions).not.toContain('activity:read');

    (await owner.put(path, { status: 'suspended' })).expect(200);
    expect(await mine()).toMatchObject({ status: 'suspended', permissions: [] });
  });

  test('extra roles are set as a whole: those left out are taken away', async () => {
    const { owner, member, path } = await pair();
    for (const [name, permission] of [
      ['Auditor', 'activity:read'],
      ['Greeter', 'invites:read'],
    ])
      (await owner.post(`${ORG}/roles`, { name, permissions: [permission] })).expect(201);

    (
      await owner.put(path, {
        extraRoles: [{ role: 'Auditor' }, { role: 'Greeter', expiresAt: null }, { role: 'Auditor' }],
      })
    ).expect(200);
    for (const what of ['activity-logs', 'invites']) (await member.get(`${ORG}/${what}`)).expect(200);
    (await owner.put(path, { settings: { desk: 4 } })).expect(200); // not named, not touched
    (await member.get(`${ORG}/invites`)).expect(200);
    expect((await owner.put(path, { extraRoles: [{ role: 'Greeter' }] })).expect(200).extraRoles).toEqual([
      { role: 'Greeter', expiresAt: null },
    ]);
    (await member.get(`${ORG}/activity-logs`)).problem(403, 'forbidden');
    (await owner.put(path, { extraRoles: [] })).expect(200);
    (await member.get(`${ORG}/invites`)).problem(403, 'forbidden');
  });

  test.each([
    [{ extraRoles: [{ role: 'Member', expiresAt: 'tomorrow' }] }],
    [{ extraRoles: 'Member' }],
    [{ extraRoles: ['Member'] }],
    [{ status: 'gone' }],
    [{ email: 'x@example.com' }],
    [{ settings: 'blue' }],
  ])('what no member can be is refused: %j', async (body) => {
    const owner = await house.owner({ verified: false });
    (await owner.put(`${MEMBERS}/me`, body)).problem(422, 'validation-failed');
  });

  test('a suspended member is kept out at the next request, and let in again', async () => {
    const { owner, member, path } = await pair('Admin');

    expect((await owner.put(path, { status: 'suspended' })).expect(200).status).toBe('suspended');
    for (const what of ['', '/members', '/members/me']) (await member.get(ORG + what)).problem(403, 'forbidden');
    (await member.delete(`${MEMBERS}/me`)).problem(403, 'forbidden');
    (await member.get('/auth/me')).expect(200); // the account is fine
    expect((await member.get('/organizations')).expect(200).data.map(({ id }: any) => id)).not.toContain(
      owner.organizationId,
    );
    (await owner.put(path, { status: 'active' })).expect(200);
    (await member.get(ORG)).expect(200);
  });

  test('a change on top of what someone else changed is refused', async () => {
    const { owner, path } = await pair();
    const etag = String((await owner.get(path)).headers.etag);

    const answer = await owner.put(path, { extraRoles: [{ role: 'Member' }] }, { 'if-match': etag });
    answer.expect(200);
    (await owner.put(path, { role: 'Admin' }, { 'if-match': etag })).problem(412, 'precondition-failed');
    expect((await owner.get(path)).expect(200).role).toBe('Member');
    expect((await owner.get(path)).headers.etag).toBe(answer.headers.etag);
    expect(
      (await owner.put(path, { settings: { desk: 4 } }, { 'if-match': String(answer.headers.etag) })).expect(200)
        .settings,
    ).toEqual({ desk: 4 });
  });

  test('who is not a member cannot be changed or removed', async () => {
    const { owner } = await pair();
    const stranger = await house.user();
    (await owner.put(`${MEMBERS}/${stranger.user.id}`, { role: 'Admin' })).problem(404, 'not-found');
    (await owner.delete(`${MEMBERS}/${stranger.user.id}`)).problem(404, 'not-found');
    (await stranger.get('/auth/me')).expect(200);
  });

  test('a removed member is out at the next request, on every instance', async () => {
    const { owner, member, path } = await pair();
    const elsewhere = isEmbedded ? house : await House.open(); // the embedded engine serves one instance
    const there = Object.assign(elsewhere.visitor(), {
      accessToken: member.accessToken,
      organizationId: member.organizationId,
    });
    (await there.get(ORG)).expect(200);

    (await owner.delete(path)).expect(204);

    (await there.get(ORG)).problem(404, 'not-found');
    (await member.get(ORG)).problem(404, 'not-found');
    (await there.get('/auth/me')).expect(200);
    if (!isEmbedded) await elsewhere.close();
  });

  test('a removed member takes no extra role along, and comes back without', async () => {
    const { owner, member, path } = await pair();
    (await owner.put(path, { extraRoles: [{ role: 'Admin' }] })).expect(200);
    (await owner.delete(path)).expect(204);
    house.clock.advance(HOUR);

    const [back, host] = [await house.deviceOf(member), await house.deviceOf(owner)];
    (await host.post(`${ORG}/invites`, { email: member.user.email, role: 'Member' })).expect(201);
    (await back.post('/invites/accept', { token: await house.tokenFor(member.user.email, 'invite') })).expect(200);
    expect((await back.get(`${MEMBERS}/me`)).expect(200)).toMatchObject({ role: 'Member', extraRoles: [] });
  });
});
