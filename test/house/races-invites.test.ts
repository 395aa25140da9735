import { MINUTE } from '../../src/kit/clock';
import { onInstallations, RACERS, ROUNDS, tally } from '../support/races';
import { PASSWORD, type Visitor } from '../support/visitor';

const MEMBERS =
  'SELECT COUNT(*) AS n FROM user_org m JOIN users u ON u.id = m.user_id WHERE m.organization_id = ? AND u.email = ?';
const OPEN = 'SELECT COUNT(*) AS n FROM invites WHERE organization_id = ? AND email = ? AND open_email IS NOT NULL';

onInstallations((installation) => {
  let acme: Visitor;

  beforeAll(async () => {
    acme = await installation.house.owner();
  });

  const count = async (sql: string, email: string): Promise<number> =>
    Number((await installation.house.query(sql, [acme.organizationId, email]))[0].n);

  async function invite(email: string): Promise<string> {
    (await acme.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
    return installation.house.tokenFor(email, 'invite');
  }

  const invitesTo = async (email: string) =>
    (await installation.house.mailsTo(email)).filter(({ links }) => links[0]?.includes('/invite#'));

  test('an invite makes one member of a person who is signed in', async () => {
    const ada = await installation.house.user();
    for (const _ of ROUNDS) {
      const token = await invite(ada.user.email);
      const answers = await installation.raceAs([ada], (tab) => tab.post('/invites/accept', { token }));

      expect(tally(answers)).toEqual({ '200': 1, '410 invite-closed': RACERS - 1 });
      expect(await count(MEMBERS, ada.user.email)).toBe(1);
      (await ada.delete(`/organizations/${acme.organizationId}/members/me`)).expect(204);
    }
  });

  test('an invite makes one account', async () => {
    for (const round of ROUNDS) {
      const email = `grace-${round}-${acme.user.email}`;
      const token = await invite(email);
      const answers = await installation.race((visitor, i) =>
        visitor.post('/invites/accept', { token, name: `Grace ${i}`, password: `${PASSWORD} ${i}` }),
      );

      const winner = answers.findIndex(({ status }) => status === 200);
      expect(answers.filter(({ status }) => [409, 410].includes(status))).toHaveLength(RACERS - 1);
      expect(answers[winner]!.body.user).toMatchObject({ email, name: `Grace ${winner}` });
      expect(await count(MEMBERS, email)).toBe(1);
    }
  });

  test('an invite is either accepted or declined', async () => {
    const ada = await installation.house.user();
    for (const _ of ROUNDS) {
      const token = await invite(ada.user.email);
      const answers = await installation.raceAs([ada], (tab, i) =>
        tab.post(i % 2 ? '/invites/accept' : '/invites/decline', { token }),
      );

      const { '200': accepted = 0, '204': declined = 0, ...rest } = tally(answers);
      expect(accepted + declined).toBe(1);
      expect(rest).toEqual({ '410 invite-closed': RACERS - 1 });
      expect(await count(MEMBERS, ada.user.email)).toBe(accepted);
      if (accepted) (await ada.delete(`/organizations/${acme.organizationId}/members/me`)).expect(204);
    }
  });

  test('an invite is either taken back or accepted', async () => {
    const ada = await installation.house.user();
    for (const _ of ROUNDS) {
      const token = await invite(ada.user.email);
      const [{ id }] = (await acme.get('/organizations/:org/invites?limit=1')).expect(200).data;
      const answers = await installation.raceAs([ada, acme], (person, i) =>
        i % 2 ? person.delete(`/organizations/:org/invites/${id}`) : person.post('/invites/accept', { token }),
      );

      const { '200': accepted = 0, '204': revoked = 0, ...rest } = tally(answers);
      expect(accepted + revoked).toBe(1);
      expect(rest).toEqual({ '410 invite-closed': RACERS - 1 });
      expect(await count(MEMBERS, ada.user.email)).toBe(accepted);
      if (accepted) (await ada.delete(`/organizations/${acme.organizationId}/members/me`)).expect(204);
    }
  });

  test('an address has one open invite', async () => {
    for (const round of ROUNDS) {
      const email = `kay-${round}-${acme.user.email}`;
      const answers = await installation.raceAs([acme], (tab) =>
        tab.post('/organizations/:org/invites', { email, role: 'Member' }),
      );

      expect(tally(answers)).toEqual({ '201': 1, '409 invite-pending': RACERS - 1 });
      expect(await count(OPEN, email)).toBe(1);
      expect(await invitesTo(email)).toHaveLength(1);
    }
  });

  test('an expired link is renewed once, and tried five times an hour', async () => {
    const email = `renewal-${acme.user.email}`;
    let token = await invite(email);
    for (const round of ROUNDS) {
      installation.house.clock.advance(10 * MINUTE);
      const answers = await installation.race((visitor) => visitor.post('/invites/renew', { token }));

      const { '202': renewed, '429 too-many-requests': limited, ...late } = tally(answers);
      expect({ renewed, limited }).toEqual({ renewed: 1, limited: RACERS - 5 });
      expect(Object.keys(late).every((kind) => ['404 not-found', '409 invite-pending'].includes(kind))).toBe(true);
      expect(await count(OPEN, email)).toBe(1);
      expect(await invitesTo(email)).toHaveLength(round + 1);
      token = await installation.house.tokenFor(email, 'invite');
    }
  });
});
