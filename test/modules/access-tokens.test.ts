import { createPublicKey, verify } from 'node:crypto';
import { forge, es256, hs256, newJwtKey, type Part, partsOf } from '../support/forge';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const ours = newJwtKey();
const theirs = newJwtKey();
const APP_URL = 'https://api.acme.test';

describe('an access token', () => {
  let house: House;
  let ada: Visitor;
  let mallory: Visitor;

  beforeAll(async () => {
    house = await House.open({ JWT_PRIVATE_KEY: ours.pem, APP_URL });
    [ada, mallory] = [await house.user(), await house.user()];
  });
  afterAll(() => house.close());

  const me = (token: string) => Object.assign(house.visitor(), { accessToken: token }).get('/auth/me');
  const of = (visitor: Visitor) => partsOf(visitor.accessToken!);

  test('names the person and the session, and nothing that they may do', async () => {
    const { header, claims, signature } = of(ada);
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: ours.kid });
    expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
    expect(claims).toMatchObject({ iss: APP_URL, aud: APP_URL, sub: ada.user.id });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(15 * 60);
    expect(claims.sid).toBe((await ada.get('/auth/me')).expect(200).sessionId);
    expect(signature).toHaveLength(86);
  });

  test('can be checked by anyone with the published key, whose id is its thumbprint', async () => {
    const answer = await house.visitor().get('/.well-known/jwks.json');
    const { keys } = answer.expect(200);
    const { x, y } = ours.publicKey.export({ format: 'jwk' });
    expect(keys).toEqual([{ kty: 'EC', crv: 'P-256', x, y, alg: 'ES256', use: 'sig', kid: ours.kid }]);
    expect(answer.headers['cache-control']).toMatch(/public/);

    const [text, signature] = [ada.accessToken!.replace(/\.[^.]*$/, ''), of(ada).signature];
    const key = createPublicKey({ key: keys[0], format: 'jwk' });
    const bytes = Buffer.from(signature, 'base64url');
    expect(verify('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true);
  });

  test('made by our key of the same claims is as good, so that what follows fails for its own reason', async () => {
    const { header, claims } = of(ada);
    (await me(forge(header, claims, es256(ours.privateKey)))).expect(200);
  });

  test.each<[string, Part, Part]>([
    ['an issuer of its own', {}, { iss: 'https://evil.example' }],
    ['no issuer', {}, { iss: undefined }],
    ['another audience', {}, { aud: 'https://evil.example' }],
    ['no audience', {}, { aud: undefined }],
    ['the type of an ID token', { typ: 'JWT' }, {}],
    ['no type', { typ: undefined }, {}],
    ['the id of an unknown key', { kid: theirs.kid }, {}],
    ['no key id', { kid: undefined }, {}],
    ['a key id out of an object', { kid: 'constructor' }, {}],
    ['a time that is over', {}, { exp: Math.floor(Date.now() / 1000) - 1 }],
    ['no end', {}, { exp: undefined }],
    ['an end that is no number', {}, { exp: 'never' }],
    ['no session', {}, { sid: undefined }],
    ['a session that is no id', {}, { sid: { $ne: null } }],
    ['a session that is not there', {}, { sid: '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55' }],
    ['no person', {}, { sub: undefined }],
    ['an algorithm that does not fit', { alg: 'RS256' }, {}],
    ['a small letter in its algorithm', { alg: 'es256' }, {}],
    ['a type in capitals', { typ: 'AT+JWT' }, {}],
    ['a type spelt out', { typ: 'application/at+jwt' }, {}],
    ['an extension that must be understood', { crit: ['exp'] }, {}],
    ['an extension that must be understood, and none named', { crit: [] }, {}],
    ['claims that are not encoded', { crit: ['b64'], b64: false }, {}],
    ['a word about its encoding', { b64: true }, {}],
    ['a key in its header', { jwk: ours.publicKey.export({ format: 'jwk' }) }, {}],
    ['the address of keys', { jku: 'https://evil.example/jwks.json' }, {}],
    ['claims that are compressed', { zip: 'DEF' }, {}],
    ['an end in text', {}, { exp: '99999999999' }],
    ['an end in a list', {}, { exp: [99999999999] }],
    ['an end in thousands of years', {}, { exp: 99999999999 }],
    ['an end within a second', {}, { exp: Math.floor(Date.now() / 1000) + 60.5 }],
    ['a life longer than ours', {}, { exp: Math.floor(Date.now() / 1000) + 16 * 60 }],
    ['no beginning', {}, { iat: undefined }],
    ['a beginning in text', {}, { iat: String(Math.floor(Date.now() / 1000)) }],
    ['a beginning that is to come', {}, { iat: Math.floor(Date.now() / 1000) + 120 }],
    [
      'a beginning after its end',
      {},
      { iat: Math.floor(Date.now() / 1000) + 20, exp: Math.floor(Date.now() / 1000) + 10 },
    ],
    ['a time before which it is not valid', {}, { nbf: Math.floor(Date.now() / 1000) + 120 }],
    ['such a time in text', {}, { nbf: '0' }],
    ['a list of audiences', {}, { aud: [APP_URL] }],
    ['another audience beside ours', {}, { aud: [APP_URL, 'https://evil.example'] }],
    ['a list of issuers', {}, { iss: [APP_URL] }],
    ['a list of people', {}, { sub: ['01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55'] }],
    ['a number for a session', {}, { sid: 1 }],
    ['no id', {}, { jti: undefined }],
  ])('with %s is refused', async (_what, header, claims) => {
    const good = of(ada);
    const token = forge({ ...good.header, ...header }, { ...good.claims, ...claims }, es256(ours.privateKey));
    (await me(token)).problem(401, 'unauthenticated');
  });

  test.each<[string, (header: string, claims: string) => [header: string, claims: string]]>([
    ['an endless life', (header, claims) => [header, claims.replace(/"exp":\d+/, '"exp":1e999')]],
    ['an end in another form', (header, claims) => [header, claims.replace(/("exp":\d+)/, '$1.0')]],
    ['no number for an end', (header, claims) => [header, claims.replace(/"exp":\d+/, '"exp":NaN')]],
    ['two ends', (header, claims) => [header, claims.replace('{', '{"exp":1,')]],
    ['two people', (header, claims) => [header, claims.replace('{', `{"sub":"${mallory.user.id}",`)]],
    ['two types', (header, claims) => [header.replace('{', '{"typ":"JWT",'), claims]],
    ['two people, one spelt otherwise', (header, claims) => [header, claims.replace('{', '{"s\\u0075b":"x",')]],
    ['space before its claims', (header, claims) => [header, ` ${claims}`]],
    ['a line after its header', (header, claims) => [`${header}\n`, claims]],
    ['a mark before its claims', (header, claims) => [header, `\ufeff${claims}`]],
    ['claims in a list', (header, claims) => [header, `[${claims}]`]],
    ['claims that are null', (header) => [header, 'null']],
  ])('written by our key with %s is refused', async (_what, alter) => {
    const [header, claims] = ada.accessToken!.split('.').map((part) => Buffer.from(part, 'base64url').toString());
    const text = alter(header!, claims!)
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
    (await me(`${text}.${es256(ours.privateKey)(text)}`)).problem(401, 'unauthenticated');
  });

  test.each<[string, (token: string) => string]>([
    ['a word after it', (token) => `Bearer ${token} ${token}`],
    ['a word before it', (token) => `Token Bearer ${token}`],
    ['a comma after it', (token) => `Bearer ${token},`],
    ['a part before it', (token) => `Bearer e30.${token}`],
    ['a dot after it', (token) => `Bearer ${token}.`],
    ['padding', (token) => `Bearer ${token}=`],
    ['quotes', (token) => `Bearer "${token}"`],
  ])('with %s is refused', async (_what, authorization) => {
    const headers = { authorization: authorization(ada.accessToken!) };
    (await house.visitor().get('/auth/me', headers)).problem(401, 'unauthenticated');
  });

  test('of one person for the session of another is refused', async () => {
    const { header, claims } = of(mallory);
    for (const claim of [{ sub: ada.user.id }, { sid: of(ada).claims.sid }]) {
      (await me(forge(header, { ...claims, ...claim }, es256(ours.privateKey)))).problem(401, 'unauthenticated');
    }
  });

  test.each<[string, () => string]>([
    ['no algorithm and no signature', () => forge({ ...of(ada).header, alg: 'none' }, of(ada).claims, () => '')],
    ['no algorithm in capitals', () => forge({ ...of(ada).header, alg: 'NONE' }, of(ada).claims, () => '')],
    [
      'no algorithm and the true signature',
      () => forge({ ...of(ada).header, alg: 'none' }, of(ada).claims, () => of(ada).signature),
    ],
    ['a missing signature', () => forge(of(ada).header, of(ada).claims, () => '')],
    ['a signature of zeros', () => forge(of(ada).header, of(ada).claims, () => Buffer.alloc(64).toString('base64url'))],
    [
      'an HMAC under the public key as PEM',
      () => forge({ ...of(ada).header, alg: 'HS256' }, of(ada).claims, hs256(ours.publicPem)),
    ],
    [
      'an HMAC under the public key as JWK',
      () =>
        forge(
          { ...of(ada).header, alg: 'HS256' },
          of(ada).claims,
          hs256(JSON.stringify(ours.publicKey.export({ format: 'jwk' }))),
        ),
    ],
    ['the signature of a stranger', () => forge(of(ada).header, of(ada).claims, es256(theirs.privateKey))],
    [
      'a key of its own in the header',
      () =>
        forge(
          { ...of(ada).header, jwk: theirs.publicKey.export({ format: 'jwk' }) },
          of(ada).claims,
          es256(theirs.privateKey),
        ),
    ],
    [
      'altered claims',
      () => forge(of(mallory).header, { ...of(mallory).claims, sub: ada.user.id }, () => of(mallory).signature),
    ],
    ['an altered header', () => forge({ ...of(ada).header, extra: 1 }, of(ada).claims, () => of(ada).signature)],
    ['an end cut off', () => ada.accessToken!.slice(0, -4)],
    ['a fourth part', () => `${ada.accessToken}.e30`],
    ['the refresh token in its place', () => ada.refreshToken],
    ['a header that is no JSON', () => `e.${ada.accessToken!.split('.').slice(1).join('.')}`],
    ['a header that is null', () => `bnVsbA.${ada.accessToken!.split('.').slice(1).join('.')}`],
  ])('with %s is refused', async (_what, token) => {
    const answer = await me(token());
    answer.problem(401, 'unauthenticated');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  test('counts in the Authorization header alone', async () => {
    const nobody = house.visitor();
    const token = ada.accessToken!;
    (await nobody.get('/auth/me', { authorization: `bearer ${token}` })).expect(200);
    (await nobody.get('/auth/me', { authorization: `Basic ${token}` })).problem(401, 'unauthenticated');
    (await nobody.get('/auth/me', { authorization: token })).problem(401, 'unauthenticated');
    (await nobody.get('/auth/me', { cookie: `accessToken=${token}` })).problem(401, 'unauthenticated');
    (await nobody.get(`/auth/me?access_token=${token}`)).problem(401, 'unauthenticated');
  });

  test('dies after fifteen minutes, and the refresh token gets another', async () => {
    const grace = await house.user();
    house.clock.advance(14 * 60_000);
    (await grace.get('/auth/me')).expect(200);
    house.clock.advance(60_000);
    (await grace.get('/auth/me')).problem(401, 'unauthenticated');

    const { refreshToken } = grace;
    grace.become((await grace.post('/auth/refresh', { refreshToken })).expect(200));
    (await grace.get('/auth/me')).expect(200);
  });

  test('of a person who was suspended or deleted is dead at the next request', async () => {
    const [grace, joan] = [await house.user(), await house.user()];
    await house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [grace.user.id]);
    (await grace.get('/auth/me')).problem(401, 'unauthenticated');

    (await joan.delete('/users/me')).expect(204);
    (await joan.get('/auth/me')).problem(401, 'unauthenticated');
  });
});
