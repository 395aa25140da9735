import { House } from '../support/house';
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
