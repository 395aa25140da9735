import { House } from '../support/house';
import { invite } from '../support/invitations';
import { PASSWORD } from '../support/visitor';

const OTHER_PASSWORD = 'a violin in the attic of the lighthouse';

describe('who is invited and has no account', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const accept = (form: object) => house.visitor().post('/invites/accept', form);

  test('makes it, joins and is signed in, in one call; the mail is proved by it', async () => {
    const owner = await house.owner();
    const { email, token } = await invite(house, owner, undefined, 'Admin');
    const grace = house.visitor();

    const joined = (await grace.post('/invites/accept', { token, name: 'Grace Hopper', password: PASSWORD })).expect(
      200,
    );
    expect(joined).toMatchObject({
      role: 'Admin',
      tokenType: 'Bearer',
      user: { email, name: 'Grace Hopper', emailVerified: true },
    });
    grace.become(joined);

    const { user, memberships } = (await grace.get('/auth/me')).expect(200);
    expect(user).toEqual(joined.user);
    expect(memberships).toEqual([
      expect.objectContaining({ role: 'Admin', organization: expect.objectContaining({ id: owner.organizationId }) }),
    ]);
    (await grace.get('/organizations/:org/invites')).expect(200);
    (await house.visitor().post('/auth/refresh', { refreshToken: grace.refreshToken })).expect(200);
    await house.visitor().signIn(email);
    expect(await house.mailsTo(email)).not.toContainEqual(expect.objectContaining({ subject: 'Confirm your address' }));
  });

  test('makes one, whatever is tried twice', async () => {
    const { email, token } = await invite(house, await house.owner());
    const form = { token, name: 'Grace', password: PASSWORD };
    (await accept(form)).expect(200);

    (await accept(form)).problem(410, 'invite-closed');
    const [row] = await house.query('SELECT COUNT(*) AS n FROM users WHERE email = ?', [email]);
    expect(Number(row.n)).toBe(1);
  });

  test.each([
    ['a password that everybody has', { password: 'password123' }, '#/password'],
    ['their own name for a password', { name: 'Gracehopper', password: 'gracehopper' }, '#/password'],
    ['too short a password', { password: 'short' }, '#/password'],
    ['no name but blanks', { name: '   ' }, '#/name'],
    ['a name of two lines', { name: 'Grace\nBcc: x@example.com' }, '#/name'],
    ['an address of their own choice', { email: 'other@example.com' }, '#/email'],
    ['a role of their own choice', { role: 'Owner' }, '#/role'],
  ])('cannot send %s, and the invite stays', async (_what, wrong, pointer) => {
    const { token } = await invite(house, await house.owner());
    const { errors } = (await accept({ token, name: 'Grace', password: PASSWORD, ...wrong })).problem(
      422,
      'validation-failed',
    );
    expect(errors.map((error: { pointer: string }) => error.pointer)).toEqual([pointer]);
    (await accept({ token, name: 'Grace', password: PASSWORD })).expect(200);
  });

  test('who has one, proved, must sign in: a link is no way to set their password', async () => {
    const grace = await house.user();
    const { token } = await invite(house, await house.owner(), grace.user.email);

    (await accept({ token, name: 'Mallory', password: OTHER_PASSWORD })).problem(409, 'email-taken');
    (await house.visitor().post('/auth/login', { email: grace.user.email, password: OTHER_PASSWORD })).problem(
      401,
      'wrong-credentials',
    );
    expect((await grace.get('/users/me')).expect(200).name).toBe(grace.user.name);
    (await grace.post('/invites/accept', { token })).expect(200);
  });

  test('takes over an account that a squatter had made with their address, who is out', async () => {
    const squatter = await house.user({ verified: false, name: 'Mallory' });
    const { email, id } = squatter.user;
    const squattersLink = await house.tokenFor(email, 'verify-email');
    (await squatter.post('/auth/reset-password', { email })).expect(202);
    const owner = await house.owner();
    const { token } = await invite(house, owner, email);

    const joined = (await accept({ token, name: 'Grace Hopper', password: OTHER_PASSWORD })).expect(200);

    expect(joined.user).toMatchObject({ id, email, name: 'Grace Hopper', emailVerified: true });
    (await squatter.get('/auth/me')).problem(401, 'unauthenticated');
    (await squatter.post('/auth/refresh', { refreshToken: squatter.refreshToken })).expect(401);
    (await house.visitor().post('/auth/login', { email, password: PASSWORD })).problem(401, 'wrong-credentials');
    (await house.visitor().post('/auth/verify-email', { token: squattersLink })).problem(410, 'link-dead');
    await house.visitor().signIn(email, OTHER_PASSWORD);
    const grace = house.visitor().become(joined);
    expect((await grace.get('/auth/sessions')).expect(200).data).toHaveLength(2); // hers alone
  });

  test('a refused take-over leaves the unproved account as it was', async () => {
    const early = await house.user({ verified: false });
    const { token } = await invite(house, await house.owner(), early.user.email);

    (await accept({ token, name: 'Grace', password: 'password123' })).problem(422, 'validation-failed');
    expect((await early.get('/auth/me')).expect(200).user).toEqual(early.user);
    await house.visitor().signIn(early.user.email);
  });

  test('a suspended person does not come back by an invite', async () => {
    const early = await house.user({ verified: false });
    await house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [early.user.id]);
    const { token } = await invite(house, await house.owner(), early.user.email);

    (await accept({ token, name: 'Grace', password: OTHER_PASSWORD })).problem(403, 'account-suspended');
    (await accept({ token, name: 'Grace', password: OTHER_PASSWORD })).problem(403, 'account-suspended'); // still open, still refused
  });
});
