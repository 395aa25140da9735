import { House } from '../support/house';
import { freshAddress } from '../support/fresh';
import { atOnce, statusesOf } from '../support/at-once';
import { PASSWORD, Visitor } from '../support/visitor';

const HANDED_OVER = 'Your account was handed over to you';
const OWN = 'eleven kites above the northern pier';

/** Mallory signs up with the address of Ada, who owns the mailbox, and waits for her to move in. */
describe('the first proof of a mailbox', () => {
  let house: House;
  let email: string;
  let mallory: Visitor;

  beforeAll(async () => {
    house = await House.open({ SIGNUP_POLICY: 'open' });
  });
  afterAll(() => house.close());

  beforeEach(async () => {
    email = freshAddress('ada');
    mallory = await house.user({ email, name: 'Mallory', verified: false });
  });

  const login = (password: string) => house.visitor().post('/auth/login', { email, password });
  const ask = async (path: string, purpose: 'reset-password' | 'magic-link' | 'verify-email') => {
    (await house.visitor().post(path, { email })).expect(202);
    return house.tokenFor(email, purpose);
  };

  /** That nothing which Mallory has or knows lets anyone in. */
  async function expectMalloryIsOut() {
    const { refreshToken } = mallory;
    (await mallory.get('/auth/me')).problem(401, 'unauthenticated');
    (await mallory.post('/auth/refresh', { refreshToken })).problem(401, 'refresh-invalid');
    const again = { email, password: PASSWORD };
    (await mallory.call('POST', '/auth/login', { body: again })).problem(401, 'wrong-credentials');
  }

  test('by a sign-in link makes dead what Mallory set up', async () => {
    (await mallory.get('/auth/me')).expect(200); // until then
    const reset = await ask('/auth/reset-password', 'reset-password');
    const ada = house.visitor();
    ada.become(
      (await ada.post('/auth/magic-link/verify', { token: await ask('/auth/magic-link', 'magic-link') })).expect(200),
    );

    await expectMalloryIsOut();
    (await ada.get('/auth/me')).expect(200);
    const late = { token: reset, password: 'a password of the past' };
    (await house.visitor().post('/auth/reset-password/confirm', late)).problem(410, 'link-dead');
  });

  test('by a new password makes dead what Mallory set up', async () => {
    const token = await ask('/auth/reset-password', 'reset-password');
    (await house.visitor().post('/auth/reset-password/confirm', { token, password: OWN })).expect(204);

    await expectMalloryIsOut();
    expect((await login(OWN)).expect(200).user.emailVerified).toBe(true);
  });

  test('by the verification mail, followed elsewhere, with a new password makes dead what Mallory set up', async () => {
    const token = await house.tokenFor(email, 'verify-email');
    (await house.visitor().post('/auth/verify-email', { token, newPassword: OWN })).expect(204);

    await expectMalloryIsOut();
    expect((await login(OWN)).expect(200).user.emailVerified).toBe(true);
  });

  test('by the verification mail, followed elsewhere, asks before it takes anything away', async () => {
    const token = await house.tokenFor(email, 'verify-email');
    const verify = (form: object) => house.visitor().post('/auth/verify-email', { token, ...form });
    (await verify({})).problem(409, 'password-needed');
    (await verify({ password: OWN })).problem(403, 'wrong-password');
    (await verify({ password: PASSWORD, newPassword: OWN })).problem(422, 'validation-failed');
    (await verify({ newPassword: 'password1' })).problem(422, 'validation-failed');
    expect((await mallory.get('/auth/me')).expect(200).user.emailVerified).toBe(false);
    (await login(PASSWORD)).expect(200);
    expect((await house.mailsTo(email)).map(({ subject }) => subject)).not.toContain(HANDED_OVER);

    (await verify({ newPassword: OWN })).expect(204); // the link was not used up
    (await verify({ newPassword: OWN })).problem(410, 'link-dead');
  });

  test('by whoever signed up, on another device with the password of then, keeps password and session', async () => {
    const token = await house.tokenFor(email, 'verify-email');
    const phone = Object.assign(house.visitor(), { ip: '203.0.113.5' });
    (await phone.post('/auth/verify-email', { token, password: PASSWORD })).expect(204);

    expect((await mallory.get('/auth/me')).expect(200).user.emailVerified).toBe(true);
    (await login(PASSWORD)).expect(200);
  });

  test('lets nobody guess the password of then', async () => {
    const token = await house.tokenFor(email, 'verify-email');
    const guess = (i: number) =>
      house.visitor().post('/auth/verify-email', { token, password: `a guess of mine ${i}` });
    const answers = await atOnce(12, guess);
    expect(statusesOf(answers)).toEqual([...Array(10).fill(403), 429, 429]);
  });

  test('by a sign-in link says that a new password is needed, in the answer and by mail', async () => {
    const token = await ask('/auth/magic-link', 'magic-link');
    const ada = (await house.visitor().post('/auth/magic-link/verify', { token })).expect(200);
    expect(ada.passwordNeeded).toBe(true);
    const [mail] = (await house.mailsTo(email)).filter(({ subject }) => subject === HANDED_OVER);
    expect(mail!.text).toContain('the password, sign-ins and settings of then no longer count');
    expect(mail!.text).toContain('(0 other members)');

    const again = await ask('/auth/magic-link', 'magic-link');
    const later = (await house.visitor().post('/auth/magic-link/verify', { token: again })).expect(200);
    expect(later).not.toHaveProperty('passwordNeeded');
  });

  test('leaves nothing that Mallory set up to keep alarms quiet', async () => {
    const quiet = { loginAlerts: 'off', notifications: { 'member.joined': { email: false } } };
    (await mallory.put('/users/me/settings', quiet)).expect(200);
    const ada = house.visitor();
    const token = await ask('/auth/magic-link', 'magic-link');
    ada.become((await ada.post('/auth/magic-link/verify', { token })).expect(200));

    expect((await ada.get('/users/me/settings')).expect(200)).toMatchObject({ loginAlerts: null, notifications: {} });
    const before = (await house.mailsTo(email)).length;
    const reset = await ask('/auth/reset-password', 'reset-password');
    (await house.visitor().post('/auth/reset-password/confirm', { token: reset, password: OWN })).expect(204);
    await house.visitor().signIn(email, OWN);
    expect((await house.mailsTo(email)).slice(0, -before).map(({ subject }) => subject)).toContain(
      'New sign-in to your account',
    );
  });

  test('by an invite that makes the account makes dead what Mallory set up', async () => {
    const owner = await house.owner();
    (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
    const ada = house.visitor();
    const token = await house.tokenFor(email, 'invite');
    const joined = (await ada.post('/invites/accept', { token, name: 'Ada', password: OWN })).expect(200);
    expect(joined.user).toMatchObject({ email, name: 'Ada', emailVerified: true, id: mallory.user.id });

    await expectMalloryIsOut();
    (await ada.become(joined).get('/auth/me')).expect(200);
    (await login(OWN)).expect(200);
  });

  test('keeps Mallory’s device from being taken for Ada’s', async () => {
    const token = await ask('/auth/reset-password', 'reset-password');
    (await house.visitor().post('/auth/reset-password/confirm', { token, password: OWN })).expect(204);
    const before = (await house.mailsTo(email)).length;

    await Object.assign(house.visitor(), { userAgent: mallory.userAgent }).signIn(email, OWN);
    expect(await house.mailTo(email)).toMatchObject({ subject: 'New sign-in to your account' });
    expect(await house.mailsTo(email)).toHaveLength(before + 1);
  });

  test('with the session of another account is no proof of being the same person', async () => {
    const grace = await house.user();
    const token = await house.tokenFor(email, 'verify-email');
    (await grace.post('/auth/verify-email', { token })).problem(409, 'password-needed');
    (await grace.post('/auth/verify-email', { token, newPassword: OWN })).expect(204);

    await expectMalloryIsOut();
    (await grace.get('/auth/me')).expect(200);
  });

  test('is no matter of a session that is over', async () => {
    const token = await house.tokenFor(email, 'verify-email');
    (await mallory.post('/auth/logout')).expect(204);
    (await mallory.post('/auth/verify-email', { token })).expect(204); // it is the device that signed up
  });

  test('by whoever signed up, on the device of then, keeps password and session', async () => {
    const same = Object.assign(house.visitor(), { userAgent: mallory.userAgent, ip: '127.0.0.77' }); // the same network
    const token = await house.tokenFor(email, 'verify-email');
    (await same.post('/auth/verify-email', { token })).expect(204);

    expect((await mallory.get('/auth/me')).expect(200).user.emailVerified).toBe(true);
    (await login(PASSWORD)).expect(200);
  });

  test('by whoever signed up, signed in elsewhere, keeps password and session', async () => {
    const phone = await house.visitor().signIn(email);
    const elsewhere = Object.assign(house.visitor(), { accessToken: phone.accessToken, ip: '203.0.113.5' });
    const token = await house.tokenFor(email, 'verify-email');
    (await elsewhere.post('/auth/verify-email', { token })).expect(204);

    for (const device of [mallory, phone]) (await device.get('/auth/me')).expect(200);
    (await login(PASSWORD)).expect(200);
  });

  test('is the only one that wipes: what comes later keeps password and sessions', async () => {
    await mallory.verify(await house.tokenFor(email, 'verify-email'));
    const token = await ask('/auth/magic-link', 'magic-link');
    (await house.visitor().post('/auth/magic-link/verify', { token })).expect(200);

    (await mallory.get('/auth/me')).expect(200);
    (await login(PASSWORD)).expect(200);
  });

  test('leaves one line in the trail', async () => {
    await mallory.verify(await house.tokenFor(email, 'verify-email'));
    const { data } = (await mallory.get('/users/me/activity-logs?action=user.verified')).expect(200);
    expect(data).toMatchObject([{ actorId: mallory.user.id, targetId: mallory.user.id }]);
  });
});

test('where sign-up must be proved, a proof from elsewhere gives a session, and no password but one’s own', async () => {
  const house = await House.open({ SIGNUP_POLICY: 'verified' });
  const [mallory, ada, email] = [house.visitor(), house.visitor(), freshAddress('ada')];
  (await mallory.post('/auth/signup', { email, password: PASSWORD })).expect(202);
  const token = await house.tokenFor(email, 'verify-email');
  (await ada.post('/auth/verify-email', { token })).problem(409, 'password-needed');
  ada.become((await ada.post('/auth/verify-email', { token, newPassword: OWN })).expect(200));

  (await ada.get('/auth/me')).expect(200);
  (await mallory.post('/auth/login', { email, password: PASSWORD })).problem(401, 'wrong-credentials');
  await house.close();
});
