import type { Answer } from '../support/answer';
import { House } from '../support/house';
import { guestAddress, invite } from '../support/invitations';
import { correspond } from '../support/matrix/tenant';
import { PASSWORD, type Visitor } from '../support/visitor';

const ORG = '/organizations/:org';
const MINUTE = 60_000;
const TEMPLATE = { key: 'welcome', subject: 'Hello', text: 'Hello' };

/** A deed, and what its one line in the log must name. `by` is whoever acts; null for someone who is not signed in. */
type Deed = { answer: Answer; by: Visitor | null; target: string; type?: string; within?: string | null };

describe('every change leaves exactly one line: who did what to what, when, from where, in which request', () => {
  let house: House;
  let owner: Visitor;

  beforeAll(async () => {
    house = await House.open();
  });
  beforeEach(async () => {
    owner = await house.owner();
    Object.assign(owner, { ip: '203.0.113.7', userAgent: 'curl/8.5.0 (Ada)' });
  });
  afterAll(() => house.close());

  const linesOf = ({ headers }: Answer) =>
    house.query('SELECT * FROM activity_logs WHERE request_id = ? ORDER BY id', [headers['x-request-id']]);

  const newRole = async () => (await owner.post(`${ORG}/roles`, { name: 'Guide', permissions: [] })).expect(201).id;

  const staff = async () => {
    const boss = await house.user();
    await house.promote(boss);
    return boss;
  };

  const anOrganization: Record<string, () => Promise<Deed>> = {
    'organization.created': async () => {
      const answer = await owner.post('/organizations', { name: 'Second' });
      return { answer, by: owner, target: answer.expect(201).id, within: answer.body.id };
    },
    'organization.updated': async () => ({
      answer: await owner.put(ORG, { name: 'New' }),
      by: owner,
      target: owner.organizationId,
    }),
    'organization.suspended': async () => {
      const boss = await staff();
      const answer = await boss.put(`/organizations/${owner.organizationId}`, { status: 'suspended' });
      return { answer, by: boss, target: owner.organizationId };
    },
    'organization.deleted': async () => ({ answer: await owner.delete(ORG), by: owner, target: owner.organizationId }),
    'member.updated': async () => {
      const { user } = await house.member(owner);
      const changes = { role: 'Admin', settings: { desk: 1 }, extraRoles: [{ role: 'Member' }] };
      return { answer: await owner.put(`${ORG}/members/${user.id}`, changes), by: owner, target: user.id };
    },
    'member.removed': async () => {
      const { user } = await house.member(owner);
      return { answer: await owner.delete(`${ORG}/members/${user.id}`), by: owner, target: user.id };
    },
    'member.left': async () => {
      const member = await house.member(owner);
      return { answer: await member.delete(`${ORG}/members/me`), by: member, target: member.user.id };
    },
    'message.queued': async () => {
      const mail = { to: guestAddress(), subject: 'Hello', text: 'Hello' };
      const answer = await owner.post('/messages/email', mail);
      return { answer, by: owner, target: answer.expect(202).id };
    },
    'template.created': async () => {
      const answer = await owner.post('/messages/templates', TEMPLATE);
      return { answer, by: owner, target: answer.expect(201).id };
    },
    'template.updated': async () => {
      const { id } = (await owner.post('/messages/templates', TEMPLATE)).expect(201);
      return { answer: await owner.put(`/messages/templates/${id}`, { text: 'Hi' }), by: owner, target: id };
    },
    'template.deleted': async () => {
      const { id } = (await owner.post('/messages/templates', TEMPLATE)).expect(201);
      return { answer: await owner.delete(`/messages/templates/${id}`), by: owner, target: id };
    },
    'suppression.removed': async () => {
      const { suppressionId } = await correspond(house, owner, owner.organizationId.replace(/^\d+/, 'x'));
      return {
        answer: await owner.delete(`/messages/suppressions/${suppressionId}`),
        by: owner,
        target: suppressionId,
      };
    },
    'role.created': async () => {
      const answer = await owner.post(`${ORG}/roles`, { name: 'Guide', permissions: ['members:read'] });
      return { answer, by: owner, target: answer.expect(201).id };
    },
    'role.updated': async () => {
      const id = await newRole();
      return {
        answer: await owner.put(`${ORG}/roles/${id}`, { permissions: ['members:read'] }),
        by: owner,
        target: id,
      };
    },
    'role.deleted': async () => {
      const id = await newRole();
      return { answer: await owner.delete(`${ORG}/roles/${id}`), by: owner, target: id };
    },
    'invite.created': async () => {
      const answer = await owner.post(`${ORG}/invites`, { email: guestAddress(), role: 'Member' });
      return { answer, by: owner, target: answer.expect(201).id };
    },
    'invite.resent': async () => {
      const { id } = await invite(house, owner);
      return { answer: await owner.post(`${ORG}/invites/${id}/resend`), by: owner, target: id };
    },
    'invite.revoked': async () => {
      const { id } = await invite(house, owner);
      return { answer: await owner.delete(`${ORG}/invites/${id}`), by: owner, target: id };
    },
    'invite.accepted': async () => {
      const guest = await house.user();
      const { id, token } = await invite(house, owner, guest.user.email);
      return { answer: await guest.post('/invites/accept', { token }), by: guest, target: id };
    },
    'invite.declined': async () => {
      const { id, token } = await invite(house, owner);
      return { answer: await house.visitor().post('/invites/decline', { token }), by: null, target: id };
    },
    'invite.renewed': async () => {
      const { email, token } = await invite(house, owner);
      house.clock.advance(10 * MINUTE);
      const answer = await house.visitor().post('/invites/renew', { token });
      const [fresh] = await house.query('SELECT id FROM invites WHERE email = ?', [email]);
      return { answer, by: null, target: fresh.id };
    },
  };

  const aPerson: Record<string, () => Promise<Deed>> = {
    'user.updated': async () => ({
      answer: await owner.put('/users/me', { name: 'Ada' }),
      by: owner,
      target: owner.user.id,
    }),
    'user.settings-updated': async () => ({
      answer: await owner.put('/users/me/settings', { locale: 'fr' }),
      by: owner,
      target: owner.user.id,
    }),
    'user.data-written': async () => ({
      answer: await owner.put('/users/me/data/drafts', { value: 1 }),
      by: owner,
      target: owner.user.id,
    }),
    'user.created': async () => {
      const boss = await staff();
      const answer = await boss.post('/users', { email: guestAddress(), name: 'Guest' });
      return { answer, by: boss, target: answer.expect(201).id };
    },
    'user.suspended': async () => {
      const boss = await staff();
      return {
        answer: await boss.put(`/users/${owner.user.id}`, { status: 'suspended' }),
        by: boss,
        target: owner.user.id,
      };
    },
    'session.ended': async () => {
      const { sessionId } = (await owner.get('/auth/me')).expect(200);
      return { answer: await owner.post('/auth/logout'), by: owner, target: sessionId };
    },
    'session.others-ended': async () => ({
      answer: await owner.delete('/auth/sessions'),
      by: owner,
      target: owner.user.id,
      type: 'user',
    }),
  };

  async function isToldOnce(
    action: string,
    { answer, by, target, type, within = owner.organizationId }: Deed,
  ): Promise<void> {
    expect(answer.status).toBeLessThan(300);
    expect(await linesOf(answer)).toEqual([
      expect.objectContaining({
        action,
        target_type: type ?? action.split('.')[0],
        target_id: target,
        organization_id: within,
        actor_id: by?.user.id ?? null,
        ip: by?.ip ?? '127.0.0.1',
        user_agent: by?.userAgent ?? expect.stringMatching(/^visitor-\d+$/),
      }),
    ]);
  }

  test.each(Object.keys(anOrganization))('%s', async (action) => isToldOnce(action, await anOrganization[action]!()));
  test.each(Object.keys(aPerson))('%s', async (action) =>
    isToldOnce(action, { ...(await aPerson[action]!()), within: null }),
  );

  test('a sign-up is three changes, and leaves three', async () => {
    const answer = await house.visitor().post('/auth/signup', { email: guestAddress(), password: PASSWORD });
    const { id } = answer.expect(201).user;
    expect((await linesOf(answer)).map(({ action, actor_id }) => [action, actor_id])).toEqual([
      ['user.signed-up', id],
      ['organization.created', id],
      ['session.started', id],
    ]);
  });

  test('a new password ends the other sessions, too, and leaves both lines', async () => {
    const change = { currentPassword: PASSWORD, newPassword: 'a violin in the attic of the lighthouse' };
    const lines = await linesOf(await owner.post('/auth/change-password', change));
    expect(lines.map(({ action, target_id }) => [action, target_id])).toEqual([
      ['session.others-ended', owner.user.id],
      ['user.password-changed', owner.user.id],
    ]);
  });

  test('a request that is refused leaves none', async () => {
    const member = await house.member(owner);
    const refused = [
      await member.put(ORG, { name: 'No' }),
      await owner.delete(`${ORG}/members/me`),
      await owner.post(`${ORG}/roles`, { name: 'Owner', permissions: [] }),
      await owner.post(`${ORG}/invites`, { email: member.user.email, role: 'Member' }),
      await owner.put('/users/me', { status: 'suspended' }),
    ];
    for (const answer of refused) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(await linesOf(answer)).toEqual([]);
    }
  });

  test('a person who is gone leaves what was done, without where from', async () => {
    const { id } = owner.user;
    const { organizationId } = owner;
    (await owner.delete('/users/me')).expect(204);

    const lines = await house.query('SELECT action, ip, user_agent FROM activity_logs WHERE actor_id = ?', [id]);
    expect(lines.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['user.signed-up', 'organization.deleted', 'user.deleted']),
    );
    for (const { ip, user_agent } of lines) expect([ip, user_agent]).toEqual([null, null]);
    await house.settled();
    expect(await house.query('SELECT id FROM organizations WHERE id = ?', [organizationId])).toEqual([]);
  });
});
