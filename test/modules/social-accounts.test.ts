import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { Issuer, type Person } from '../support/social/issuer';
import { mailCodeFor, proofOf, signInBy, someone } from '../support/social/sign-in';
import { PASSWORD, type Visitor } from '../support/visitor';

const [acme, other] = [new Issuer('acme'), new Issuer('other')];
const OIDC_PROVIDERS = JSON.stringify([acme.entry, other.entry]);
let house: House;

beforeAll(async () => {
  house = await House.open({ OIDC_PROVIDERS });
});
afterAll(() => house.close());

const signIn = (person: Person, issuer = acme, at = house) => signInBy(at.visitor(), issuer, person);
const accountsOf = async (visitor: Visitor) => (await visitor.get('/auth/social-accounts')).expect(200).data;
const link = async (visitor: Visitor, person: Person, issuer = acme, proof: object = { currentPassword: PASSWORD }) => {
  const identity = await proofOf(house.visitor(), issuer, person);
  return visitor.post('/auth/social-accounts', { provider: issuer.id, ...identity, ...proof });
};
/** Someone whose only way in is an issuer. */
const newcomer = async (person = someone()) => {
  const visitor = house.visitor();
  return visitor.become((await signInBy(visitor, acme, person)).expect(200));
};

describe('an account with the address that a provider vouches for', () => {
  test('is linked when its mailbox is proved here, and its person is told', async () => {
    const ada = await house.user();
    const person = someone({ email: ada.user.email.toUpperCase() });
    expect((await signIn(person)).expect(200).user.id).toBe(ada.user.id);

    expect(await accountsOf(ada)).toMatchObject([{ provider: 'acme', email: ada.user.email }]);
    const subjects = (await house.mailsTo(ada.user.email)).map(({ subject }) => subject);
    expect(subjects).toEqual(expect.arrayContaining(['The acme now signs you in', 'New sign-in to your account']));
    await ada.signIn(ada.user.email); // the password still does
  });

  test('is not touched while nobody has proved the mailbox here: whoever made it may be waiting', async () => {
    const mallory = await house.user({ verified: false });
    const { email } = mallory.user;
    const ada = someone({ email });
    (await signIn(ada)).problem(409, 'email-taken');
    expect(await accountsOf(mallory)).toEqual([]);
    expect((await mallory.get('/auth/me')).expect(200).user.emailVerified).toBe(false);

    (await house.visitor().post('/auth/magic-link', { email })).expect(202);
    const token = await house.tokenFor(email, 'magic-link');
    (await house.visitor().post('/auth/magic-link/verify', { token })).expect(200);
    (await mallory.get('/auth/me')).problem(401, 'unauthenticated');
    expect((await signIn(ada)).expect(200).user.id).toBe(mallory.user.id); // now it is Ada's
  });

  test('is not entered while it is suspended, by address or by identity', async () => {
    const [ada, eve] = [await house.user(), someone()];
    const { user } = (await signIn(eve)).expect(200);
    await house.query("UPDATE users SET status = 'suspended' WHERE id IN (?, ?)", [ada.user.id, user.id]);
    (await signIn(someone({ email: ada.user.email }))).problem(403, 'account-suspended');
    (await signIn(eve)).problem(403, 'account-suspended');
    expect(await house.query('SELECT id FROM social_accounts WHERE user_id = ?', [ada.user.id])).toEqual([]);
  });
});

describe('linking while signed in', () => {
  test('takes an identity with any address, and from then on it signs in', async () => {
    const ada = await house.user();
    const person = someone({ email: freshAddress('work'), email_verified: false });
    const account = (await link(ada, person)).expect(201);
    expect(account).toMatchObject({ provider: 'acme', email: null });
    expect(await accountsOf(ada)).toEqual([account]);
    expect((await signIn(person)).expect(200).user.id).toBe(ada.user.id);
    expect((await house.mailsTo(ada.user.email)).map(({ subject }) => subject)).toContain('The acme now signs you in');
  });

  test('takes no identity that signs someone in already, oneself included', async () => {
    const [ada, person] = [await house.user(), someone()];
    (await signIn(person)).expect(200);
    (await link(ada, person)).problem(409, 'already-linked');
    const own = someone();
    (await link(ada, own)).expect(201);
    (await link(ada, own)).problem(409, 'already-linked');
    expect(await accountsOf(ada)).toHaveLength(1);
  });

  test('is for those whose mailbox is proved: nobody waits with their own key for its owner', async () => {
    const mallory = await house.user({ verified: false });
    (await link(mallory, someone())).problem(403, 'email-unverified');
    expect(await accountsOf(mallory)).toEqual([]);
  });

  test('wants a proof like any other', async () => {
    const ada = await house.user();
    const proof = await proofOf(house.visitor(), acme, someone());
    const linkAt = (visitor: Visitor, provider: string) =>
      visitor.post('/auth/social-accounts', { provider, ...proof, currentPassword: PASSWORD });
    (await linkAt(ada, 'other')).problem(401, 'login-stale');
    (await linkAt(ada, 'nowhere')).problem(404, 'not-found');
    (await linkAt(house.visitor(), 'acme')).problem(401, 'unauthenticated');
  });
});

