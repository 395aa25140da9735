import { invite } from '../support/invitations';
import { few, type Installation, onInstallations, RACERS, tally } from '../support/races';
import type { Visitor } from '../support/visitor';

const ORG = '/organizations/:org';
const FEW = few(4);
/** As a payment leaves it; see payments.test.ts. */
const SEATS = 'UPDATE organizations SET plan = ?, limits = ? WHERE id = ?';

/** People who are signed in: else each would wait for the hash of a password, and come alone. */
onInstallations((installation) => {
  test('the last seat goes to one of many who accept at once', async () => {
    const [owner, ...guests] = await crowd(installation, 1 + RACERS);
    for (const [i] of FEW.entries()) {
      const seats = 2 + (i % 3);
      await found(owner!);
      const limits = JSON.stringify({ seats });
      await installation.house.query(SEATS, ['team', limits, owner!.organizationId]);
      const tokens = await inviteAll(installation, owner!, guests, 'Member');
      const answers = await installation.raceAs(guests, (guest) =>
        guest.post('/invites/accept', { token: tokens.get(guest.user.id) }),
      );

      expect(tally(answers)).toEqual({ '200': seats - 1, '409 seats-taken': RACERS - seats + 1 });
      expect(await membersOf(owner!)).toHaveLength(seats);
    }
  });

  test('who accepts an invite to a role while it is deleted holds the heir', async () => {
    const [owner, ...guests] = await crowd(installation, 4);
    for (const _ of FEW) {
      await found(owner!);
      const { id } = (await owner!.post(`${ORG}/roles`, { name: 'Pilot', permissions: [] })).expect(201);
      const tokens = await inviteAll(installation, owner!, guests, 'Pilot');
      const answers = await installation.raceAs([owner!, ...guests], (one) =>
        one.user.id === owner!.user.id
          ? one.delete(`${ORG}/roles/${id}?reassignTo=Member`)
          : one.post('/invites/accept', { token: tokens.get(one.user.id) }),
      );

      const kinds = tally(answers);
      expect(Object.keys(kinds).filter((kind) => kind >= '500')).toEqual([]);
      expect([kinds['204'], kinds['200']]).toEqual([1, guests.length]);
      const roles = (await membersOf(owner!)).map(({ role }) => role);
      expect(roles.toSorted()).toEqual([...guests.map(() => 'Member'), 'Owner']);
    }
  });

  test('nobody is left in an organization that is deleted while they accept', async () => {
    const [owner, ...guests] = await crowd(installation, 4);
    for (const _ of FEW) {
      const id = await found(owner!);
      const tokens = await inviteAll(installation, owner!, guests, 'Member');
      const answers = await installation.raceAs([owner!, ...guests], (one) =>
        one.user.id === owner!.user.id
          ? one.delete(ORG)
          : one.post('/invites/accept', { token: tokens.get(one.user.id) }),
      );

      const kinds = tally(answers);
      expect(Object.keys(kinds).filter((kind) => kind >= '500')).toEqual([]);
      expect(kinds['204']).toBe(1);
      await installation.house.settled();
      for (const table of ['user_org', 'invites', 'roles'])
        expect(await installation.house.query(`SELECT id FROM ${table} WHERE organization_id = ?`, [id])).toEqual([]);
    }
  });
});

async function crowd({ house }: Installation, count: number): Promise<Visitor[]> {
  const people: Visitor[] = [];
  while (people.length < count) people.push(await house.user());
  return people;
}

async function found(owner: Visitor): Promise<string> {
  return (owner.organizationId = (await owner.post('/organizations', { name: 'Acme' })).expect(201).id);
}

/** What each was mailed, by their id. */
async function inviteAll({ house }: Installation, owner: Visitor, guests: Visitor[], role: string) {
  const tokens = new Map<string, string>();
  for (const { user } of guests) tokens.set(user.id, (await invite(house, owner, user.email, role)).token);
  return tokens;
}

const membersOf = async (owner: Visitor): Promise<{ role: string }[]> =>
  (await owner.get(`${ORG}/members?limit=100`)).expect(200).data;
