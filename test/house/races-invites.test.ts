import { MINUTE } from '../../src/kit/clock';
import { onInstallations, RACERS, ROUNDS, tally } from '../support/races';
import { PASSWORD, type Visitor } from '../support/visitor';

const MEMBERS =
  'SELECT COUNT(*) AS n FROM user_org m JOIN users u ON u.id = m.user_id WHERE m.organization_id = ? AND u.email = ?';
const OPEN = 'SELECT COUNT(*) AS n FROM invites WHERE organization_id = ? AND email = ? AND open_email IS NOT NULL';

onInstallations((installation) => {
  let acme: Visitor;

  beforeEach(async () => {
    acme = await installation.house.owner();
  });

  const count = async (sql: string, email: string): Promise<number> =>
    Number((await installation.house.query(sql, [acme.organizationId, email]))[0].n);

  async function invite(email: string): Promise<string> {
    (await acme.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
    return installation.house.tokenFor(email, 'invite');
  }

  /** How many came too late; and what those hear who wanted in, who may be in. */
  const lateness = ({ '410 invite-closed': closed = 0, '409 already-member': already = 0, ...rest }) => {
    expect(rest).toEqual({});
    return [closed + already, already > 0 ? 'already-member' : 'invite-closed'];
  };

  const invitesTo = async (email: string) =>
    (await installation.house.mailsTo(email)).filter(({ links }) => links[0]?.includes('/invite#'));

  test('an invite makes one member of a person who is signed in', async () => {
    const ada = await installation.house.user();
    for (const _ of ROUNDS) {
      const token = await invite(ada.user.email);
      const answers = await installation.raceAs([ada], (tab) => tab.post('/invites/accept', { token }));

      expect(tally(answers)).toEqual({ '200': 1, '409 already-member': RACERS - 1 });
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
      expect(lateness(rest)).toEqual([RACERS - 1, accepted ? 'already-member' : 'invite-closed']);
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
      expect(lateness(rest)).toEqual([RACERS - 1, accepted ? 'already-member' : 'invite-closed']);
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
    for (const round of ROUNDS) {
      const email = `renewal-${round}-${acme.user.email}`;
      const token = await invite(email);
      installation.house.clock.advance(10 * MINUTE);
      const answers = await installation.race((visitor) => visitor.post('/invites/renew', { token }));

      expect(tally(answers)).toEqual({ '202': 1, '410 invite-replaced': 4, '429 too-many-requests': RACERS - 5 });
      expect(await count(OPEN, email)).toBe(1);
      expect(await invitesTo(email)).toHaveLength(2);
    }
  });

  test('what is taken back is over, whoever has it renewed or sent again meanwhile', async () => {
    for (const round of ROUNDS) {
      const email = `back-${round}-${acme.user.email}`;
      const token = await invite(email);
      const [{ id }] = (await acme.get('/organizations/:org/invites?limit=1')).expect(200).data;
      installation.house.clock.advance(10 * MINUTE);
      const answers = await installation.raceAs([acme], (person, i) => {
        if (i % 4 < 2) return person.post('/invites/renew', { token });
        return i % 4 === 2
          ? person.delete(`/organizations/:org/invites/${id}`)
          : person.post(`/organizations/:org/invites/${id}/resend`);
      });

      expect(tally(answers)['204']).toBe(1);
      expect(answers.filter(({ status }) => ![200, 202, 204, 409, 410, 429].includes(status))).toEqual([]);
      expect(await count(OPEN, email)).toBe(0);
      expect((await acme.get(`/organizations/:org/invites/${id}`)).expect(200).status).toBe('revoked');
      for (const { links } of await invitesTo(email)) {
        const each = links[0]!.split('token=')[1]!;
        expect((await acme.post('/invites/renew', { token: each })).status).not.toBe(202);
        expect((await acme.post('/invites/preview', { token: each })).status).toBe(410);
      }
    }
  });

  test('who joins and is removed stays out, whatever links there were', async () => {
    const ada = await installation.house.user();
    const place = `/organizations/${acme.organizationId}/members/${ada.user.id}`;
    for (const _ of ROUNDS) {
      const first = await invite(ada.user.email);
      installation.house.clock.advance(10 * MINUTE);
      const token = await invite(ada.user.email);
      const answers = await installation.raceAs([ada, acme], (person, i) => {
        if (person.user.id === acme.user.id) return i % 4 === 1 ? person.delete(place) : renewing(person, first);
        return person.post('/invites/accept', { token });
      });

      const { '200': accepted = 0, '204': removed = 0 } = tally(answers);
      expect(accepted).toBe(1);
      expect(await count(MEMBERS, ada.user.email)).toBe(accepted - removed);
      expect(await count(OPEN, ada.user.email)).toBe(0);
      if (!removed) (await acme.delete(place)).expect(204);
      for (const each of [first, token]) expect((await renewing(ada, each)).status).toBeGreaterThanOrEqual(410);
      expect((await ada.post('/invites/accept', { token })).status).toBe(410);
    }
  });

  test('a role goes with an heir for whoever is invited to it at that moment', async () => {
    for (const round of ROUNDS) {
      const name = `Pilot ${round}`;
      const { id } = (await acme.post('/organizations/:org/roles', { name, permissions: [] })).expect(201);
      const answers = await installation.raceAs([acme], (person, i) =>
        i % 4 === 3
          ? person.delete(`/organizations/:org/roles/${id}?reassignTo=Member`)
          : person.post('/organizations/:org/invites', {
              email: `pilot-${round}-${i}-${acme.user.email}`,
              role: i % 2 ? name : 'Member',
            }),
      );
      const made = answers.filter(({ status }) => status === 201);
      for (const { body } of made)
        expect((await acme.get(`/organizations/:org/invites/${body.id}`)).expect(200).role).toBe('Member');
      expect(tally(answers)['204']).toBe(1);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    }
  });
});

const renewing = (visitor: Visitor, token: string) => visitor.post('/invites/renew', { token });
