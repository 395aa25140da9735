import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { Github, type GithubUser } from '../support/social/github';
import { Issuer, type Person } from '../support/social/issuer';
import { OpenidProvider } from '../support/social/openid-provider';
import { begin, REDIRECT_URI, someone } from '../support/social/sign-in';

const MICROSOFT = 'https://login.microsoftonline.com';
const TENANT = '11111111-2222-4333-8444-555555555555';

const github = new Github();
const entra = new Issuer('microsoft', `${MICROSOFT}/{tenantid}/v2.0`);
entra.metadata = {
  authorization_endpoint: `${MICROSOFT}/common/oauth2/v2.0/authorize`,
  token_endpoint: `${MICROSOFT}/common/oauth2/v2.0/token`,
  jwks_uri: `${MICROSOFT}/common/discovery/v2.0/jwks`,
  authorization_response_iss_parameter_supported: undefined,
};
let house: House;
let real: OpenidProvider;

beforeAll(async () => {
  real = await OpenidProvider.start(REDIRECT_URI);
  house = await House.open({
    ...github.settings,
    MICROSOFT_CLIENT_ID: entra.client.clientId,
    MICROSOFT_CLIENT_SECRET: entra.client.clientSecret,
    MICROSOFT_API_URL: entra.url,
    OIDC_PROVIDERS: JSON.stringify([real.entry]),
  });
});
afterAll(async () => {
  await house.close();
  await real.stop();
});

describe('a certified OpenID provider', () => {
  const visit = async (email: string) => {
    const { authorizationUrl, state, codeVerifier } = await begin(house.visitor(), 'real');
    const back = await real.visit(authorizationUrl, email);
    expect(back.state).toBe(state);
    return { ...back, codeVerifier, redirectUri: REDIRECT_URI };
  };
  const login = (body: object) => house.visitor().post('/auth/social-login/real', body);

  test('signs up, and signs the same person in', async () => {
    const email = freshAddress();
    const { user } = (await login(await visit(email))).expect(200);
    expect(user).toMatchObject({ email, emailVerified: true, name: 'Ada there' });
    expect((await login(await visit(email))).expect(200).user.id).toBe(user.id);
  });

  test('need not be named again by who comes back from it', async () => {
    const { iss: _, ...back } = await visit(freshAddress());
    (await login(back)).expect(200);
  });

  test('takes a code once, and from whoever began', async () => {
    const proof = await visit(freshAddress());
    const { state, codeVerifier } = await begin(house.visitor(), 'real');
    (await login({ ...proof, state, codeVerifier })).problem(401, 'identity-refused'); // PKCE: another's code
    (await login(proof)).expect(200);
    (await login(proof)).problem(401, 'login-stale');
  });

  test('that does not vouch for an address is not believed', async () => {
    (await login(await visit(freshAddress('unverified')))).problem(403, 'email-unvouched');
  });
});

