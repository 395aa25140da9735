import { Outbox } from '../../src/outbox/outbox';
import { WaitlistJob } from '../../src/modules/waitlist/waitlist.job';
import { sameProblem } from '../support/answer';
import { House } from '../support/house';
import { outsidersOf, type Refuses } from '../support/outsiders';
import { onInstallations, tally } from '../support/races';
import type { Visitor } from '../support/visitor';

const DAY = 86_400_000;
const run = process.pid;
let number = 0;
const fresh = (name = 'grace') => `${name}-${run}-${++number}@example.com`;

describe('the waiting list', () => {
  let house: House;
  let ada: Visitor; // owns a fresh organization in each test
  let slug: string; // its slug

  beforeAll(async () => {
    house = await House.open({ ACCESS_TOKEN_TTL: '24h', INVITE_TTL: '24h' });
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    ada = await house.owner();
    slug = (await ada.get('/organizations/:org')).expect(200).slug;
  });

  const join = (email: string, more: object = {}) =>
    house.visitor().post(`/public/${slug}/waitlist`, { email, ...more });
  const confirm = (token: string) => house.visitor().post('/public/waitlist/confirm', { token });
  const list = async () => (await ada.get('/organizations/:org/waitlist')).expect(200).data;
  const entryOf = async (email: string) => (await list()).find((entry: { email: string }) => entry.email === email);
  const wait = async (email = fresh()) => {
    (await join(email)).expect(202);
    (await confirm(await house.tokenFor(email, 'waitlist'))).expect(200);
    return entryOf(email);
  };
  const invite = (id: string, body: object = {}) => ada.post(`/organizations/:org/waitlist/${id}/invite`, body);
  const invitesTo = async (email: string) =>
    (await house.mailsTo(email)).filter((mail) => mail.links.some((link) => link.includes('/invite#')));

  describe('joining', () => {
    test('a mailed link confirms the place', async () => {
      const email = fresh();
      (await join(email, { name: 'Grace Hopper', source: 'landing page' })).expect(202);
      const mail = await house.mailTo(email);
      expect(mail!.subject).toContain('waiting list');
      expect(mail!.text).not.toContain('Grace Hopper'); // a stranger may have typed it
      const pending = { email, name: 'Grace Hopper', source: 'landing page', status: 'pending', position: null };
      expect(await entryOf(email)).toMatchObject(pending);

      expect((await confirm(await house.tokenFor(email, 'waitlist'))).expect(200)).toEqual({ position: 1 });
      expect(await entryOf(email)).toMatchObject({ ...pending, status: 'waiting', position: 1 });
    });

    test('the answer is the same for an address that waits already, and no second mail goes out', async () => {
      const email = fresh();
      const first = await join(email);
      await wait(email);
      const mails = (await house.mailsTo(email)).length;
      const again = await join(email.toUpperCase());
      expect([again.status, again.text]).toEqual([first.status, first.text]);
      expect(await house.mailsTo(email)).toHaveLength(mails);
      expect(await list()).toHaveLength(1);
    });

    test('who asks again before confirming gets a fresh link; the old one is dead', async () => {
      const email = fresh();
      await join(email);
      const old = await house.tokenFor(email, 'waitlist');
      await join(email);
      const fresher = await house.tokenFor(email, 'waitlist');
      (await confirm(old)).problem(410, 'link-dead');
      (await confirm(fresher)).expect(200);
    });

    test('a link works once, and for a day', async () => {
      const [email, late] = [fresh(), fresh('late')];
      await join(email);
      await join(late);
      const [token, lateToken] = [await house.tokenFor(email, 'waitlist'), await house.tokenFor(late, 'waitlist')];
      (await confirm(token)).expect(200);
      (await confirm(token)).problem(410, 'link-dead');
      house.clock.advance(DAY + 1);
      (await confirm(lateToken)).problem(410, 'link-dead');
      (await confirm('nonsense')).problem(410, 'link-dead');
    });

    test('an address that nobody confirmed is forgotten; one that waits is not', async () => {
      const [email, waiting] = [fresh(), (await wait()).email];
      await join(email);
      await house.mailTo(email);
      house.clock.advance(DAY + 1);
      await house.app.get(WaitlistJob, { strict: false }).clean();
      await ada.signIn(ada.user.email);
      expect((await list()).map((entry: { email: string }) => entry.email)).toEqual([waiting]);
    });

    test('no mailbox is flooded: five mails in a quarter of an hour, then silence and the same answer', async () => {
      const email = fresh();
      for (let i = 0; i < 7; i++) (await join(email)).expect(202);
      expect((await house.mailsTo(email)).length).toBeLessThanOrEqual(5);
      house.clock.advance(DAY / 24);
      const before = (await house.mailsTo(email)).length;
      (await join(email)).expect(202);
      expect(await house.mailsTo(email)).toHaveLength(before + 1);
    });

    test.each([
      ['no address', {}, '#/email'],
      ['an address that is none', { email: 'grace' }, '#/email'],
      ['a name of two lines', { email: 'g@example.com', name: 'a\nb' }, '#/name'],
      ['a place of its own', { email: 'g@example.com', position: 1 }, '#/position'],
    ])('%s is refused', async (_what, body, pointer) => {
      const answer = await house.visitor().post(`/public/${slug}/waitlist`, body);
      const { errors } = answer.problem(422, 'validation-failed');
      expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
    });

    test('a token that is no text is refused', async () => {
      for (const token of [0, false, [], {}, null])
        (await house.visitor().post('/public/waitlist/confirm', { token })).problem(422, 'validation-failed');
    });

    test('an organization that is suspended, or not there, has no list', async () => {
      const email = fresh();
      await join(email);
      const token = await house.tokenFor(email, 'waitlist');
      await house.query("UPDATE organizations SET status = 'suspended' WHERE id = ?", [ada.organizationId]);
      const suspended = await join(fresh());
      sameProblem(suspended, await house.visitor().post('/public/no-such-organization/waitlist', { email }));
      (await confirm(token)).problem(410, 'link-dead');
    });

    test('a person who deletes the account is off every list', async () => {
      const grace = await house.user();
      await wait(grace.user.email);
      (await grace.delete('/users/me')).expect(204);
      expect(await list()).toEqual([]);
    });
  });

  describe('the queue', () => {
    test('is in the order of confirmation; who is invited or removed lets the others move up', async () => {
      const [last, first, second] = [fresh('last'), fresh('first'), fresh('second')];
      await join(last);
      const entries = [await wait(first), await wait(second)];
      (await confirm(await house.tokenFor(last, 'waitlist'))).expect(200);
      const positions = async () => {
        const all = await list();
        return [first, second, last].map(
          (email) => all.find((one: { email: string }) => one.email === email)?.position,
        );
      };

      expect(await positions()).toEqual([1, 2, 3]);
      (await invite(entries[0].id)).expect(202);
      expect(await positions()).toEqual([null, 1, 2]);
      (await ada.delete(`/organizations/:org/waitlist/${entries[1].id}`)).expect(204);
      expect(await positions()).toEqual([null, undefined, 1]);
    });

    test('comes in pages, newest first, with the places of all', async () => {
      const emails = [fresh(), fresh(), fresh()];
      for (const email of emails) await wait(email);
      const first = (await ada.get('/organizations/:org/waitlist?limit=2')).expect(200);
      const second = (await ada.get(`/organizations/:org/waitlist?limit=2&cursor=${first.nextCursor}`)).expect(200);
      expect([...first.data, ...second.data].map(({ email, position }) => [email, position])).toEqual([
        [emails[2], 3],
        [emails[1], 2],
        [emails[0], 1],
      ]);
    });
  });

  describe('inviting', () => {
    test('turns a place into an invite, by which the person joins', async () => {
      const grace = await house.user();
      const { id } = await wait(grace.user.email);
      expect((await invite(id)).expect(202)).toMatchObject({ id, status: 'invited', position: null });

      const mail = await house.mailTo(grace.user.email);
      expect(mail!.subject).toContain(ada.user.name);
      await grace.join(await house.tokenFor(grace.user.email, 'invite'));
      const member = (await ada.get(`/organizations/:org/members/${grace.user.id}`)).expect(200);
      expect(member.role).toBe('Member');
      const { data } = (await ada.get('/organizations/:org/activity-logs?action=invite.created')).expect(200);
      expect(data).toMatchObject([{ actorId: ada.user.id }]);
    });

    test('is for those who wait: not the unconfirmed, nor the invited', async () => {
      const email = fresh();
      await join(email);
      await house.mailTo(email);
      (await invite((await entryOf(email)).id)).problem(409, 'not-waiting');
      const { id } = await wait();
      (await invite(id, { role: 'Admin' })).expect(202);
      (await invite(id)).problem(409, 'not-waiting');
    });

    test('with the same Idempotency-Key is done once and answered twice', async () => {
      const { id, email } = await wait();
      const path = `/organizations/:org/waitlist/${id}/invite`;
      const once = (await ada.post(path, {}, { 'idempotency-key': 'one' })).expect(202);
      expect((await ada.post(path, {}, { 'idempotency-key': 'one' })).expect(202)).toEqual(once);
      (await ada.post(path, { role: 'Admin' }, { 'idempotency-key': 'one' })).problem(422, 'idempotency-key-reused');
      expect(await invitesTo(email)).toHaveLength(1);
    });

    test('gives nothing that the inviter has not', async () => {
      const { id, email } = await wait();
      const role = async (name: string, permissions: string[]) =>
        (await ada.post('/organizations/:org/roles', { name, permissions })).expect(201);
      await role('Doorman', ['waitlist:write']);
      await role('Host', ['waitlist:write', 'invites:create']);
      const [doorman, host] = [await house.member(ada, 'Doorman'), await house.member(ada, 'Host')];
      const path = `/organizations/:org/waitlist/${id}/invite`;

      (await doorman.post(path, {})).problem(403, 'forbidden');
      (await host.post(path, { role: 'Owner' })).problem(403, 'grants-too-much');
      (await ada.post(path, { role: 'No such role' })).problem(422, 'role-unknown');
      expect((await entryOf(email)).status).toBe('waiting');
      (await host.post(path, { role: 'Host' })).expect(202);
      expect(await invitesTo(email)).toHaveLength(1);
    });

    test.each([
      ['may no longer invite', "UPDATE user_org SET status = 'suspended' WHERE organization_id = ? AND user_id = ?"],
      ['has left', 'DELETE FROM user_org WHERE organization_id = ? AND user_id = ?'],
    ])('comes to nothing when the inviter %s by the time the invite is made', async (_what, sql) => {
      const email = fresh();
      const { user } = await house.member(ada, 'Admin');
      const { data: roles } = (await ada.get('/organizations/:org/roles')).expect(200);
      const { id: roleId } = roles.find(({ name }: { name: string }) => name === 'Member');
      const { organizationId } = ada;
      await house.query(sql, [organizationId, user.id]);

      await house.app.get(Outbox).add('waitlist.invited', { organizationId, email, roleId, inviterId: user.id });
      expect(await house.mailTo(email)).toBeUndefined();
      expect(await house.query('SELECT id FROM invites WHERE email = ?', [email])).toEqual([]);
      expect(await house.query("SELECT id FROM outbox_messages WHERE topic = 'waitlist.invited'")).toEqual([]);
    });

    test('is not for a member', async () => {
      const grace = await house.member(ada);
      const { id } = await wait(grace.user.email);
      (await invite(id)).problem(409, 'already-member');
    });

    test('leaves it at the open invite that there is already', async () => {
      const { id, email } = await wait();
      (await ada.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
      (await invite(id)).expect(202);
      expect(await invitesTo(email)).toHaveLength(1);
      const dead = await house.query("SELECT id FROM outbox_messages WHERE topic = 'waitlist.invited'");
      expect(dead).toEqual([]);
    });
  });

  describe('who may', () => {
    let refuse: Refuses;
    let id: string;

    beforeEach(async () => {
      refuse = await outsidersOf(house, ada);
      ({ id } = await wait());
    });

    test.each([
      ['GET', ''],
      ['POST', '/:entry/invite'],
      ['DELETE', '/:entry'],
    ] as const)('%s …/waitlist%s is closed to outsiders', async (method, path) => {
      await refuse(
        method,
        `/organizations/:org/waitlist${path.replace(':entry', id)}`,
        method === 'POST' ? {} : undefined,
      );
    });

    test('an entry of one organization is not there for another', async () => {
      const mallory = await house.owner();
      (await mallory.post(`/organizations/:org/waitlist/${id}/invite`, {})).problem(404, 'not-found');
      (await mallory.delete(`/organizations/:org/waitlist/${id}`)).problem(404, 'not-found');
      expect(await list()).toHaveLength(1);
    });

    test('a Member does not see it', async () => {
      (await (await house.member(ada)).get('/organizations/:org/waitlist')).problem(403, 'forbidden');
    });

    test('what is removed is gone', async () => {
      (await ada.delete(`/organizations/:org/waitlist/${id}`)).expect(204);
      (await ada.delete(`/organizations/:org/waitlist/${id}`)).problem(404, 'not-found');
    });
  });
});

onInstallations((installation) => {
  const waiting = async () => {
    const { house } = installation;
    const ada = await house.owner();
    const { slug } = (await ada.get('/organizations/:org')).expect(200);
    return { house, ada, path: `/public/${slug}/waitlist` };
  };

  test('of twenty uses of a link at once, one confirms', async () => {
    const { house, path } = await waiting();
    const email = fresh('race');
    (await house.visitor().post(path, { email })).expect(202);
    const token = await house.tokenFor(email, 'waitlist');
    const answers = await installation.race((visitor) => visitor.post('/public/waitlist/confirm', { token }));
    expect(tally(answers)).toEqual({ 200: 1, '410 link-dead': 19 });
  });

  test('twenty requests for one address at once make one entry', async () => {
    const { house, ada, path } = await waiting();
    const email = fresh('race');
    const answers = await installation.race((visitor) => visitor.post(path, { email }));
    expect(tally(answers)).toEqual({ 202: 20 });
    await house.mailTo(email);
    expect((await ada.get('/organizations/:org/waitlist')).expect(200).data).toHaveLength(1);
  });

  test('of twenty invites of one person at once, one is made', async () => {
    const { house, ada, path } = await waiting();
    const email = fresh('race');
    (await house.visitor().post(path, { email })).expect(202);
    const token = await house.tokenFor(email, 'waitlist');
    (await house.visitor().post('/public/waitlist/confirm', { token })).expect(200);
    const [{ id }] = (await ada.get('/organizations/:org/waitlist')).expect(200).data;
    const answers = await installation.raceAs([ada], (person) =>
      person.post(`/organizations/:org/waitlist/${id}/invite`, {}),
    );
    expect(tally(answers)).toEqual({ 202: 1, '409 not-waiting': 19 });
    await house.mailTo(email);
    expect((await ada.get('/organizations/:org/invites')).expect(200).data).toHaveLength(1);
  });
});
