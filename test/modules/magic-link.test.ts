import { House } from '../support/house';
import { freshAddress } from '../support/fresh';
import { PASSWORD } from '../support/visitor';

describe('signing in by a mailed link', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  async function magicOf(email: string): Promise<string> {
    (await house.visitor().post('/auth/magic-link', { email })).expect(202);
    return house.tokenFor(email, 'magic-link');
  }

  test('opens a session on the device that follows it, and leaves the others and the password', async () => {
    const ada = await house.user();
    const phone = house.visitor();
    const session = (await phone.post('/auth/magic-link/verify', { token: await magicOf(ada.user.email) })).expect(200);
    expect(session).toMatchObject({
      user: { id: ada.user.id, emailVerified: true },
      tokenType: 'Bearer',
      expiresIn: 900,
    });

    (await phone.become(session).get('/auth/me')).expect(200);
    (await ada.get('/auth/me')).expect(200);
    await house.visitor().signIn(ada.user.email);
  });

  test('proves the mailbox', async () => {
    const ada = await house.user({ verified: false });
    const { user } = (await ada.post('/auth/magic-link/verify', { token: await magicOf(ada.user.email) })).expect(200);
    expect(user.emailVerified).toBe(true);
  });

  test('is the way in for who has no password', async () => {
    const email = freshAddress();
    const owner = await house.owner();
    (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
    const token = await house.tokenFor(email, 'invite');
    const { user } = (
      await house.visitor().post('/invites/accept', { token, name: 'Joan', password: PASSWORD })
    ).expect(200);
    await house.query('UPDATE users SET password_hash = NULL WHERE id = ?', [user.id]);

    const joan = house.visitor();
    joan.become((await joan.post('/auth/magic-link/verify', { token: await magicOf(email) })).expect(200));
    (await joan.get('/auth/me')).expect(200);
    const change = { currentPassword: PASSWORD, newPassword: 'nine umbrellas on a winter beach' };
    (await joan.post('/auth/change-password', change)).problem(409, 'no-password');
  });
});