describe('GitHub', () => {
  let number = Math.floor(Math.random() * 1e9);
  const octocat = (more: Partial<GithubUser> = {}, verified: unknown = true): GithubUser => ({
    id: ++number,
    login: `octocat-${number}`,
    name: null,
    emails: [
      { email: freshAddress('second'), primary: false, verified: true },
      { email: freshAddress('octocat'), primary: true, verified },
    ],
    ...more,
  });
  const proofOf = async (user: GithubUser) => {
    const { authorizationUrl, state, codeVerifier } = await begin(house.visitor(), 'github');
    expect(new URL(authorizationUrl).searchParams.get('code_challenge_method')).toBe('S256');
    return { ...github.consent(authorizationUrl, user), state, codeVerifier, redirectUri: REDIRECT_URI };
  };
  const login = (body: object) => house.visitor().post('/auth/social-login/github', body);

  test('signs up by the primary address, and knows people by their number', async () => {
    const user = octocat();
    const known = (await login(await proofOf(user))).expect(200).user;
    expect(known).toMatchObject({ email: user.emails[1]!.email, name: user.login });

    const renamed = { ...octocat(), id: user.id };
    expect((await login(await proofOf(renamed))).expect(200).user.id).toBe(known.id);
    const squatter = { ...octocat(), login: user.login };
    expect((await login(await proofOf(squatter))).expect(200).user.id).not.toBe(known.id);
  });

  test.each([false, 'true', 1, null])('an address with verified: %p is not vouched for', async (verified) => {
    (await login(await proofOf(octocat({}, verified)))).problem(403, 'email-unvouched');
  });

  test.each([{ id: '1' as never }, { id: undefined as never }, { emails: {} as never }])(
    'that answers %j says nothing',
    async (more) => {
      (await login(await proofOf(octocat(more)))).problem(401, 'identity-refused');
    },
  );

  test('takes a code once, and from whoever began; it issues no ID tokens', async () => {
    const proof = await proofOf(octocat());
    const { state, codeVerifier, nonce } = await begin(house.visitor(), 'github');
    (await login({ ...proof, state, codeVerifier })).problem(401, 'identity-refused');
    (await login(proof)).problem(401, 'identity-refused');
    const { errors } = (await login({ idToken: 'a.b.c', nonce })).problem(422, 'validation-failed');
    expect(errors).toMatchObject([{ pointer: '#/idToken' }]);
  });
});

describe('Microsoft, where everyone may have a tenant', () => {
  const signIn = async (person: Person, claims: object = {}) => {
    const { authorizationUrl, state, codeVerifier } = await begin(house.visitor(), 'microsoft');
    expect(authorizationUrl).toMatch(/^https:\/\/login\.microsoftonline\.com\/common\/oauth2\/v2\.0\/authorize\?/);
    const iss = `${MICROSOFT}/${person.tid as string}/v2.0`;
    const { code } = entra.consent(authorizationUrl, person, { claims: { iss, ...claims } });
    return house
      .visitor()
      .post('/auth/social-login/microsoft', { code, state, codeVerifier, redirectUri: REDIRECT_URI });
  };
  const colleague = (more: Partial<Person> = {}) => someone({ tid: TENANT, email_verified: undefined, ...more });

  test('an address is what a tenant says: it neither signs up nor links', async () => {
    const { user } = await house.user();
    (await signIn(colleague())).problem(403, 'email-unvouched');
    (await signIn(colleague({ email: user.email }))).problem(403, 'email-unvouched');
    (await signIn(colleague({ email: user.email, email_verified: true }))).problem(403, 'email-unvouched');
    (await signIn(colleague({ email: user.email, xms_edov: 'true' }))).problem(403, 'email-unvouched');
  });

  test('unless the owner of its domain is verified; the person is known by tenant and subject', async () => {
    const ada = colleague({ xms_edov: true });
    const { user } = (await signIn(ada)).expect(200);
    expect((await signIn({ ...ada, email: freshAddress(), xms_edov: false })).expect(200).user.id).toBe(user.id);
    const [{ issuer }] = await house.query('SELECT issuer FROM social_accounts WHERE user_id = ?', [user.id]);
    expect(issuer).toBe(`${MICROSOFT}/${TENANT}/v2.0`);

    const twin = { ...ada, tid: TENANT.replaceAll('1', '9'), email: freshAddress() };
    expect((await signIn(twin)).expect(200).user.id).not.toBe(user.id);
  });

  test.each<[string, object]>([
    ['of another tenant than it says', { iss: `${MICROSOFT}/${TENANT.replaceAll('1', '9')}/v2.0` }],
    ['of no tenant', { tid: undefined }],
    ['of the template', { iss: entra.issuer }],
    ['of another host', { iss: `https://evil.example/${TENANT}/v2.0` }],
  ])('a token %s is refused', async (_, claims) => {
    (await signIn(colleague({ xms_edov: true }), claims)).problem(401, 'identity-refused');
  });
});
