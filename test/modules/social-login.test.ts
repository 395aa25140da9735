import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOUR, MINUTE, SECOND } from '../../src/kit/clock';
import { hs256, es256, newJwtKey } from '../support/forge';
import { freshAddress, seen } from '../support/fresh';
import { House } from '../support/house';
import { type Forgery, Issuer, send } from '../support/social/issuer';
import { begin, proofOf, REDIRECT_URI, signInBy, someone } from '../support/social/sign-in';

const [acme, other, flaky] = [new Issuer('acme'), new Issuer('other'), new Issuer('flaky')];
acme.metadata = { id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none'] }; // it would take anything
const elsewhere = 'https://app.example.com';
let house: House;

beforeAll(async () => {
  const issuers = [acme, other, flaky].map(({ entry }) => entry);
  house = await House.open({ OIDC_PROVIDERS: JSON.stringify(issuers), REDIRECT_ORIGINS: elsewhere });
});
afterAll(() => house.close());

const usersWith = (email: string) => house.query('SELECT id FROM users WHERE email = ?', [email]);
const login = (issuer: Issuer, body: object) => house.visitor().post(`/auth/social-login/${issuer.id}`, body);

test('the providers that are on are listed; what is off is not there', async () => {
  const { data } = (await house.visitor().get('/auth/providers')).expect(200);
  expect(data).toEqual(['acme', 'other', 'flaky'].map((id) => ({ id, name: `The ${id}` })));

  const query = `redirectUri=${encodeURIComponent(REDIRECT_URI)}`;
  (await house.visitor().get(`/auth/social-login/google?${query}`)).problem(404, 'not-found');
  (await house.visitor().post('/auth/social-login/google', { code: 'any' })).problem(404, 'not-found');
});

test('a sign-in begins with PKCE, a state and a nonce, none of which is ever the same', async () => {
  const [one, two] = [await begin(house.visitor(), 'acme'), await begin(house.visitor(), 'acme', `${elsewhere}/back`)];
  const asked = Object.fromEntries(new URL(one.authorizationUrl).searchParams);
  expect(asked).toMatchObject({
    response_type: 'code',
    client_id: 'tenantry',
    redirect_uri: REDIRECT_URI,
    scope: 'openid email profile',
    code_challenge_method: 'S256',
    state: one.state,
    nonce: one.nonce,
  });
  expect(one.authorizationUrl).not.toContain(one.codeVerifier);
  for (const name of ['state', 'nonce', 'codeVerifier'] as const) expect(one[name]).not.toBe(two[name]);
});

test('who is new gets an account, a personal organization and a session', async () => {
  const ada = someone({ name: ' Ada\u0000\u202eLovelace\n' });
  const visitor = house.visitor();
  const answer = (await signInBy(visitor, acme, ada)).expect(200);
  expect(answer.user).toMatchObject({
    email: ada.email,
    emailVerified: true,
    name: expect.stringMatching(/^Ada.+Lovelace$/),
  });

  const { memberships } = (await visitor.become(answer).get('/auth/me')).expect(200);
  expect(memberships).toMatchObject([{ role: 'Owner', organization: { personal: true } }]);
  const { data } = (await visitor.get('/users/me/activity-logs')).expect(200);
  expect(data.map(({ action }: { action: string }) => action).sort()).toEqual([
    'organization.created',
    'session.started',
    'social.linked',
    'user.signed-up',
  ]);
  expect(await house.mailsTo(ada.email)).toMatchObject([{ subject: 'The acme now signs you in' }]);
});

test('the identity counts, not the address: it finds the account when the provider has another address', async () => {
  const ada = someone();
  const { user } = (await signInBy(house.visitor(), acme, ada)).expect(200);
  const moved = { ...ada, email: freshAddress(), email_verified: false };
  expect((await signInBy(house.visitor(), acme, moved)).expect(200).user).toEqual(user);
  expect((await house.mailTo(ada.email))?.subject).toBe('New sign-in to your account');
});

test('the same subject at another issuer is someone else', async () => {
  const ada = someone();
  const { user } = (await signInBy(house.visitor(), acme, ada)).expect(200);
  const twin = { ...ada, email: freshAddress() };
  expect((await signInBy(house.visitor(), other, twin)).expect(200).user.id).not.toBe(user.id);
});

test('an app that asked for an ID token itself signs in by it, once', async () => {
  const ada = someone();
  const { nonce } = await begin(house.visitor(), 'acme');
  const body = { idToken: acme.idToken(ada, nonce), nonce };
  expect((await login(acme, body)).expect(200).user.email).toBe(ada.email);
  (await login(acme, body)).problem(401, 'login-stale');
});

describe('a forged ID token proves nothing', () => {
  const stranger = newJwtKey();
  const past = Math.floor(Date.now() / 1000) - 3600;
  const publicPem = acme.key.publicPem;
  const FORGERIES: Record<string, Forgery> = {
    'for another audience': { claims: { aud: 'someone-else' } },
    'for two audiences': { claims: { aud: ['tenantry', 'someone-else'], azp: 'someone-else' } },
    'of another issuer': { claims: { iss: 'https://accounts.google.com' } },
    'of an issuer that begins like ours': { claims: { iss: `${acme.issuer}.evil.example` } },
    'with another nonce': { claims: { nonce: 'another' } },
    'without a nonce': { claims: { nonce: undefined } },
    'that has expired': { claims: { iat: past, exp: past + 300 } },
    'that never expires': { claims: { exp: undefined } },
    'that is not valid yet': { claims: { nbf: past + 7200 } },
    'without a signature': { header: { alg: 'none' }, signs: () => '' },
    'signed by someone else': { signs: es256(stranger.privateKey) },
    'signed by a key that is not published': { header: { kid: stranger.kid }, signs: es256(stranger.privateKey) },
    'signed by the public key as a secret': { header: { alg: 'HS256' }, signs: hs256(publicPem) },
    'with a key in its header': {
      header: { jwk: stranger.publicKey.export({ format: 'jwk' }) },
      signs: es256(stranger.privateKey),
    },
    'that names nobody': { claims: { sub: undefined } },
    'whose subject is a number': { claims: { sub: 1 } },
    'whose subject ends in a space': { claims: { sub: 'ada ' } },
    'whose subject is a list': { claims: { sub: ['ada'] } },
    'that is to be issued yet': { claims: { iat: past + 2 * 3600, exp: past + 3 * 3600 } },
    'that was issued in text': { claims: { iat: String(past) } },
    'without a time of issue': { claims: { iat: undefined } },
    'that expires in text': { claims: { exp: String(past + 7200) } },
    'that expires in thousands of years': { claims: { exp: 99_999_999_999 } },
    'that is valid in text': { claims: { nbf: '0' } },
    'with an extension that must be understood': { header: { crit: ['b64'], b64: true } },
    'that says how its claims are encoded': { header: { b64: false } },
    'of the type of an access token': { header: { typ: 'at+jwt' } },
    'of the type of a logout token': { header: { typ: 'logout+jwt' } },
    'for a list of others': { claims: { aud: ['someone-else'] } },
    'for us and another, and for whom is not said': { claims: { aud: ['tenantry', 'someone-else'] } },
  };

  test.each(Object.entries(FORGERIES))('%s', async (_, forgery) => {
    const ada = someone();
    (await signInBy(house.visitor(), acme, ada, forgery)).problem(401, 'identity-refused');
    const { nonce } = await begin(house.visitor(), 'acme');
    (await login(acme, { idToken: acme.idToken(ada, nonce, forgery), nonce })).problem(401, 'identity-refused');
    expect(await usersWith(ada.email)).toEqual([]);
  });

  test('that never expires, as JSON can say it', async () => {
    const { nonce } = await begin(house.visitor(), 'acme');
    const [header, claims] = acme.idToken(someone(), nonce).split('.') as [string, string];
    const endless = Buffer.from(claims, 'base64url')
      .toString()
      .replace(/"exp":\d+/, '"exp":1e999');
    const text = `${header}.${Buffer.from(endless).toString('base64url')}`;
    const idToken = `${text}.${es256(acme.key.privateKey)(text)}`;
    (await login(acme, { idToken, nonce })).problem(401, 'identity-refused');
  });

  test.each(['nonsense', 'a.b.c', 'e30.e30.', '..', 'e30.bnVsbA.e30'])('%s', async (idToken) => {
    const { nonce } = await begin(house.visitor(), 'acme');
    (await login(acme, { idToken, nonce })).problem(401, 'identity-refused');
  });
});

/** With another character in its middle; the last one may hold bits that mean nothing. */
const altered = (text: string): string => {
  const middle = text.length >> 1;
  return text.slice(0, middle) + (text[middle] === 'A' ? 'B' : 'A') + text.slice(middle + 1);
};

describe('what comes back belongs to what was begun', () => {
  const stale = async (issuer: Issuer, change: (proof: Awaited<ReturnType<typeof proofOf>>) => object) =>
    (await login(issuer, change(await proofOf(house.visitor(), acme, someone())))).problem(401, 'login-stale');

  test('the state is ours, whole, and of this very browser', async () => {
    await stale(acme, (proof) => ({ ...proof, state: 'mine' }));
    await stale(acme, (proof) => ({ ...proof, state: altered(proof.state) }));
    const mallory = await begin(house.visitor(), 'acme');
    await stale(acme, (proof) => ({ ...proof, state: mallory.state }));
    await stale(acme, (proof) => ({ ...proof, codeVerifier: mallory.codeVerifier }));
  });

  test('it goes to the provider and from the address it began with', async () => {
    const asked = other.asked.length;
    await stale(other, (proof) => proof);
    await stale(acme, (proof) => ({ ...proof, redirectUri: `${elsewhere}/signed-in` }));
    await stale(acme, (proof) => ({ ...proof, redirectUri: `${REDIRECT_URI}/` }));
    expect(other.asked).toHaveLength(asked); // it never saw the code
  });

  test('of another issuer, a code is not even asked about', async () => {
    const proof = await proofOf(house.visitor(), acme, someone());
    const asked = acme.asked.length;
    (await login(acme, { ...proof, iss: other.issuer })).problem(401, 'identity-refused');
    expect(acme.asked).toHaveLength(asked);
  });

  test('it works once, and for ten minutes', async () => {
    const proof = await proofOf(house.visitor(), acme, someone());
    (await login(acme, proof)).expect(200);
    (await login(acme, proof)).problem(401, 'login-stale');
    const again = await begin(house.visitor(), 'acme');
    const replayed = { ...proof, state: again.state, codeVerifier: again.codeVerifier };
    (await login(acme, replayed)).problem(401, 'identity-refused'); // the issuer knows the code is used

    const late = await proofOf(house.visitor(), acme, someone());
    house.clock.advance(10 * MINUTE);
    (await login(acme, late)).problem(401, 'login-stale');
  });

  test('a nonce is ours, and for one provider', async () => {
    const { nonce } = await begin(house.visitor(), 'other');
    for (const foreign of [nonce, 'mine', '9999999999999.x.dev.y', '...'])
      (await login(acme, { idToken: acme.idToken(someone(), foreign), nonce: foreign })).problem(401, 'login-stale');
  });

  test.each([
    'https://evil.example/signed-in',
    'http://127.0.0.1:3000.evil.example/',
    'http://127.0.0.1:3000@evil.example/',
    'http://127.0.0.1:3001/',
    'https://127.0.0.1:3000/',
    'http://127.0.0.1:3000/?next=https://evil.example',
    'http://127.0.0.1:3000/#x',
    'http://ada@127.0.0.1:3000/',
    '//127.0.0.1:3000/',
    'javascript:alert(1)',
    'blob:http://127.0.0.1:3000/signed-in',
    'filesystem:http://127.0.0.1:3000/signed-in',
    'view-source:http://127.0.0.1:3000/signed-in',
    'data:text/html,http://127.0.0.1:3000/',
    'ftp://127.0.0.1:3000/',
    '/signed-in',
  ])('nobody is sent back to %s', async (redirectUri) => {
    const query = new URLSearchParams({ redirectUri });
    const proof = await proofOf(house.visitor(), acme, someone());
    for (const answer of [
      await house.visitor().get(`/auth/social-login/acme?${query}`),
      await login(acme, { ...proof, redirectUri }),
    ])
      expect(answer.problem(422, 'validation-failed').errors).toMatchObject([{ pointer: '#/redirectUri' }]);
  });

  test.each<[string, object, string[]]>([
    ['nothing', {}, ['#/code', '#/codeVerifier', '#/redirectUri', '#/state']],
    ['half a proof', { code: 'c', state: 's' }, ['#/codeVerifier', '#/redirectUri']],
    ['an ID token alone', { idToken: 't' }, ['#/nonce']],
    ['a nonce alone', { nonce: 'n' }, ['#/nonce']],
    ['both kinds at once', { idToken: 't', nonce: 'n', code: 'c' }, ['#/idToken']],
  ])('%s is no proof', async (_, body, pointers) => {
    const { errors } = (await login(acme, body)).problem(422, 'validation-failed');
    expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
  });
});

describe('an address that the provider does not vouch for', () => {
  test.each([false, 'true', 'false', 1, null, undefined, {}])('email_verified: %p', async (email_verified) => {
    const ada = someone({ email_verified });
    (await signInBy(house.visitor(), acme, ada)).problem(403, 'email-unvouched');
    expect(await usersWith(ada.email)).toEqual([]);
  });

  test.each(['"\n"@example.com', 'ada@localhost,eve@example.com', '', ['ada@example.com'], 'ADA@ex\u00e4mple.com'])(
    'is what cannot be one: %p',
    async (email) => {
      (await signInBy(house.visitor(), acme, someone({ email: email as string }))).problem(403, 'email-unvouched');
    },
  );

  test('is not vouched for by an ID token that does not name it', async () => {
    const { email, ...ada } = someone({ email_verified: true });
    acme.about = { sub: ada.sub, email };
    (await signInBy(house.visitor(), acme, ada)).problem(403, 'email-unvouched');
    acme.about = { sub: ada.sub, email, email_verified: true };
    (await signInBy(house.visitor(), acme, ada)).expect(200);
    acme.about = { sub: 'someone else', email: freshAddress(), email_verified: true };
    (await signInBy(house.visitor(), acme, ada)).problem(401, 'identity-refused');
  });

  test('is refused in the same words whether it is known here or not', async () => {
    const { user } = await house.user();
    const [known, unknown] = [
      someone({ email: user.email, email_verified: false }),
      someone({ email_verified: false }),
    ];
    const answers = [await signInBy(house.visitor(), acme, known), await signInBy(house.visitor(), acme, unknown)];
    expect(seen(answers[0]!)).toEqual(seen(answers[1]!));
  });
});

describe('a provider in trouble', () => {
  afterEach(() => {
    flaky.trouble = undefined;
    flaky.metadata = {};
  });

  const start = () => house.visitor().get(`/auth/social-login/flaky?redirectUri=${encodeURIComponent(REDIRECT_URI)}`);

  test('that is away, fails or sends us elsewhere is not available, and is asked again the next time', async () => {
    const inside = createServer((_, response) => send(response, 200, {}));
    inside.on('request', () => expect('a redirect').toBe('never followed'));
    const location = `http://127.0.0.1:${(inside.listen(0).unref().address() as AddressInfo).port}/`;
    for (const trouble of [
      (_: unknown, response: any) => response.destroy(),
      (_: unknown, response: any) => response.writeHead(500).end(),
      (_: unknown, response: any) => response.writeHead(429).end(),
      (_: unknown, response: any) => response.writeHead(302, { location }).end(),
      (_: unknown, response: any) =>
        response.writeHead(200, { 'content-length': 9 }).write('{', () => response.destroy()),
      (_: unknown, response: any) => response.writeHead(200).end(Buffer.alloc(2 * 1024 * 1024, ' ')),
      (_: unknown, response: any) => response.writeHead(200).end('<html>'),
      (_: unknown, response: any) => send(response, 200, { issuer: 'https://accounts.google.com' }),
      (_: unknown, response: any) => send(response, 200, { issuer: flaky.issuer }),
      (_: unknown, response: any) =>
        send(response, 200, { issuer: flaky.issuer, authorization_endpoint: 'javascript:alert(1)' }),
    ]) {
      flaky.trouble = trouble;
      (await start()).problem(503, 'provider-unavailable');
    }
    inside.close();
    flaky.trouble = undefined;
    (await start()).expect(200);
  });

  test('in the middle of a sign-in, too', async () => {
    for (const status of [302, 429, 502]) {
      const proof = await proofOf(house.visitor(), flaky, someone());
      flaky.trouble = (_, response) => void response.writeHead(status, { location: flaky.url }).end();
      (await login(flaky, proof)).problem(503, 'provider-unavailable');
      flaky.trouble = undefined;
    }
  });

  describe('that signs with a new key', () => {
    const turnKey = () => Object.assign(flaky, { key: newJwtKey() });
    const times = () => flaky.asked.filter((path) => path.endsWith('/jwks')).length;
    const byToken = async () => {
      const { nonce } = await begin(house.visitor(), 'flaky');
      return login(flaky, { idToken: flaky.idToken(someone(), nonce), nonce });
    };

    test('is asked for its keys again, and says so in the log', async () => {
      for (const way of [byToken, () => signInBy(house.visitor(), flaky, someone())]) {
        (await way()).expect(200);
        house.clock.advance(5 * SECOND);
        turnKey();
        const answer = await way();
        if (answer.status !== 200) answer.problem(503, 'provider-unavailable'); // its code is used up: once more
        (await way()).expect(200);
      }
      const told = house.log.filter((line) => line.includes('its keys are asked for again'));
      expect(told).toHaveLength(2);
    });

    test('is not asked by each token that someone makes up', async () => {
      (await byToken()).expect(200);
      house.clock.advance(5 * SECOND);
      const before = times();
      const forged = { header: { kid: 'nobody' } };
      for (let i = 0; i < 5; i++) {
        const { nonce } = await begin(house.visitor(), 'flaky');
        const idToken = flaky.idToken(someone(), nonce, forged);
        (await login(flaky, { idToken, nonce })).problem(401, 'identity-refused');
      }
      expect(times()).toBe(before + 1);
    });
  });

  test('is asked what it publishes once an hour', async () => {
    const times = () => flaky.asked.filter((path) => path.endsWith('openid-configuration')).length;
    await begin(house.visitor(), 'flaky');
    const before = times();
    for (let i = 0; i < 3; i++) await begin(house.visitor(), 'flaky');
    expect(times()).toBe(before);
    house.clock.advance(HOUR);
    await begin(house.visitor(), 'flaky');
    expect(times()).toBe(before + 1);
  });

  test('that does not know us is not the fault of the person', async () => {
    const proof = await proofOf(house.visitor(), flaky, someone());
    flaky.trouble = (_, response) => send(response, 401, { error: 'invalid_client' });
    (await login(flaky, proof)).problem(503, 'provider-unavailable');
    expect(house.log.join('')).toContain('A provider cannot be asked');
  });
});
