import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../support/engines';
import { newJwtKey, partsOf } from '../support/forge';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

type Jwk = { kid: string };

const [one, two, three] = [newJwtKey(), newJwtKey(), newJwtKey()];
const folder = mkdtempSync(join(tmpdir(), 'tenantry-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string, pem: string): string => {
  writeFileSync(join(folder, name), pem);
  return join(folder, name);
};

/** An instance that runs with these settings, for as long as `visit` takes. */
async function during<T>(settings: Settings, visit: (house: House) => Promise<T>): Promise<T> {
  const house = await House.open(settings);
  try {
    return await visit(house);
  } finally {
    await house.close();
  }
}

/** The same person before another instance: what they know goes with them. */
const again = ({ accessToken, refreshToken, user, userAgent }: Visitor, house: House): Visitor =>
  Object.assign(house.visitor(), { accessToken, refreshToken, user, userAgent });

const kidsOf = async (house: House): Promise<string[]> =>
  (await house.visitor().get('/.well-known/jwks.json')).expect(200).keys.map(({ kid }: Jwk) => kid);

test('the key of access tokens is changed in three steps without signing anyone out', async () => {
  const ada = await during({ JWT_PRIVATE_KEY: one.pem }, (house) => house.user());

  await during({ JWT_PRIVATE_KEY: one.pem, JWT_NEXT_KEY: two.pem }, async (house) => {
    expect(await kidsOf(house)).toEqual([one.kid, two.kid]);
    const grace = await house.user();
    expect(partsOf(grace.accessToken!).header.kid).toBe(one.kid); // published, not yet used
    (await again(ada, house).get('/auth/me')).expect(200);
  });

  const previous = fileOf('one.pub.pem', one.publicPem);
  const grace = await during({ JWT_PRIVATE_KEY: two.pem, JWT_PREVIOUS_KEYS: previous }, async (house) => {
    expect(await kidsOf(house)).toEqual([two.kid, one.kid]);
    (await again(ada, house).get('/auth/me')).expect(200);
    const newcomer = await house.user();
    expect(partsOf(newcomer.accessToken!).header.kid).toBe(two.kid);
    return newcomer;
  });

  await during({ JWT_PRIVATE_KEY: one.pem, JWT_NEXT_KEY: fileOf('two.pem', two.pem) }, async (house) => {
    (await again(grace, house).get('/auth/me')).expect(200); // an instance that is one step behind
  });

  await during({ JWT_PRIVATE_KEY: two.pem }, async (house) => {
    expect(await kidsOf(house)).toEqual([two.kid]);
    (await again(ada, house).get('/auth/me')).problem(401, 'unauthenticated');
    const { refreshToken } = ada;
    const session = (await again(ada, house).post('/auth/refresh', { refreshToken })).expect(200);
    expect(partsOf(session.accessToken).header.kid).toBe(two.kid);
  });
});

test('several previous keys are accepted at once', async () => {
  const ada = await during({ JWT_PRIVATE_KEY: one.pem }, (house) => house.user());
  const grace = await during({ JWT_PRIVATE_KEY: two.pem }, (house) => house.user());
  const previous = [fileOf('one.pem', one.publicPem), fileOf('two.pem', two.publicPem)].join(', ');

  await during({ JWT_PRIVATE_KEY: three.pem, JWT_PREVIOUS_KEYS: previous }, async (house) => {
    expect(await kidsOf(house)).toEqual([three.kid, one.kid, two.kid]);
    for (const person of [ada, grace]) (await again(person, house).get('/auth/me')).expect(200);
  });
});

test('the key of refresh tokens is changed by the ring, and ends its sessions once it is out of it', async () => {
  const [k1, k2] = [`k1:${randomBytes(32).toString('base64')}`, `k2:${randomBytes(32).toString('base64')}`];
  const ada = await during({ SECRET_KEYS: k1 }, (house) => house.user());

  await during({ SECRET_KEYS: k2 }, async (house) => {
    const { refreshToken } = ada;
    (await house.visitor().post('/auth/refresh', { refreshToken })).problem(401, 'refresh-invalid');
  });

  await during({ SECRET_KEYS: `${k2},${k1}` }, async (house) => {
    const { refreshToken } = ada;
    ada.become((await house.visitor().post('/auth/refresh', { refreshToken })).expect(200));
  });

  await during({ SECRET_KEYS: k2 }, async (house) => {
    const { refreshToken } = ada; // the successor is signed by the new key
    (await house.visitor().post('/auth/refresh', { refreshToken })).expect(200);
  });
});
