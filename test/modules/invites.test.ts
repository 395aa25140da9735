import { House } from '../support/house';
import { outsidersOf } from '../support/outsiders';
import type { Visitor } from '../support/visitor';

const INVITES = '/organizations/:org/invites';
const TTL = 10 * 60_000;

describe("an organization's invites", () => {
  let house: House;
  let guests = 0;
  const guest = () => `guest-${process.pid}-${++guests}@example.com`;
  const invite = async (owner: Visitor, email = guest(), role = 'Member') =>
    (await owner.post(INVITES, { email, role })).expect(201);

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  test('are for members with the right', async () => {
    const owner = await house.owner();
    const refuses = await outsidersOf(house, owner);
    const { id } = await invite(owner);

    await refuses('GET', INVITES);
    await refuses('POST', INVITES, { email: guest(), role: 'Bystander' });
    await refuses('GET', `${INVITES}/${id}`);
    await refuses('POST', `${INVITES}/${id}/resend`);
    await refuses('DELETE', `${INVITES}/${id}`);
    expect((await owner.get(`${INVITES}/${id}`)).expect(200).status).toBe('pending');
  });

  test('say whom, as what, by whom and until when, and keep the token to themselves', async () => {
    const owner = await house.owner();
    const email = guest();
    const before = Date.now();
    const answer = await owner.post(INVITES, { email: email.toUpperCase(), role: 'Admin' });
    const made = answer.expect(201);

    expect(made).toEqual({
      id: expect.any(String),
      email,
      role: 'Admin',
      status: 'pending',
      expiresAt: expect.any(String),
      invitedBy: { userId: owner.user.id, name: owner.user.name },
      createdAt: expect.any(String),
    });
    expect(Date.parse(made.expiresAt)).toBeGreaterThanOrEqual(before + TTL);
    expect(Date.parse(made.expiresAt)).toBeLessThanOrEqual(Date.parse(made.createdAt) + TTL);
    expect(Date.parse(made.createdAt)).toBeGreaterThanOrEqual(before);

    const token = await house.tokenFor(email, 'invite');
    const seen = [answer, await owner.get(`${INVITES}/${made.id}`), await owner.get(INVITES)];
    for (const { text, headers } of seen) expect(text + JSON.stringify(headers)).not.toContain(token);
    expect(JSON.stringify(await house.query('SELECT * FROM invites WHERE id = ?', [made.id]))).not.toContain(token);
  });

  test('an address has one that is open', async () => {
    const owner = await house.owner();
    const { email, id } = await invite(owner);

    (await owner.post(INVITES, { email: email.toUpperCase(), role: 'Admin' })).problem(409, 'invite-pending');
    await invite(await house.owner(), email); // another organization's is another matter
    (await owner.delete(`${INVITES}/${id}`)).expect(204);
    await invite(owner, email);
  });

  test('a member is not invited again', async () => {
    const owner = await house.owner();
    const member = await house.member(owner);
    (await owner.post(INVITES, { email: member.user.email, role: 'Admin' })).problem(409, 'already-member');
    (await owner.post(INVITES, { email: owner.user.email, role: 'Member' })).problem(409, 'already-member');
  });

  test('name a role of the organization that the inviter could hold', async () => {
    const owner = await house.owner();
    const admin = await house.member(owner, 'Admin');
    const { errors } = (await admin.post(INVITES, { email: guest(), role: 'Pilot' })).problem(422, 'role-unknown');
    expect(errors).toEqual([{ pointer: '#/role', detail: 'there is no role "Pilot" here' }]);
    (await admin.post(INVITES, { email: guest(), role: 'Owner' })).problem(403, 'grants-too-much');
    await invite(admin, guest(), 'Admin');
    (await (await house.member(owner)).post(INVITES, { email: guest(), role: 'Member' })).problem(403, 'forbidden');
  });

  test.each([
    [{ email: 'not an address', role: 'Member' }, '#/email'],
    [{ email: 'a@example.com, b@example.com', role: 'Member' }, '#/email'],
    [{ email: 'a@example.com\nBcc: b@example.com', role: 'Member' }, '#/email'],
    [{ role: 'Member' }, '#/email'],
    [{ email: 'a@example.com' }, '#/role'],
    [{ email: 'a@example.com', role: 'Member', status: 'accepted' }, '#/status'],
    [{ email: 'a@example.com', role: 'Member', token: 'mine' }, '#/token'],
  ])('%j is refused', async (body, pointer) => {
    const { errors } = (await (await house.owner({ verified: false })).post(INVITES, body)).problem(
      422,
      'validation-failed',
    );
    expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
  });

  test('are listed newest first, in pages, and read one by one', async () => {
    const owner = await house.owner();
    const made: { id: string }[] = [];
    for (let i = 0; i < 3; i++) made.unshift(await invite(owner));

    const first = (await owner.get(`${INVITES}?limit=2`)).expect(200);
    const second = (await owner.get(`${INVITES}?limit=2&cursor=${first.nextCursor}`)).expect(200);
    expect([...first.data, ...second.data]).toEqual(made);
    expect([first.data.length, second.nextCursor]).toEqual([2, null]);
    expect((await owner.get(`${INVITES}/${made[1]!.id}`)).expect(200)).toEqual(made[1]);
  });

  test("another organization's cannot be read, sent again or taken back", async () => {
    const [ada, grace] = [await house.owner(), await house.owner()];
    const { id, email } = await invite(ada);

    (await grace.get(`${INVITES}/${id}`)).problem(404, 'not-found');
    (await grace.post(`${INVITES}/${id}/resend`)).problem(404, 'not-found');
    (await grace.delete(`${INVITES}/${id}`)).problem(404, 'not-found');
    (await house.visitor().post('/invites/preview', { token: await house.tokenFor(email, 'invite') })).expect(200);
  });

  test('one that is taken back is closed, and its link is dead', async () => {
    const owner = await house.owner();
    const { id, email } = await invite(owner);
    const token = await house.tokenFor(email, 'invite');

    (await owner.delete(`${INVITES}/${id}`)).expect(204);

    expect((await owner.get(`${INVITES}/${id}`)).expect(200).status).toBe('revoked');
    (await house.visitor().post('/invites/preview', { token })).problem(410, 'invite-closed');
    (await owner.delete(`${INVITES}/${id}`)).problem(410, 'invite-closed');
    (await owner.post(`${INVITES}/${id}/resend`)).problem(410, 'invite-closed');
  });

  test('one that is sent again gets a fresh link and time, in the name of who sent it; the old link is dead', async () => {
    const owner = await house.owner();
    const admin = await house.member(owner, 'Admin');
    const { id, email, expiresAt } = await invite(owner);
    const old = await house.tokenFor(email, 'invite');
    house.clock.advance(TTL / 2);

    const again = (await admin.post(`${INVITES}/${id}/resend`)).expect(200);
    expect(again).toMatchObject({ id, email, status: 'pending', invitedBy: { userId: admin.user.id } });
    expect(Date.parse(again.expiresAt) - Date.parse(expiresAt)).toBeGreaterThanOrEqual(TTL / 2);
    const fresh = await house.tokenFor(email, 'invite');
    expect(fresh).not.toBe(old);
    (await house.visitor().post('/invites/preview', { token: old })).problem(410, 'invite-replaced');
    (await house.visitor().post('/invites/preview', { token: fresh })).expect(200);
    expect(await house.mailsTo(email)).toHaveLength(2);
  });

  test('nobody sends one again whose role they could not give', async () => {
    const owner = await house.owner();
    const admin = await house.member(owner, 'Admin');
    const { id, email } = await invite(owner, guest(), 'Owner');

    (await admin.post(`${INVITES}/${id}/resend`)).problem(403, 'grants-too-much');
    expect((await owner.get(`${INVITES}/${id}`)).expect(200).invitedBy.userId).toBe(owner.user.id);
    expect(await house.mailsTo(email)).toHaveLength(1);
  });
});
