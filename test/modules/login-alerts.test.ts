import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const SUBJECT = 'New sign-in to your account';

describe.each(['new-device', 'always', 'off'] as const)('where a login alert is mailed: %s', (platform) => {
  let house: House;

  beforeAll(async () => {
    house = await House.open({ LOGIN_ALERTS: platform });
  });
  afterAll(() => house.close());

  const alerts = async ({ user }: Visitor) =>
    (await house.mailsTo(user.email)).filter(({ subject }) => subject === SUBJECT);

  /** How many alerts come of a login on the known device, and of one on a new device. */
  async function alertsOf(ada: Visitor): Promise<[number, number]> {
    await ada.signIn(ada.user.email);
    const known = (await alerts(ada)).length;
    await house.visitor().signIn(ada.user.email);
    return [known, (await alerts(ada)).length - known];
  }

  const WANTED = { 'new-device': [0, 1], always: [1, 1], off: [0, 0] };

  test('a person who wants nothing else gets it so', async () => {
    expect(await alertsOf(await house.user())).toEqual(WANTED[platform]);
  });

  test.each(['new-device', 'always', 'off', null] as const)('a person who wants %s gets it so', async (own) => {
    const ada = await house.user();
    (await ada.put('/users/me/settings', { loginAlerts: own })).expect(200);
    expect(await alertsOf(ada)).toEqual(WANTED[own ?? platform]);
  });
});

describe('a login alert', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const subjects = async ({ user }: Visitor) => (await house.mailsTo(user.email)).map(({ subject }) => subject);

  test('says when, from where and on what, and comes once for a device', async () => {
    const ada = await house.user();
    const phone = Object.assign(house.visitor(), { ip: '198.51.100.7', userAgent: 'Phone/1.0 <b>' });
    await phone.signIn(ada.user.email);
    await phone.signIn(ada.user.email);

    expect(await subjects(ada)).toEqual([SUBJECT, 'Confirm your address']);
    const { text, html, links } = (await house.mailTo(ada.user.email))!;
    expect(text).toContain('198.51.100.7');
    expect(text).toContain('Phone/1.0 <b>');
    expect(html).not.toContain('<b>');
    expect(links).toEqual([]);
  });

  test('comes for a known browser in another network, not for another address in the same one', async () => {
    const ada = Object.assign(house.visitor(), { ip: '203.0.113.7' });
    await ada.signIn((await house.user()).user.email);
    expect(await subjects(ada)).toHaveLength(2);

    await Object.assign(ada, { ip: '203.0.113.200' }).signIn(ada.user.email);
    expect(await subjects(ada)).toHaveLength(2);
    await Object.assign(ada, { ip: '203.0.114.7' }).signIn(ada.user.email);
    expect(await subjects(ada)).toHaveLength(3);
  });

  test('comes for a sign-in by a mailed link, too', async () => {
    const ada = await house.user();
    (await ada.post('/auth/magic-link', { email: ada.user.email })).expect(202);
    const token = await house.tokenFor(ada.user.email, 'magic-link');
    (await house.visitor().post('/auth/magic-link/verify', { token })).expect(200);

    expect((await subjects(ada))[0]).toBe(SUBJECT);
  });

  test('does not come for a login that failed', async () => {
    const ada = await house.user();
    (await house.visitor().post('/auth/login', { email: ada.user.email, password: 'wrong password' })).expect(401);
    expect(await subjects(ada)).toEqual(['Confirm your address']);
  });
});
