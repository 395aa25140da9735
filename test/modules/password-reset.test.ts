import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const NEW_PASSWORD = 'eleven kites above the northern pier';

describe('setting a new password by a mailed link', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const confirm = (token: string, password = NEW_PASSWORD) =>
    house.visitor().post('/auth/reset-password/confirm', { token, password });

  async function resetOf({ user }: Visitor): Promise<string> {
    (await house.visitor().post('/auth/reset-password', { email: user.email })).expect(202);
    return house.tokenFor(user.email, 'reset-password');
  }

  test('ends every session, makes the old password dead, and tells the owner', async () => {
    const ada = await house.user();
    const phone = await house.deviceOf(ada);
    (await confirm(await resetOf(ada))).expect(204);

    for (const device of [ada, phone]) {
      const { refreshToken } = device;
      (await device.get('/auth/me')).problem(401, 'unauthenticated');
      (await device.post('/auth/refresh', { refreshToken })).problem(401, 'refresh-invalid');
    }
    const { email } = ada.user;
    (await house.visitor().post('/auth/login', { email, password: NEW_PASSWORD })).expect(200);
    await expect(house.visitor().signIn(email)).rejects.toThrow('401');
    expect((await house.mailsTo(email)).map(({ subject }) => subject)).toContain('Your password was changed');
  });

  test('takes the other links along', async () => {
    const ada = await house.user();
    (await ada.post('/auth/magic-link', { email: ada.user.email })).expect(202);
    const magic = await house.tokenFor(ada.user.email, 'magic-link');
    (await confirm(await resetOf(ada))).expect(204);

    (await house.visitor().post('/auth/magic-link/verify', { token: magic })).problem(410, 'link-dead');
  });

  test('works once, but a poor password does not count', async () => {
    const ada = await house.user();
    const token = await resetOf(ada);
    (await confirm(token, 'password1')).problem(422, 'validation-failed');
    (await confirm(token, ada.user.email)).problem(422, 'validation-failed');
    (await confirm(token, 'short')).problem(422, 'validation-failed');

    (await confirm(token)).expect(204);
    (await confirm(token)).problem(410, 'link-dead');
  });

  test('with a dead link nothing is learnt about a password', async () => {
    (await confirm('x'.repeat(43), 'password1')).problem(410, 'link-dead');
  });

  test('lets back in whom guessing from elsewhere has kept out', async () => {
    const ada = await house.user();
    const { email } = ada.user;
    for (let i = 0; i < 30; i++)
      (await house.visitor().post('/auth/login', { email, password: `wrong guess ${i}` })).expect(401);
    const link = await resetOf(ada);
    (await confirm(link)).expect(204);

    (await ada.post('/auth/login', { email, password: NEW_PASSWORD })).expect(200); // on a device that is known
  });

  test('leaves its line in the trail', async () => {
    const ada = await house.user();
    (await confirm(await resetOf(ada))).expect(204);
    const { email } = ada.user;
    ada.become((await ada.post('/auth/login', { email, password: NEW_PASSWORD })).expect(200));

    const { data } = (await ada.get('/users/me/activity-logs?action=user.password-changed')).expect(200);
    expect(data).toMatchObject([{ actorId: ada.user.id, targetId: ada.user.id, targetType: 'user' }]);
  });
});
