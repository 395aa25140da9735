import { House } from '../support/house';
import { SchedulerRegistry } from '@nestjs/schedule';
import { invite, preview } from '../support/invitations';

const MINUTE = 60_000;

describe('who is invited and has an account', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
    for (const job of house.app.get(SchedulerRegistry).getCronJobs().values()) await job.stop(); // no sweep of its own accord
  });
  afterAll(() => house.close());

  test('sees what is offered, as often as they like, without using it up', async () => {
    const owner = await house.owner({ organizationName: 'Analytical Engines' });
    const { email, token } = await invite(house, owner, undefined, 'Admin');

    for (let i = 0; i < 2; i++) {
      expect((await preview(house, token)).expect(200)).toEqual({
        email,
        role: 'Admin',
        expiresAt: expect.any(String),
        organizationName: 'Analytical Engines',
        inviterName: owner.user.name,
      });
    }
  });

  test.each(['preview', 'accept', 'decline', 'renew'])('gets nowhere with a token that is none: %s', async (what) => {
    const visitor = await house.user();
    (await visitor.post(`/invites/${what}`, { token: 'A'.repeat(43) })).problem(404, 'not-found');
    for (const token of ['', 0, false, null, [0], {}, ['A']]) {
      const { errors } = (await visitor.post(`/invites/${what}`, { token })).problem(422, 'validation-failed');
      expect(errors[0].pointer).toBe('#/token');
    }
    (await visitor.post(`/invites/${what}`, {})).problem(422, 'validation-failed');
  });

  test('joins in the role that was offered, at the next request', async () => {
    const owner = await house.owner();
    const grace = await house.user();
    const { id, token } = await invite(house, owner, grace.user.email, 'Admin');
    (await grace.get(`/organizations/${owner.organizationId}`)).problem(404, 'not-found');

    const joined = (await grace.post('/invites/accept', { token })).expect(200);
    expect(joined).toEqual({
      organization: (await owner.get('/organizations/:org')).expect(200),
      role: 'Admin',
      user: (await grace.get('/users/me')).expect(200),
    }); // and no tokens: there is a session already
    expect((await grace.get(`/organizations/${owner.organizationId}/members/me`)).expect(200).role).toBe('Admin');
    expect((await owner.get(`/organizations/:org/invites/${id}`)).expect(200).status).toBe('accepted');
  });

  test('joins once', async () => {
    const owner = await house.owner();
    const grace = await house.user();
    const { token } = await invite(house, owner, grace.user.email);

    (await grace.post('/invites/accept', { token })).expect(200);
    (await grace.post('/invites/accept', { token })).problem(409, 'already-member');
    (await preview(house, token)).problem(410, 'invite-closed');
    (await house.visitor().post('/invites/decline', { token })).problem(410, 'invite-closed');
    expect((await owner.get('/organizations/:org/members')).expect(200).data).toHaveLength(2);
  });

  test('must be signed in as the address that was invited', async () => {
    const owner = await house.owner();
    const { email, token } = await invite(house, owner);
    const other = await house.user();

    (await other.post('/invites/accept', { token })).problem(403, 'invite-for-another');
    (await owner.post('/invites/accept', { token })).problem(403, 'invite-for-another');
    (
      await other.post('/invites/accept', { token, name: 'Other', password: 'a name and a password change nothing' })
    ).problem(403, 'invite-for-another');
    expect((await preview(house, token)).expect(200).email).toBe(email);
  });

  test('must have proved that address', async () => {
    const owner = await house.owner();
    const grace = await house.user({ verified: false });
    const verification = await house.tokenFor(grace.user.email, 'verify-email');
    const { token } = await invite(house, owner, grace.user.email);

    (await grace.post('/invites/accept', { token })).problem(403, 'email-unverified');
    await grace.verify(verification);
    (await grace.post('/invites/accept', { token })).expect(200);
  });

  test('without a session and without a form is asked to sign in', async () => {
    const owner = await house.owner();
    const grace = await house.user();
    const { token } = await invite(house, owner, grace.user.email);

    for (const form of [
      { token },
      { token, name: 'Grace' },
      { token, password: 'seven lanterns over a quiet harbour' },
    ]) {
      (await house.visitor().post('/invites/accept', form)).problem(401, 'unauthenticated');
    }
    const gone = Object.assign(house.visitor(), { accessToken: `${grace.accessToken}x` });
    (await gone.post('/invites/accept', { token })).problem(401, 'unauthenticated');
    (await grace.post('/invites/accept', { token })).expect(200);
  });

  test('who is a member already hears so, and of what, by each link there was; nobody else does', async () => {
    const owner = await house.owner();
    const { organizationId } = owner;
    const grace = await house.user();
    const first = await invite(house, owner, grace.user.email);
    house.clock.advance(10 * MINUTE); // it expires, and gives way to the next
    const second = await invite(house, owner, grace.user.email, 'Admin');
    (await owner.post(`/organizations/:org/invites/${second.id}/resend`)).expect(200);
    const third = await house.tokenFor(grace.user.email, 'invite');
    (await grace.post('/invites/accept', { token: third })).expect(200);

    for (const token of [third, second.token, first.token]) {
      const { status, body } = await grace.post('/invites/accept', { token });
      expect([status, body]).toMatchObject([409, { code: 'already-member', organizationId }]);
    }
    expect((await grace.get(`/organizations/${organizationId}/members/me`)).expect(200).role).toBe('Admin');

    const eve = await house.user();
    const told = [await eve.post('/invites/accept', { token: third }), await preview(house, first.token)];
    expect(told.map(({ body }) => [body.code, body.organizationId])).toEqual([
      ['invite-closed', undefined],
      ['invite-replaced', undefined],
    ]);
    (await owner.delete(`/organizations/:org/members/${grace.user.id}`)).expect(204);
    (await grace.post('/invites/accept', { token: third })).problem(410, 'invite-closed');
  });

  test('a link that was replaced says so, however often it was, and nothing of what became of the newer one', async () => {
    const owner = await house.owner();
    const { id, email, token } = await invite(house, owner);
    const links = [token];
    for (let i = 0; i < 2; i++) {
      (await owner.post(`/organizations/:org/invites/${id}/resend`)).expect(200);
      links.push(await house.tokenFor(email, 'invite'));
    }
    const old = links.slice(0, 2);
    const answers = async () => {
      const texts: string[] = [];
      for (const each of old)
        for (const what of ['preview', 'accept', 'decline', 'renew']) {
          const form = { token: each, ...(what === 'accept' && { name: 'Grace', password: 'a harbour of lanterns' }) };
          const { status, text, body } = await house.visitor().post(`/invites/${what}`, form);
          expect([what, status, body.code]).toEqual([what, 410, 'invite-replaced']);
          texts.push(text.replace(body.instance, ''));
        }
      return texts;
    };
    const before = await answers();
    (await owner.delete(`/organizations/:org/invites/${id}`)).expect(204);
    expect(await answers()).toEqual(before);
  });

  test('may say no, and that is that', async () => {
    const owner = await house.owner();
    const grace = await house.user();
    const { id, token } = await invite(house, owner, grace.user.email);

    (await house.visitor().post('/invites/decline', { token })).expect(204);
    (await house.visitor().post('/invites/decline', { token })).problem(410, 'invite-closed');
    (await grace.post('/invites/accept', { token })).problem(410, 'invite-closed');
    (await house.visitor().post('/invites/renew', { token })).problem(410, 'invite-closed');
    expect((await owner.get(`/organizations/:org/invites/${id}`)).expect(200).status).toBe('declined');
    await invite(house, owner, grace.user.email); // the organization may ask again
  });
});
