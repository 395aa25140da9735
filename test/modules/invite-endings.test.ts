import { SchedulerRegistry } from '@nestjs/schedule';
import { InvitesJob } from '../../src/modules/invites/invites.job';
import { House } from '../support/house';
import { guestAddress, invite, preview } from '../support/invitations';
import type { Visitor } from '../support/visitor';

const INVITES = '/organizations/:org/invites';
const MEMBERS = '/organizations/:org/members';
const MINUTE = 60_000;

type Ending = (owner: Visitor, grace: Visitor, house: House) => Promise<unknown>;

/** How Grace's place ends. */
const ENDINGS: [string, Ending][] = [
  ['was removed', async (owner, grace) => (await owner.delete(`${MEMBERS}/${grace.user.id}`)).expect(204)],
  ['left', async (_owner, grace) => (await grace.delete(`${MEMBERS}/me`)).expect(204)],
  [
    'was suspended, then removed',
    async (owner, grace) => {
      (await owner.put(`${MEMBERS}/${grace.user.id}`, { status: 'suspended' })).expect(200);
      (await owner.delete(`${MEMBERS}/${grace.user.id}`)).expect(204);
    },
  ],
  [
    'deleted the account and signed up again',
    async (_owner, grace, house) => {
      const { email } = grace.user;
      (await grace.delete('/users/me')).expect(204);
      Object.assign(grace, await house.user({ email }));
    },
  ],
];

describe.each(['before', 'after'])('an expired invite, %s the job came by', (when) => {
  let house: House;
  const renew = (token: string) => house.visitor().post('/invites/renew', { token });
  const invitesTo = async (email: string) =>
    (await house.mailsTo(email)).filter((mail) => mail.links[0]?.includes('/invite#'));

  beforeAll(async () => {
    house = await House.open({ ACCESS_TOKEN_TTL: '24h' });
    for (const job of house.app.get(SchedulerRegistry).getCronJobs().values()) await job.stop(); // we say when
  });
  afterAll(() => house.close());

  async function expired(owner: Visitor, email = guestAddress()) {
    const invitation = await invite(house, owner, email);
    house.clock.advance(10 * MINUTE);
    if (when === 'after') await house.app.get(InvitesJob).sweep();
    return invitation;
  }

  test.each(ENDINGS)('leads nobody back who %s', async (_what, end) => {
    const owner = await house.owner();
    const grace = await house.user();
    const first = await expired(owner, grace.user.email);
    const second = await invite(house, owner, grace.user.email);
    await grace.join(second.token);

    await end(owner, grace, house);

    for (const { token } of [first, second]) {
      expect((await renew(token)).status).toBeGreaterThanOrEqual(404);
      expect((await grace.post('/invites/accept', { token })).status).toBeGreaterThanOrEqual(404);
    }
    expect(await invitesTo(grace.user.email)).toHaveLength(2);
    (await grace.get(`/organizations/${owner.organizationId}`)).problem(404, 'not-found');
    (await owner.post(INVITES, { email: grace.user.email, role: 'Member' })).expect(201); // who is wanted back is invited anew
  });

  test('is listed, read and taken back, and with it goes whatever its links could do', async () => {
    const owner = await house.owner();
    const { id, email, token } = await expired(owner);
    expect((await owner.get(INVITES)).expect(200).data).toMatchObject([{ id, status: 'expired' }]);
    expect((await owner.get(`${INVITES}/${id}`)).expect(200).status).toBe('expired');

    (await owner.delete(`${INVITES}/${id}`)).expect(204);

    expect((await owner.get(`${INVITES}/${id}`)).expect(200).status).toBe('revoked');
    (await renew(token)).problem(410, 'invite-closed');
    (await preview(house, token)).problem(410, 'invite-closed');
    expect(await invitesTo(email)).toHaveLength(1);
  });

  test('ends with a newer one that is taken back', async () => {
    const owner = await house.owner();
    const { email, token } = await expired(owner);
    const newer = await invite(house, owner, email);
    (await owner.delete(`${INVITES}/${newer.id}`)).expect(204);

    expect((await renew(token)).status).toBe(410);
    expect(await invitesTo(email)).toHaveLength(2);
  });
});
