import { hash } from '@node-rs/argon2';
import { House } from '../support/house';
import { PASSWORD_ROUTES } from '../support/password-routes';
import { Issuer } from '../support/social/issuer';
import { proofOf, someone } from '../support/social/sign-in';
import type { Visitor } from '../support/visitor';

const COMPOSED = 'crème brûlée à Orléans, 한국'.normalize('NFC');
const DECOMPOSED = COMPOSED.normalize('NFD');
const SPELLINGS: [string, string, string][] = [
  ['composed', COMPOSED, DECOMPOSED],
  ['decomposed', DECOMPOSED, COMPOSED],
];

const acme = new Issuer('acme');
let house: House;
beforeAll(async () => {
  house = await House.open({ SIGNUP_POLICY: 'open', OIDC_PROVIDERS: JSON.stringify([acme.entry]) });
});
afterAll(() => house.close());

const login = (email: string, password: string) => house.visitor().post('/auth/login', { email, password });

const hashOf = async (email: string): Promise<string> =>
  (await house.query('SELECT password_hash AS hash FROM users WHERE email = ?', [email]))[0].hash;

/** As the password was hashed before its spelling was looked at. */
async function someoneWith(password: string): Promise<Visitor> {
  const visitor = await house.user();
  const stored = await hash(password, { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 });
  await house.query('UPDATE users SET password_hash = ? WHERE email = ?', [stored, visitor.user.email]);
  return visitor;
}

describe.each(Object.entries(PASSWORD_ROUTES))('a password set by %s', (_route, { start, pointer, done }) => {
  test.each(SPELLINGS)('%s is the same however a keyboard spells it', async (_form, set, typed) => {
    const setter = await start(house);
    (await setter.set(set)).expect(done);
    (await login(setter.email, typed)).expect(200);
    (await login(setter.email, set)).expect(200);
    (await login(setter.email, set.replace('è', 'e').replace('e\u0300', 'e'))).problem(401, 'wrong-credentials');
  });

  test('is counted as one reads it', async () => {
    const setter = await start(house);
    const refused = async (password: string) =>
      expect((await setter.set(password)).problem(422, 'validation-failed').errors).toMatchObject([{ pointer }]);
    await refused('éèàùçôî'.normalize('NFD')); // fourteen code points, seven characters
    await refused('é'.repeat(257).normalize('NFD'));
    await refused(`${'aZ9-'.repeat(63)}xyz${'\u0344'}`); // one code point that is two in every normal form
    await refused('e\u0301'.repeat(50_000));
    (await setter.set('é'.repeat(256).normalize('NFD'))).expect(done);
    (await login(setter.email, 'é'.repeat(256))).expect(200);
    (await login(setter.email, 'é'.repeat(256).normalize('NFD'))).expect(200);
  });

  test.each(['ｐａｓｓｗｏｒｄ１', 'ＰＡＳＳＷＯＲＤ１', 'pa\u017f\u017fword1', '𝓅𝒶𝓈𝓈𝓌ℴ𝓇𝒹1'])(
    'is not one that everybody has in other letters: %s',
    async (password) => {
      const setter = await start(house);
      expect((await setter.set(password)).problem(422, 'validation-failed').errors).toMatchObject([{ pointer }]);
    },
  );
});

test('the own name is known in any spelling', async () => {
  const form = { email: 'zoe@example.com', name: 'Zoë Łukasz-Müller' };
  for (const password of [form.name, form.name.normalize('NFD'), 'ｚｏë łukasz müller'])
    (await house.visitor().post('/auth/signup', { ...form, password })).problem(422, 'validation-failed');
});

describe('where a person shows that they know it', () => {
  const link = async (visitor: Visitor, currentPassword: string) => {
    const proof = await proofOf(house.visitor(), acme, someone());
    return visitor.post('/auth/social-accounts', { provider: acme.id, ...proof, currentPassword });
  };
  const change = (visitor: Visitor, currentPassword: string) =>
    visitor.post('/auth/change-password', { currentPassword, newPassword: 'a brand new battery' });

  test.each(SPELLINGS)('%s, the spelling is theirs', async (_form, set, typed) => {
    const setter = await PASSWORD_ROUTES['a password reset']!.start(house);
    (await setter.set(set)).expect(204);
    const visitor = await house.visitor().signIn(setter.email, typed);
    (await link(visitor, `${typed}!`)).problem(403, 'wrong-password');
    (await link(visitor, typed)).expect(201);
    (await change(visitor, `${typed}!`)).problem(403, 'wrong-password');
    (await change(visitor, typed)).expect(204);
  });

  test('by a link that proves a mailbox on another device, too', async () => {
    const email = 'spelt@example.com';
    (await house.visitor().post('/auth/signup', { email, password: DECOMPOSED })).expect(201);
    const token = await house.tokenFor(email, 'verify-email');
    (await house.visitor().post('/auth/verify-email', { token, password: `${COMPOSED}!` })).problem(
      403,
      'wrong-password',
    );
    (await house.visitor().post('/auth/verify-email', { token, password: COMPOSED })).expect(204);
  });
});

describe('a password that was hashed as it was typed', () => {
  test('lets in as it was typed then, and in any spelling from then on', async () => {
    const { email } = (await someoneWith(DECOMPOSED)).user;
    const before = await hashOf(email);
    (await login(email, `${DECOMPOSED}!`)).problem(401, 'wrong-credentials');
    expect(await hashOf(email)).toBe(before);
    (await login(email, DECOMPOSED)).expect(200);
    expect(await hashOf(email)).not.toBe(before);
    (await login(email, COMPOSED)).expect(200);
    (await login(email, DECOMPOSED)).expect(200);
  });

  test('is made anew wherever it is shown, and ends nothing by that', async () => {
    const visitor = await someoneWith(DECOMPOSED);
    const before = await hashOf(visitor.user.email);
    const poor = { currentPassword: DECOMPOSED, newPassword: 'password1' };
    (await visitor.post('/auth/change-password', poor)).problem(422, 'validation-failed');
    (await visitor.post('/auth/change-password', { ...poor, newPassword: 'a brand new battery' })).expect(204);
    expect(await hashOf(visitor.user.email)).not.toBe(before);
    (await visitor.get('/auth/me')).expect(200);
  });

  test('of as many characters as were allowed then still does', async () => {
    const long = '\u0344'.repeat(200); // 400 code points in every normal form
    const { email } = (await someoneWith(long)).user;
    (await login(email, long)).expect(200);
    (await login(email, long)).expect(200);
  });
});

test.each([
  ['in ASCII', 'a wrong password', 1],
  ['composed', `${COMPOSED}!`, 1],
  ['decomposed', `${DECOMPOSED}!`, 2],
])('a wrong password, %s, costs the same whether or not somebody is there', async (_form, password, hashes) => {
  const { email } = (await house.user()).user;
  const verified = jest.spyOn(jest.requireActual<typeof import('@node-rs/argon2')>('@node-rs/argon2'), 'verify');
  for (const address of [email, 'nobody-at-all@example.com']) {
    verified.mockClear();
    (await login(address, password)).problem(401, 'wrong-credentials');
    expect(verified).toHaveBeenCalledTimes(hashes);
  }
  verified.mockRestore();
});
