import type { Answer } from '../support/answer';
import { few, type Installation, onInstallations, RACERS, ROUNDS, tally } from '../support/races';
import type { Visitor } from '../support/visitor';

const OWNERS = `
  SELECT m.user_id FROM user_org m JOIN roles r ON r.id = m.role_id JOIN users u ON u.id = m.user_id
  WHERE m.organization_id = ? AND m.status = 'active' AND r.name = 'Owner' AND r.fixed = 1 AND u.status = 'active'`;

/** Ways to be an Owner no more: one's own, and those of a co-owner. */
const WAYS: ((owner: Visitor, next: Visitor) => Promise<Answer>)[] = [
  (owner) => owner.put('/organizations/:org/members/me', { role: 'Member' }),
  (owner) => owner.delete('/organizations/:org/members/me'),
  (owner) => owner.put('/organizations/:org/members/me', { status: 'suspended' }),
  (owner, next) => owner.put(`/organizations/:org/members/${next.user.id}`, { role: 'Admin' }),
  (owner, next) => owner.put(`/organizations/:org/members/${next.user.id}`, { status: 'suspended' }),
];

onInstallations((installation) => {
  const ownersOf = async ({ organizationId }: Visitor): Promise<string[]> =>
    (await installation.house.query(OWNERS, [organizationId])).map((row) => row.user_id);

  test('one Owner stays, however many co-owners demote, suspend and leave at once', async () => {
    const people = await crowd(installation, RACERS / WAYS.length);
    for (const _ of ROUNDS) {
      await found(installation, people);
      const answers = await installation.raceAs(people, (owner, i) => {
        const next = people[(i + 1) % people.length]!;
        return WAYS[Math.floor(i / people.length)]!(owner, next);
      });

      const kinds = tally(answers);
      expect(Object.keys(kinds).filter((kind) => kind >= '500')).toEqual([]);
      expect(kinds['409 last-owner']).toBeGreaterThan(0);
      expect(await ownersOf(people[0]!)).toHaveLength(1);
    }
  });

  test('one Owner stays, however many delete their accounts at once', async () => {
    const [member] = await crowd(installation, 1);
    for (const _ of ROUNDS) {
      const [ada, grace] = await crowd(installation, 2);
      await found(installation, [ada!, grace!]);
      await join(installation, ada!, member!, 'Member');
      const answers = await installation.raceAs([ada!, grace!], (owner) => owner.delete('/users/me'));

      const { '204': gone, ...rest } = tally(answers);
      expect(gone).toBe(1);
      expect(Object.keys(rest).every((kind) => kind === '409 last-owner' || /^40[14] /.test(kind))).toBe(true);
      expect(rest['409 last-owner']).toBeGreaterThan(0);
      expect(await ownersOf(member!)).toHaveLength(1);
    }
  });

  test('one Owner stays when one leaves and another deletes the account', async () => {
    const [member] = await crowd(installation, 1);
    for (const _ of few(4)) {
      const [ada, grace] = await crowd(installation, 2);
      await found(installation, [ada!, grace!]);
      await join(installation, ada!, member!, 'Member');
      const answers = await installation.raceAs([ada!, grace!], (owner) =>
        owner.user.id === ada!.user.id ? owner.delete('/organizations/:org/members/me') : owner.delete('/users/me'),
      );

      const { '204': gone, '409 last-owner': kept, ...rest } = tally(answers);
      expect([gone, kept! > 0, Object.keys(rest).filter((kind) => !/^40[134] /.test(kind))]).toEqual([1, true, []]);
      expect(await ownersOf(member!)).toHaveLength(1);
    }
  });
});

async function crowd({ house }: Installation, count: number): Promise<Visitor[]> {
  const people: Visitor[] = [];
  while (people.length < count) people.push(await house.user());
  return people;
}

/** A new organization that all of them own. */
async function found(installation: Installation, [founder, ...others]: Visitor[]): Promise<void> {
  founder!.organizationId = (await founder!.post('/organizations', { name: 'Acme' })).expect(201).id;
  for (const other of others) await join(installation, founder!, other, 'Owner');
}

async function join({ house }: Installation, owner: Visitor, person: Visitor, role: string): Promise<void> {
  (await owner.post('/organizations/:org/invites', { email: person.user.email, role })).expect(201);
  await person.join(await house.tokenFor(person.user.email, 'invite'));
}
