import { House } from '../support/house';

const NOWHERE = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';
const DEFAULTS = { locale: 'en', timezone: 'UTC', loginAlerts: null, notifications: {} };

describe('a person’s settings', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  test('are the defaults until they say', async () => {
    const ada = await house.user();
    expect((await ada.get('/users/me/settings')).expect(200)).toEqual(DEFAULTS);
    expect((await ada.get('/users/:me/settings')).expect(200)).toEqual(DEFAULTS);
  });

  test('change in what is sent and stay in what is not', async () => {
    const ada = await house.user();
    const put = async (changes: object) => (await ada.put('/users/me/settings', changes)).expect(200);
    expect(await put({ timezone: 'Europe/Paris' })).toEqual({ ...DEFAULTS, timezone: 'Europe/Paris' });
    expect(await put({ locale: 'pt-BR', loginAlerts: 'always' })).toMatchObject({
      timezone: 'Europe/Paris',
      locale: 'pt-BR',
    });
    const notifications = { 'member.joined': { email: true }, 'member.removed': { inApp: false, email: false } };
    expect(await put({ notifications, loginAlerts: null })).toEqual({
      locale: 'pt-BR',
      timezone: 'Europe/Paris',
      loginAlerts: null,
      notifications,
    });
    expect(await put({})).toEqual((await ada.get('/users/me/settings')).expect(200));

    const { data } = (await ada.get('/users/me/activity-logs?action=user.settings-updated')).expect(200);
    expect(data).toHaveLength(4);
  });

  test.each([
    'en',
    'pt-BR',
    'zh-Hant-TW',
    'en-US-u-mu-celsius',
    'de-DE-u-co-phonebk-nu-latn',
    'de-1996-x-acme-1',
    'es-419',
  ])('take the language tag %s', async (locale) => {
    const ada = await house.user();
    expect((await ada.put('/users/me/settings', { locale })).expect(200).locale).toBe(locale);
  });

  test.each([
    'EN',
    'e',
    'english',
    'en_US',
    'en-',
    'en-u',
    'en-u-x',
    'en-x',
    '-en',
    'en--US',
    'en-US-u-mu-',
    'é',
    'x-acme',
  ])('take no %p for one', async (locale) => {
    const ada = await house.user();
    const { errors } = (await ada.put('/users/me/settings', { locale })).problem(422, 'validation-failed');
    expect(errors).toMatchObject([{ pointer: '#/locale', detail: expect.any(String) }]);
  });

  test('are not overwritten by whoever read older ones, the defaults included', async () => {
    const ada = await house.user();
    const tagOf = async () => String((await ada.get('/users/me/settings')).headers.etag);
    const defaults = await tagOf();
    (await ada.put('/users/me/settings', { locale: 'de' }, { 'if-match': '"7"' })).problem(412, 'precondition-failed');

    (await ada.put('/users/me/settings', { locale: 'fr' }, { 'if-match': defaults })).expect(200);
    (await ada.put('/users/me/settings', { locale: 'de' }, { 'if-match': defaults })).problem(
      412,
      'precondition-failed',
    );
    const second = await tagOf();
    (await ada.put('/users/me/settings', { locale: 'it' }, { 'if-match': second })).expect(200);
    (await ada.put('/users/me/settings', { locale: 'de' }, { 'if-match': second })).problem(412, 'precondition-failed');
    expect((await ada.get('/users/me/settings')).expect(200).locale).toBe('it');
  });

  test.each<[string, object, string]>([
    ['no language', { locale: 'e' }, '#/locale'],
    ['a language of two lines', { locale: 'en\nfr' }, '#/locale'],
    ['a place that is no time zone', { timezone: 'Europe/Atlantis' }, '#/timezone'],
    ['a path for a time zone', { timezone: '../../etc/passwd' }, '#/timezone'],
    ['an unknown kind of alert', { loginAlerts: 'sometimes' }, '#/loginAlerts'],
    ['a language that is null', { locale: null }, '#/locale'],
    ['notifications that are a list', { notifications: [] }, '#/notifications'],
    ['a notification that there is none of', { notifications: { 'a/b': {} } }, '#/notifications/a~1b'],
    ['a channel that is a word', { notifications: { 'member.joined': 'email' } }, '#/notifications/member.joined'],
    ['a pigeon', { notifications: { 'member.joined': { pigeon: true } } }, '#/notifications/member.joined/pigeon'],
    [
      'a channel that is a 1',
      { notifications: { 'member.joined': { email: 1 } } },
      '#/notifications/member.joined/email',
    ],
    ['another person', { userId: NOWHERE }, '#/userId'],
  ])('%s is refused', async (_what, body, pointer) => {
    const ada = await house.user();
    const { errors } = (await ada.put('/users/me/settings', body)).problem(422, 'validation-failed');
    expect(errors.map((fault: { pointer: string }) => fault.pointer)).toEqual([pointer]);
    expect((await ada.get('/users/me/settings')).expect(200)).toEqual(DEFAULTS);
  });

  test('are for oneself, and for platform staff', async () => {
    const [ada, eve, boss] = [await house.user(), await house.user(), await house.user()];
    const path = `/users/${ada.user.id}/settings`;
    (await house.visitor().get(path)).problem(401, 'unauthenticated');
    (await house.visitor().put(path, { locale: 'fr' })).problem(401, 'unauthenticated');
    (await eve.get(path)).problem(404, 'not-found');
    (await eve.put(path, { locale: 'fr' })).problem(404, 'not-found');

    await house.promote(boss);
    (await boss.put(path, { locale: 'nl' })).expect(200);
    expect((await boss.get(path)).expect(200).locale).toBe('nl');
    expect((await ada.get('/users/me/settings')).expect(200).locale).toBe('nl');
  });
});
