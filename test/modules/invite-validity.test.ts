import { OutboxWorker } from '../../src/outbox/outbox.worker';
import { House } from '../support/house';
import { guestAddress, invite, preview } from '../support/invitations';
import { PASSWORD, type Visitor } from '../support/visitor';

const MEMBERS = '/organizations/:org/members';
type Fall = (owner: Visitor, admin: Visitor, house: House) => Promise<unknown>;

/** What can become of Ada, who invited, before Grace accepts. */
const FALLS: [string, Fall][] = [
  ['was removed', async (owner, ada) => (await owner.delete(`${MEMBERS}/${ada.user.id}`)).expect(204)],
  ['left', async (_owner, ada) => (await ada.delete(`${MEMBERS}/me`)).expect(204)],
  [
    'may invite no more',
    async (owner, ada) => (await owner.put(`${MEMBERS}/${ada.user.id}`, { role: 'Member' })).expect(200),
  ],
  [
    'is suspended here',
    async (owner, ada) => (await owner.put(`${MEMBERS}/${ada.user.id}`, { status: 'suspended' })).expect(200),
  ],
  [
    'is suspended everywhere',
    (_owner, ada, house) => house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [ada.user.id]),
  ],
  ['deleted the account', async (_owner, ada) => (await ada.delete('/users/me')).expect(204)],
  [
    'works for an organization that was suspended',
    (owner, _ada, house) =>
      house.query("UPDATE organizations SET status = 'suspended' WHERE id = ?", [owner.organizationId]),
  ],
];

describe('an invite is worth what its inviter may give when it is accepted', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  async function scene() {
    const owner = await house.owner();
    const [ada, grace] = [await house.member(owner, 'Admin'), await house.user()];
    return { owner, ada, grace };
  }

  const INVITES = '/organizations/:org/invites';
  const statusOf = async (owner: Visitor, id: string) => {
    const one = (await owner.get(`${INVITES}/${id}`)).expect(200);
    expect((await owner.get(INVITES)).expect(200).data).toContainEqual(one);
    return one.status;
  };

  async function isClosed(token: string, invitee?: Visitor) {
    (await preview(house, token)).problem(410, 'invite-closed');
    if (invitee) (await invitee.post('/invites/accept', { token })).problem(410, 'invite-closed');
    else
      (await house.visitor().post('/invites/accept', { token, name: 'Grace', password: PASSWORD })).problem(
        410,
        'invite-closed',
      );
  }

  test.each(FALLS)('it is closed when the inviter %s', async (_what, fall) => {
    const { owner, ada, grace } = await scene();
    const [known, fresh] = [await invite(house, ada, grace.user.email), await invite(house, ada)];

    await fall(owner, ada, house);

    await isClosed(known.token, grace);
    await isClosed(fresh.token);
    expect(await statusOf(owner, fresh.id)).toBe('void');
    const [row] = await house.query('SELECT COUNT(*) AS n FROM users WHERE email = ?', [fresh.email]);
    expect(Number(row.n)).toBe(0); // no account was made on the way
    expect(
      await house.query('SELECT id FROM user_org WHERE organization_id = ? AND user_id = ?', [
        owner.organizationId,
        grace.user.id,
      ]),
    ).toEqual([]);
  });

  test('it is closed when the role grants more by now than the inviter holds', async () => {
    const { owner, ada, grace } = await scene();
    const { id } = (await owner.post('/organizations/:org/roles', { name: 'Heir', permissions: [] })).expect(201);
    const { token } = await invite(house, ada, grace.user.email, 'Heir');
    (await owner.put(`/organizations/:org/roles/${id}`, { permissions: ['organization:delete'] })).expect(200);

    await isClosed(token, grace);
    (await owner.put(`/organizations/:org/roles/${id}`, { permissions: [] })).expect(200);
    (await grace.post('/invites/accept', { token })).expect(200);
  });

  test.each(FALLS.slice(0, -1))('it gives way to a new one when the inviter %s', async (_what, fall) => {
    const { owner, ada, grace } = await scene();
    const { id, token } = await invite(house, ada, grace.user.email);
    (await owner.post(INVITES, { email: grace.user.email, role: 'Member' })).problem(409, 'invite-pending');

    await fall(owner, ada, house);

    const anew = await invite(house, owner, grace.user.email, 'Admin');
    (await preview(house, token)).problem(410, 'invite-replaced');
    (await owner.get(`${INVITES}/${id}`)).problem(404, 'not-found');
    expect(await statusOf(owner, anew.id)).toBe('pending');
    await grace.join(anew.token);
    expect((await grace.get(`${MEMBERS}/me`)).expect(200).role).toBe('Admin');
  });

  test('it is not mailed when its inviter is gone before the mail', async () => {
    const { owner, ada } = await scene();
    const email = guestAddress();
    const worker = house.app.get(OutboxWorker);
    await worker.beforeApplicationShutdown(); // nothing is delivered for now
    (await ada.post(INVITES, { email, role: 'Member' })).expect(201);
    (await owner.delete(`${MEMBERS}/${ada.user.id}`)).expect(204);
    Object.assign(worker, { stopped: false });

    expect(await house.mailsTo(email)).toEqual([]);
  });

  test('another may send it again, in their own name', async () => {
    const { owner, ada, grace } = await scene();
    const { id, token } = await invite(house, ada, grace.user.email);
    (await owner.delete(`${MEMBERS}/${ada.user.id}`)).expect(204);
    await isClosed(token, grace);

    (await owner.post(`/organizations/:org/invites/${id}/resend`)).expect(200);
    const fresh = await house.tokenFor(grace.user.email, 'invite');
    expect((await preview(house, fresh)).expect(200).inviterName).toBe(owner.user.name);
    (await grace.post('/invites/accept', { token: fresh })).expect(200);
  });
});
