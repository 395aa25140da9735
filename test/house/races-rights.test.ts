import type { Answer } from '../support/answer';
import { freshAddress } from '../support/fresh';
import { type Installation, onInstallations, ROUNDS, tally } from '../support/races';
import type { Visitor } from '../support/visitor';

const ORG = '/organizations/:org';
const pathOf = ({ user }: Visitor) => `${ORG}/members/${user.id}`;
type Deed = (one: Visitor, other: Visitor) => Promise<Answer>;

/** What two who hold as much do to each other: of the two, one can be the first. */
const DEEDS: Record<string, Deed> = {
  demoted: (one, other) => one.put(pathOf(other), { role: 'Member' }),
  suspended: (one, other) => one.put(pathOf(other), { status: 'suspended' }),
  removed: (one, other) => one.delete(pathOf(other)),
};

onInstallations((installation) => {
  test.each(Object.entries(DEEDS))('who was %s acts no more, however close the two are', async (_what, deed) => {
    const pair = await crowd(installation, 2);
    for (const _ of ROUNDS) {
      await found(installation, pair, 'Admin');
      const answers = await installation.raceAs(pair, (one, i) => deed(one, pair[(i + 1) % 2]!));

      expect(Object.keys(tally(answers)).filter((kind) => kind >= '500')).toEqual([]);
      const winners = [0, 1].filter((i) => answers.some(({ status }, n) => n % 2 === i && status < 300));
      expect(winners).toHaveLength(1);
    }
  });

  test('whose role was emptied writes no role any more', async () => {
    const pair = await crowd(installation, 2);
    for (const _ of ROUNDS) {
      const owner = await found(installation, [], '');
      const paths: string[] = [];
      for (const person of pair) {
        const name = `Scribe ${paths.length}`;
        const body = { name, permissions: ['roles:read', 'roles:write'] };
        paths.push(`${ORG}/roles/${(await owner.post(`${ORG}/roles`, body)).expect(201).id}`);
        await join(installation, owner, person, name);
      }
      const answers = await installation.raceAs(pair, (one, i) => one.put(paths[(i + 1) % 2]!, { permissions: [] }));

      const winners = [0, 1].filter((i) => answers.some(({ status }, n) => n % 2 === i && status < 300));
      expect(winners).toHaveLength(1);
    }
  });

  test('no invite and no role is made once the one who makes it was removed', async () => {
    const [admin] = await crowd(installation, 1);
    for (const _ of ROUNDS) {
      const owner = await found(installation, [admin!], 'Admin');
      const answers = await installation.raceAs([owner, admin!], (one, i) => {
        if (one.user.id === owner.user.id) return one.delete(pathOf(admin!));
        return i % 4 === 1
          ? one.post(`${ORG}/invites`, { email: freshAddress('guest'), role: 'Member' })
          : one.post(`${ORG}/roles`, { name: `Role ${i}`, permissions: [] });
      });

      expect(Object.keys(tally(answers)).filter((kind) => kind >= '500')).toEqual([]);
      const { data } = (await owner.get(`${ORG}/activity-logs?limit=100`)).expect(200);
      const actions = data.filter(
        ({ actorId, action }: any) => actorId === admin!.user.id || action === 'member.removed',
      );
      expect(actions[0].action).toBe('member.removed'); // newest first
    }
  });

  test('nobody joins by an invite once the one who sent it was demoted', async () => {
    const [admin, guest] = await crowd(installation, 2);
    for (const _ of ROUNDS) {
      const owner = await found(installation, [admin!], 'Admin');
      (await admin!.post(`${ORG}/invites`, { email: guest!.user.email, role: 'Member' })).expect(201);
      const token = await installation.house.tokenFor(guest!.user.email, 'invite');
      const answers = await installation.raceAs([owner, guest!], (one, i) =>
        one.user.id === owner.user.id && i < 4
          ? one.put(pathOf(admin!), { role: 'Member' })
          : one.post('/invites/accept', { token }),
      );

      expect(Object.keys(tally(answers)).filter((kind) => kind >= '500')).toEqual([]);
      const { data } = (await owner.get(`${ORG}/activity-logs?limit=100`)).expect(200);
      const told = data.map(({ action }: any) => action).filter((action: string) => /accepted|updated/.test(action));
      expect(told).toContain('member.updated');
      expect(told.slice(0, told.lastIndexOf('member.updated'))).not.toContain('invite.accepted'); // newest first
    }
  });
});

async function crowd({ house }: Installation, count: number): Promise<Visitor[]> {
  const people: Visitor[] = [];
  while (people.length < count) people.push(await house.user());
  return people;
}

/** A new organization, which all of these belong to. Returns its Owner. */
async function found(installation: Installation, people: Visitor[], role: string): Promise<Visitor> {
  const owner = await ownerOf(installation);
  owner.organizationId = (await owner.post('/organizations', { name: 'Acme' })).expect(201).id;
  for (const person of people) await join(installation, owner, person, role);
  return owner;
}

const owners = new WeakMap<Installation, Visitor>();
async function ownerOf(installation: Installation): Promise<Visitor> {
  const owner = owners.get(installation) ?? (await installation.house.user());
  owners.set(installation, owner);
  return owner;
}

async function join({ house }: Installation, owner: Visitor, person: Visitor, role: string): Promise<void> {
  (await owner.post(`${ORG}/invites`, { email: person.user.email, role })).expect(201);
  await person.join(await house.tokenFor(person.user.email, 'invite'));
}
