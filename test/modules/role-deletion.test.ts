import { House } from '../support/house';
import { invite, preview } from '../support/invitations';
import type { Visitor } from '../support/visitor';

const ROLES = '/organizations/:org/roles';
const MEMBERS = '/organizations/:org/members';

describe('deleting a role that someone holds', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const make = async (owner: Visitor, name: string, permissions: string[]): Promise<string> =>
    (await owner.post(ROLES, { name, permissions })).expect(201).id;

  test('wants an heir', async () => {
    const owner = await house.owner();
    const id = await make(owner, 'Pilot', ['invites:read']);
    const pilot = await house.member(owner, 'Pilot');

    (await owner.delete(`${ROLES}/${id}`)).problem(409, 'role-in-use');
    (await owner.delete(`${ROLES}/${id}?reassignTo=Pilot`)).problem(409, 'role-in-use');
    (await owner.delete(`${ROLES}/${id}?reassignTo=Copilot`)).problem(422, 'role-unknown');
    (await owner.delete(`${ROLES}/${id}?reassignTo=`)).problem(422, 'validation-failed');
    (await pilot.get('/organizations/:org/invites')).expect(200); // none of it did anything
  });

  test('gives its holders the heir, at the next request', async () => {
    const owner = await house.owner();
    const id = await make(owner, 'Pilot', ['invites:read']);
    await make(owner, 'Auditor', ['activity:read']);
    const pilots = [await house.member(owner, 'Pilot'), await house.member(owner, 'Pilot')];

    (await owner.delete(`${ROLES}/${id}?reassignTo=Auditor`)).expect(204);

    for (const pilot of pilots) {
      expect((await pilot.get(`${MEMBERS}/me`)).expect(200).role).toBe('Auditor');
      (await pilot.get('/organizations/:org/activity-logs')).expect(200);
      (await pilot.get('/organizations/:org/invites')).problem(403, 'forbidden');
    }
    (await owner.get(`${ROLES}/${id}`)).problem(404, 'not-found');
  });

  test('grants nobody what the one who deletes it does not hold', async () => {
    const owner = await house.owner();
    const id = await make(owner, 'Pilot', []);
    const [admin, pilot] = [await house.member(owner, 'Admin'), await house.member(owner, 'Pilot')];

    (await admin.delete(`${ROLES}/${id}?reassignTo=Owner`)).problem(403, 'grants-too-much');
    expect((await owner.get(`${MEMBERS}/${pilot.user.id}`)).expect(200).role).toBe('Pilot');
  });

  describe('while someone is invited to it', () => {
    const INVITES = '/organizations/:org/invites';
    const MINUTE = 60_000;

    test.each(['pending', 'expired'])('wants an heir, who gets the %s invite, too', async (status) => {
      const owner = await house.owner();
      const id = await make(owner, 'Pilot', ['invites:read']);
      await make(owner, 'Auditor', ['activity:read']);
      const grace = await house.user();
      const invitation = await invite(house, owner, grace.user.email, 'Pilot');
      if (status === 'expired') house.clock.advance(10 * MINUTE);
      const open = async () => (await owner.get(`${INVITES}/${invitation.id}`)).expect(200);

      (await owner.delete(`${ROLES}/${id}`)).problem(409, 'role-in-use');
      expect(await open()).toMatchObject({ role: 'Pilot', status });
      (await owner.delete(`${ROLES}/${id}?reassignTo=Auditor`)).expect(204);

      expect(await open()).toMatchObject({ role: 'Auditor', status });
      const trail = `/organizations/:org/activity-logs?target=${invitation.id}&action=invite.updated`;
      expect((await owner.get(trail)).expect(200).data).toMatchObject([{ actorId: owner.user.id }]);
      if (status === 'expired') return;
      await grace.join(invitation.token);
      expect((await grace.get(`${MEMBERS}/me`)).expect(200).role).toBe('Auditor');
    });

    test('is free to go once the invite is closed; an heir keeps what is told of it', async () => {
      const owner = await house.owner();
      const [pilot, navigator] = [await make(owner, 'Pilot', []), await make(owner, 'Navigator', [])];
      const [gone, kept] = [
        await invite(house, owner, undefined, 'Pilot'),
        await invite(house, owner, undefined, 'Navigator'),
      ];
      for (const { id } of [gone, kept]) (await owner.delete(`${INVITES}/${id}`)).expect(204);

      (await owner.delete(`${ROLES}/${pilot}`)).expect(204);
      (await owner.delete(`${ROLES}/${navigator}?reassignTo=Member`)).expect(204);
      expect((await owner.get(INVITES)).expect(200).data).toMatchObject([{ id: kept.id, role: 'Member' }]);
    });

    test('gives by the invite no more than its inviter may: beyond that it is void', async () => {
      const owner = await house.owner();
      const id = await make(owner, 'Pilot', []);
      const admin = await house.member(owner, 'Admin');
      const { id: inviteId, token } = await invite(house, admin, undefined, 'Pilot');

      (await owner.delete(`${ROLES}/${id}?reassignTo=Owner`)).expect(204);
      expect((await owner.get(`${INVITES}/${inviteId}`)).expect(200)).toMatchObject({ role: 'Owner', status: 'void' });
      (await preview(house, token)).problem(410, 'invite-closed');
    });
  });

  test('takes it away from those who hold it as an extra', async () => {
    const owner = await house.owner();
    const id = await make(owner, 'Auditor', ['activity:read']);
    const member = await house.member(owner);
    (await owner.put(`${MEMBERS}/${member.user.id}`, { extraRoles: [{ role: 'Auditor' }] })).expect(200);

    (await owner.delete(`${ROLES}/${id}`)).expect(204);
    (await member.get('/organizations/:org/activity-logs')).problem(403, 'forbidden');
    expect((await member.get(`${MEMBERS}/me`)).expect(200)).toMatchObject({ role: 'Member', extraRoles: [] });
  });
});
