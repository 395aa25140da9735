import { DAY } from '../../src/kit/clock';
import { House } from '../support/house';
import { Github, type GithubUser } from '../support/social/github';
import { Issuer, type Person } from '../support/social/issuer';
import { begin, mailCodeFor, proofOf, REDIRECT_URI, signInBy, someone } from '../support/social/sign-in';
import type { Visitor } from '../support/visitor';

const [acme, other, github] = [new Issuer('acme'), new Issuer('other'), new Github()];
const TWIN = { ...acme.entry, id: 'acme-too', name: 'The acme, too' };
const KEPT_OUT = 'We kept a sign-in through The acme out';
let house: House;

beforeAll(async () => {
  house = await House.open({ ...github.settings, OIDC_PROVIDERS: JSON.stringify([acme.entry, other.entry, TWIN]) });
});
afterAll(() => house.close());

const signIn = (person: Person, issuer = acme) => signInBy(house.visitor(), issuer, person);
const subjectsTo = async (email: string) => (await house.mailsTo(email)).map(({ subject }) => subject);
const linksOf = async (visitor: Visitor) => (await visitor.get('/auth/social-accounts')).expect(200).data;
const newcomer = async (person: Person) => house.visitor().become((await signIn(person)).expect(200));

describe('another identity with the address of an account that has one at that issuer', () => {
  test('does not enter it, and its owner is told', async () => {
    const ada = someone();
    const visitor = await newcomer(ada);
    (await signIn(someone({ email: ada.email }))).problem(409, 'identity-replaced');

    expect(await linksOf(visitor)).toHaveLength(1);
    expect(await subjectsTo(ada.email)).toContain(KEPT_OUT);
    expect((await signIn(ada)).expect(200).user.id).toBe(visitor.user.id);
  });

  test('nor where the first one was linked to an account that has a password', async () => {
    const ada = await house.user();
    (await signIn(someone({ email: ada.user.email }))).expect(200);
    (await signIn(someone({ email: ada.user.email }))).problem(409, 'identity-replaced');
    (await signIn(someone({ email: ada.user.email }), other)).expect(200); // of another issuer it is the first
  });

  test('nor through another provider that speaks for the issuer', async () => {
    const ada = someone();
    await newcomer(ada);
    const { authorizationUrl, state, codeVerifier } = await begin(house.visitor(), TWIN.id);
    const back = acme.consent(authorizationUrl, someone({ email: ada.email }));
    const body = { ...back, state, codeVerifier, redirectUri: REDIRECT_URI };
    (await house.visitor().post(`/auth/social-login/${TWIN.id}`, body)).problem(409, 'identity-replaced');
  });

  test('nor at GitHub, where a login is taken over, but not its number', async () => {
    const { user } = await house.user();
    const octocat = (id: number): GithubUser => ({
      id,
      login: 'octocat',
      name: null,
      emails: [{ email: user.email, primary: true, verified: true }],
    });
    const enter = async (who: GithubUser) => {
      const { authorizationUrl, state, codeVerifier } = await begin(house.visitor(), 'github');
      const proof = { ...github.consent(authorizationUrl, who), state, codeVerifier, redirectUri: REDIRECT_URI };
      return house.visitor().post('/auth/social-login/github', proof);
    };
    const id = Math.floor(Math.random() * 1e9);
    expect((await enter(octocat(id))).expect(200).user.id).toBe(user.id);
    (await enter(octocat(id + 1))).problem(409, 'identity-replaced');
    (await enter({ ...octocat(id), login: 'renamed' })).expect(200);
  });

  test('is told of once a day', async () => {
    const ada = someone();
    await newcomer(ada);
    const told = async () => (await subjectsTo(ada.email)).filter((subject) => subject === KEPT_OUT).length;
    for (let i = 0; i < 3; i++) await signIn(someone({ email: ada.email }));
    expect(await told()).toBe(1);
    house.clock.advance(DAY);
    await signIn(someone({ email: ada.email }));
    expect(await told()).toBe(2);
  });

  test('is linked by the owner, who proves that it is them', async () => {
    const [ada, anew] = [someone(), someone()];
    const visitor = await newcomer(ada);
    (await signIn({ ...anew, email: ada.email })).problem(409, 'identity-replaced');
    const proof = await proofOf(house.visitor(), acme, { ...anew, email: ada.email });
    const link = { provider: 'acme', ...proof, mailCode: await mailCodeFor(house, visitor) };
    (await visitor.post('/auth/social-accounts', link)).expect(201);
    expect((await signIn(anew)).expect(200).user.id).toBe(visitor.user.id);
  });
});
