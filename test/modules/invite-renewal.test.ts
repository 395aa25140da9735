import { SchedulerRegistry } from '@nestjs/schedule';
import { InvitesJob } from '../../src/modules/invites/invites.job';
import { House } from '../support/house';
import { guestAddress, invite, preview } from '../support/invitations';
import type { Visitor } from '../support/visitor';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const INVITES = '/organizations/:org/invites';

describe.each(['before', 'after'])('renewing an expired invite, %s the job came by', (when) => {
  let house: House;

  beforeAll(async () => {
    house = await House.open({ ACCESS_TOKEN_TTL: '24h' });
    for (const job of house.app.get(SchedulerRegistry).getCronJobs().values()) await job.stop(); // we say when
  });
  afterAll(() => house.close());

  const renew = (token: string) => house.visitor().post('/invites/renew', { token });

  async function expire() {
    house.clock.advance(10 * MINUTE);
    if (when === 'after') await house.app.get(InvitesJob).sweep();
  }

  async function expired(owner: Visitor, email = guestAddress(), role = 'Member') {
    const invitation = await invite(house, owner, email, role);
    await expire();
    return invitation;
  }

  test('mails a fresh link to the address that was invited', async () => {
    const owner = await house.owner();
    const { email, token } = await expired(owner);

    expect((await renew(token)).expect(202)).toEqual({ message: expect.any(String) });
    const mails = await house.mailsTo(email);
    expect(mails).toHaveLength(2);
    const fresh = await house.tokenFor(email, 'invite');
    expect(fresh).not.toBe(token);
    expect((await preview(house, fresh)).expect(200)).toMatchObject({
      email,
      role: 'Member',
      inviterName: owner.user.name,
    });
    (await preview(house, token)).problem(410, 'invite-replaced');
  });

  test('works once for each link', async () => {
    const { email, token } = await expired(await house.owner());

    (await renew(token)).expect(202);
    (await renew(token)).problem(410, 'invite-replaced');
    expect(await house.mailsTo(email)).toHaveLength(2);
    const second = await house.tokenFor(email, 'invite');
    await expire();
    (await renew(second)).expect(202); // a fresh link is a link like any other
  });

  test('is for links that have expired', async () => {
    const owner = await house.owner();
    const { id, token } = await invite(house, owner);
    (await renew(token)).problem(409, 'invite-pending');
    (await owner.delete(`/organizations/:org/invites/${id}`)).expect(204);
    (await renew(token)).problem(410, 'invite-closed');
    (await renew('a token that nobody was mailed')).problem(404, 'not-found');
    (await renew('')).problem(422, 'validation-failed');
  });

  test('is refused while the address has a fresh invite already', async () => {
    const owner = await house.owner();
    const { email, token } = await expired(owner);
    await invite(house, owner, email);

    (await renew(token)).problem(410, 'invite-replaced');
    expect(await house.mailsTo(email)).toHaveLength(2);
  });

  test.each([
    ['was removed', (owner: Visitor, admin: Visitor) => owner.delete(`/organizations/:org/members/${admin.user.id}`)],
    [
      'may invite no more',
      (owner: Visitor, admin: Visitor) => owner.put(`/organizations/:org/members/${admin.user.id}`, { role: 'Member' }),
    ],
  ])('is refused when the inviter %s', async (_what, fall) => {
    const owner = await house.owner();
    const admin = await house.member(owner, 'Admin');
    const { email, token } = await expired(admin);
    expect((await fall(owner, admin)).status).toBeLessThan(300);

    (await renew(token)).problem(410, 'invite-closed');
    expect(await house.mailsTo(email)).toHaveLength(1);
  });

  test('is told to the inviter, who may take the invite back: then no link of it works', async () => {
    const owner = await house.owner({ name: 'Ada', organizationName: 'Analytical Engines' });
    const { id, email, token } = await expired(owner);
    (await renew(token)).expect(202);

    const { subject, text } = (await house.mailTo(owner.user.email))!;
    expect(subject).toBe('Your invite to Analytical Engines was renewed');
    expect(text).toContain(`You invited ${email} to join Analytical Engines as Member.`);
    const fresh = await house.tokenFor(email, 'invite');
    (await owner.delete(`${INVITES}/${id}`)).expect(204);
    (await preview(house, fresh)).problem(410, 'invite-closed');
    await expire();
    (await renew(fresh)).problem(410, 'invite-closed');
    (await renew(token)).problem(410, 'invite-replaced');
  });

  test('is possible three times, unless the organization has it otherwise; a member who sends it again begins anew', async () => {
    const owner = await house.owner();
    expect((await owner.get('/organizations/:org')).expect(200).inviteRenewals).toBe(3);
    const { id, email, token } = await expired(owner);
    const again = async (link: string) => {
      (await renew(link)).expect(202);
      await expire();
      return house.tokenFor(email, 'invite');
    };
    let newest = token;
    for (let i = 0; i < 3; i++) newest = await again(newest);
    expect((await renew(newest)).problem(410, 'invite-closed').detail).toMatch(/cannot be renewed any more/);

    (await owner.put('/organizations/:org', { inviteRenewals: 4 })).expect(200);
    newest = await again(newest);
    (await renew(newest)).problem(410, 'invite-closed');
    (await owner.put('/organizations/:org', { inviteRenewals: 0 })).expect(200);
    (await renew((await expired(owner)).token)).problem(410, 'invite-closed');

    (await owner.put('/organizations/:org', { inviteRenewals: 1 })).expect(200);
    (await owner.post(`${INVITES}/${id}/resend`)).expect(200);
    await expire();
    await again(await house.tokenFor(email, 'invite'));
  });

  test('is the choice of those who may change the organization', async () => {
    const owner = await house.owner();
    const member = await house.member(owner);
    (await member.put('/organizations/:org', { inviteRenewals: 0 })).problem(403, 'forbidden');
    for (const wrong of [-1, 11, 1.5, '1', true, null]) {
      const { errors } = (await owner.put('/organizations/:org', { inviteRenewals: wrong })).problem(
        422,
        'validation-failed',
      );
      expect(errors[0].pointer).toBe('#/inviteRenewals');
    }
  });

  test('ends 30 days after the invite, however often it was renewed', async () => {
    const owner = await house.owner();
    const { email, token } = await expired(owner);
    house.clock.advance(29 * DAY);
    (await renew(token)).expect(202);
    const fresh = await house.tokenFor(email, 'invite');
    house.clock.advance(DAY);
    if (when === 'after') await house.app.get(InvitesJob).sweep();
    (await renew(fresh)).problem(410, 'invite-closed');
  });

  test('is limited to five tries an hour for a link', async () => {
    const { token } = await expired(await house.owner());
    (await renew(token)).expect(202);
    for (let i = 0; i < 4; i++) (await renew(token)).problem(410, 'invite-replaced');

    const answer = await renew(token);
    answer.problem(429, 'too-many-requests');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(59 * 60);
    house.clock.advance(60 * MINUTE);
    (await renew(token)).problem(410, 'invite-replaced');
  });
});
