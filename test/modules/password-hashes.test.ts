import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { House } from '../support/house';

type Vector = { m_kib: number; t: number; p: number; password: string; encoded: string };

const { vectors, malformed }: { vectors: Vector[]; malformed: string[] } = JSON.parse(
  readFileSync(join(__dirname, '../vectors/argon2-encoded-vectors.json'), 'utf8'),
);
const CURRENT = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

describe('a stored password', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const login = (email: string, password: string) => house.visitor().post('/auth/login', { email, password });

  async function hashOf(id: string): Promise<string> {
    const [row] = await house.query('SELECT password_hash AS hash FROM users WHERE id = ?', [id]);
    return row.hash;
  }

  async function someoneWith(hash: string) {
    const { user } = await house.user();
    await house.query('UPDATE users SET password_hash = ? WHERE id = ?', [hash, user.id]);
    return user;
  }

  test('is an argon2id hash with a salt of its own', async () => {
    const [ada, grace] = [await house.user(), await house.user()];
    const [one, other] = [await hashOf(ada.user.id), await hashOf(grace.user.id)];
    expect(one).toMatch(CURRENT);
    expect(other).toMatch(CURRENT);
    expect(one).not.toBe(other);
  });

  test('stays as it is while its parameters are today’s', async () => {
    const { user } = await house.user();
    const before = await hashOf(user.id);
    await house.visitor().signIn(user.email);
    expect(await hashOf(user.id)).toBe(before);
  });

  test('24 reference hashes are there to be tried', () => expect(vectors).toHaveLength(24));

  test.each(vectors)(
    'made elsewhere opens with its password alone, and is then made anew: $encoded',
    async (vector) => {
      const { id, email } = await someoneWith(vector.encoded);
      (await login(email, `${vector.password}x`)).problem(401, 'wrong-credentials');
      expect(await hashOf(id)).toBe(vector.encoded);

      (await login(email, vector.password)).expect(200);
      expect(await hashOf(id)).toMatch(CURRENT);
      (await login(email, vector.password)).expect(200);
      (await login(email, `${vector.password}x`)).problem(401, 'wrong-credentials');
    },
  );

  test.each(malformed)('that is no hash lets nobody in: %j', async (hash) => {
    const { email } = await someoneWith(hash);
    for (const password of ['password', 'somesalt', hash || ' ']) {
      (await login(email, password)).problem(401, 'wrong-credentials');
    }
  });
});