describe('unlinking', () => {
  const unlink = async (visitor: Visitor, index = 0) =>
    visitor.delete(`/auth/social-accounts/${(await accountsOf(visitor))[index].id}`);

  test('ends an identity, which is a stranger from then on', async () => {
    const [ada, person] = [await house.user(), someone()];
    (await link(ada, person)).expect(201);
    (await unlink(ada)).expect(204);
    expect(await accountsOf(ada)).toEqual([]);
    expect((await house.mailsTo(ada.user.email)).map(({ subject }) => subject)).toContain(
      'The acme no longer signs you in',
    );
    expect((await signIn(person)).expect(200).user.id).not.toBe(ada.user.id);
  });

  test('leaves the last way in', async () => {
    const ada = await newcomer();
    (await unlink(ada)).problem(409, 'last-way-in');
    (await link(ada, someone(), other, { mailCode: await mailCodeFor(house, ada) })).expect(201);
    (await unlink(ada)).expect(204);
    (await unlink(ada)).problem(409, 'last-way-in');
  });

  test('is for oneself: of others there is nothing here', async () => {
    const [ada, eve] = [await newcomer(), await house.user()];
    const [{ id }] = await accountsOf(ada);
    (await eve.delete(`/auth/social-accounts/${id}`)).problem(404, 'not-found');
    (await eve.delete(`/auth/social-accounts/${eve.user.id}`)).problem(404, 'not-found');
    expect(await accountsOf(ada)).toHaveLength(1);
  });
});

describe('a person without a password', () => {
  test('cannot change it, but sets one by a mailed link, and may then unlink', async () => {
    const person = someone();
    const ada = await newcomer(person);
    const { email } = ada.user;
    const change = { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` };
    (await ada.post('/auth/change-password', change)).problem(409, 'no-password');
    (await house.visitor().post('/auth/login', { email, password: PASSWORD })).problem(401, 'wrong-credentials');

    (await house.visitor().post('/auth/reset-password', { email })).expect(202);
    const token = await house.tokenFor(email, 'reset-password');
    (await house.visitor().post('/auth/reset-password/confirm', { token, password: PASSWORD })).expect(204);
    await ada.signIn(email);
    const [{ id }] = await accountsOf(ada);
    (await ada.delete(`/auth/social-accounts/${id}`)).expect(204);
  });

  test('finds their identities in the export, and nothing of them is left after a deletion', async () => {
    const person = someone();
    const ada = await newcomer(person);
    const { held } = (await ada.get('/users/me/export')).expect(200);
    const { sub: subject, email } = person;
    expect(held.socialAccounts).toMatchObject([{ provider: 'acme', issuer: acme.issuer, subject, email }]);

    (await ada.delete('/users/me')).expect(204);
    expect(await house.query('SELECT id FROM social_accounts WHERE subject = ?', [subject])).toEqual([]);
    expect((await signIn(person)).expect(200).user.id).not.toBe(ada.user.id);
  });
});

describe('who may sign up, where it is', () => {
  let there: House;
  afterEach(() => there.close());

  test('by invite only: nobody new, yet whoever is known signs in', async () => {
    const ada = await house.user();
    there = await House.open({ OIDC_PROVIDERS, SIGNUP_POLICY: 'closed' });
    const stranger = someone();
    (await signIn(stranger, acme, there)).problem(403, 'signup-closed');
    expect(await house.query('SELECT id FROM users WHERE email = ?', [stranger.email])).toEqual([]);
    (await signIn(someone({ email: ada.user.email }), acme, there)).expect(200);
  });

  test('after a proof of the mailbox: the provider has seen to it', async () => {
    there = await House.open({ OIDC_PROVIDERS, SIGNUP_POLICY: 'verified' });
    expect((await signIn(someone(), acme, there)).expect(200).user.emailVerified).toBe(true);
    (await signIn(someone({ email_verified: undefined }), acme, there)).problem(403, 'email-unvouched');
  });
});
