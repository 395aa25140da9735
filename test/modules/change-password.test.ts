import { House } from '../support/house';
import { PASSWORD, type Visitor } from '../support/visitor';

const NEW_PASSWORD = 'nine umbrellas on a winter beach';
const WRONG = 'a password that is not the one';

describe('changing one’s password', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const change = (visitor: Visitor, currentPassword = PASSWORD, newPassword = NEW_PASSWORD) =>
    visitor.post('/auth/change-password', { currentPassword, newPassword });
  const login = ({ user }: Visitor, password: string) =>
    house.visitor().post('/auth/login', { email: user.email, password });

  test('changes it, ends the other sessions and keeps this one', async () => {
    const [ada, grace] = [await house.user(), await house.user()];
    const [phone, laptop] = [await house.deviceOf(ada), await house.deviceOf(ada)];
    (await change(phone)).expect(204);

    (await login(ada, PASSWORD)).problem(401, 'wrong-credentials');
    (await login(ada, NEW_PASSWORD)).expect(200);
    for (const device of [ada, laptop]) {
      const { refreshToken } = device;
      (await device.get('/auth/me')).problem(401, 'unauthenticated');
      (await device.post('/auth/refresh', { refreshToken })).problem(401, 'refresh-invalid');
    }
    const { refreshToken } = phone;
    (await phone.get('/auth/me')).expect(200);
    (await phone.post('/auth/refresh', { refreshToken })).expect(200);
    (await grace.get('/auth/me')).expect(200);
  });

  test('is told to the owner, with where it came from', async () => {
    const ada = await house.user();
    const thief = Object.assign(await house.deviceOf(ada), { ip: '198.51.100.66' });
    (await change(thief)).expect(204);

    const mail = (await house.mailTo(ada.user.email))!;
    expect(mail).toMatchObject({ subject: 'Your password was changed', links: [] });
    expect(mail.text).toContain('198.51.100.66');
    expect(mail.text).not.toContain(NEW_PASSWORD);
    const { data } = (await thief.get('/users/me/activity-logs?action=user.password-changed')).expect(200);
    expect(data).toMatchObject([{ ip: '198.51.100.66', targetId: ada.user.id }]);
  });

  test('wants the current one', async () => {
    const ada = await house.user();
    const phone = await house.deviceOf(ada);
    (await change(ada, WRONG)).problem(403, 'wrong-password');
    (await change(ada, NEW_PASSWORD)).problem(403, 'wrong-password');

    (await login(ada, PASSWORD)).expect(200);
    (await phone.get('/auth/me')).expect(200);
    expect((await house.mailsTo(ada.user.email)).map(({ subject }) => subject)).not.toContain(
      'Your password was changed',
    );
  });

  test('wants a session', async () => {
    (await change(house.visitor())).problem(401, 'unauthenticated');
  });

  test('takes ten guesses at the current one in a quarter of an hour', async () => {
    const ada = await house.user();
    for (let i = 0; i < 10; i++) (await change(ada, WRONG)).problem(403, 'wrong-password');
    const refused = await change(ada);
    refused.problem(429, 'too-many-requests');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(14 * 60);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(15 * 60);

    house.clock.advance(15 * 60_000);
    const { refreshToken } = ada;
    ada.become((await ada.post('/auth/refresh', { refreshToken })).expect(200)); // the access token ran out meanwhile
    (await change(ada)).expect(204);
  });

  test.each([
    ['without the current one', { newPassword: NEW_PASSWORD }],
    ['without a new one', { currentPassword: PASSWORD }],
    ['for someone else', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, userId: 'x' }],
  ])('%s is no request', async (_what, body) => {
    (await (await house.user()).post('/auth/change-password', body)).problem(422, 'validation-failed');
  });
});
