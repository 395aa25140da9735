import { House } from '../support/house';
import { PASSWORD_ROUTES } from '../support/password-routes';

describe.each(Object.entries(PASSWORD_ROUTES))('a new password, by %s,', (_route, { start, pointer, done }) => {
  let house: House;

  beforeAll(async () => {
    house = await House.open({ SIGNUP_POLICY: 'open' });
  });
  afterAll(() => house.close());

  const login = (email: string, password: string) => house.visitor().post('/auth/login', { email, password });

  test.each([
    ['eight characters of one byte', 'zq8 vx2k'],
    ['eight emoji', '🦄🐙🦑🦐🦞🦀🐡🐠'],
    ['256 characters', 'aZ9-'.repeat(64)],
    ['256 emoji', '🦄🐙🦑🦐'.repeat(64)],
    ['blanks at both ends', '  quite a long one  '],
    ['a family of one glyph and many characters', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦'],
    ['quotes, backslashes and a tab', `'"\\\t;DROP TABLE users--`],
    ['another script', 'съешь ещё этих булок'],
  ])('may be %s', async (_what, password) => {
    const { email, set } = await start(house);
    (await set(password)).expect(done);
    (await login(email, password)).expect(200);
  });

  test('is kept to the letter, whichever way that is spelt', async () => {
    const { email, set } = await start(house);
    const password = ' Caf\u00e9 de la Gare 24 ' + 'x'.repeat(200) + 'y';
    (await set(password)).expect(done);

    const others = [
      password.trim(),
      password.toLowerCase(),
      password.normalize('NFD').replaceAll('\u0301', ''),
      password.slice(0, -1),
      password.slice(0, 72),
      `${password}y`,
    ];
    for (const other of others) (await login(email, other)).problem(401, 'wrong-credentials');
    (await login(email, password)).expect(200);
    (await login(email, password.normalize('NFD'))).expect(200);
  });

  test.each<[string, unknown]>([
    ['seven characters', 'zq8 vx2'],
    ['seven emoji', '🦄🐙🦑🦐🦞🦀🐡'],
    ['257 characters', `${'aZ9-'.repeat(64)}!`],
    ['257 emoji', '🦄'.repeat(257)],
    ['a hundred thousand characters', 'x'.repeat(100_000)],
    ['nothing', ''],
    ['a number', 1234567890],
    ['a list', ['zq8 vx2k']],
    ['a NUL inside', 'zq8 \0 vx2k'],
    ['half an emoji', 'zq8 vx2k \ud83e'],
    ['one that everybody has', 'password1'],
    ['the same in capitals', 'PASSWORD1'],
  ])('may not be %s', async (_what, password) => {
    const { set } = await start(house);
    const { errors } = (await set(password)).problem(422, 'validation-failed');
    expect(errors).toMatchObject([{ pointer }]);
  });

  test('may not be one’s own address or name, however it is written', async () => {
    const { email, name, set } = await start(house);
    const own = [
      email,
      email.toUpperCase(),
      email.split('@')[0]!,
      name,
      name.toLowerCase(),
      name.replaceAll(' ', ''),
      `--${name}!`,
    ];
    for (const password of own) {
      const { errors } = (await set(password)).problem(422, 'validation-failed');
      expect({ password, errors }).toMatchObject({
        errors: [{ pointer, detail: expect.stringContaining('your own') }],
      });
    }
    (await set(`${name} was here`)).expect(done);
  });
});
