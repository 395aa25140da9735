import { MINUTE } from '../../src/kit/clock';
import { House } from '../support/house';
import { Issuer, type Person } from '../support/social/issuer';
import { mailCodeFor, proofOf, signInBy, someone } from '../support/social/sign-in';
import { PASSWORD, type Visitor } from '../support/visitor';

const [acme, other] = [new Issuer('acme'), new Issuer('other')];
const NEW_PASSWORD = 'nine umbrellas on a winter beach';
let house: House;

beforeAll(async () => {
  house = await House.open({ OIDC_PROVIDERS: JSON.stringify([acme.entry, other.entry]) });
});
afterAll(() => house.close());

/** Whoever has a copy of someone's access token. */
const thiefOf = ({ accessToken, user }: Visitor) => Object.assign(house.visitor(), { accessToken, user });
const link = async (visitor: Visitor, proof: object, person: Person = someone(), issuer = acme) =>
  visitor.post('/auth/social-accounts', {
    provider: issuer.id,
    ...(await proofOf(house.visitor(), issuer, person)),
    ...proof,
  });
const linksOf = async (visitor: Visitor) => (await visitor.get('/auth/social-accounts')).expect(200).data;
const signIn = (person: Person, issuer = acme) => signInBy(house.visitor(), issuer, person);
const subjectsTo = async ({ user }: Visitor) => (await house.mailsTo(user.email)).map(({ subject }) => subject);
const newcomer = async (person = someone()) => {
  const visitor = house.visitor();
  return visitor.become((await signInBy(visitor, acme, person)).expect(200));
};
const reset = async ({ user: { email } }: Visitor, password = NEW_PASSWORD) => {
  (await house.visitor().post('/auth/reset-password', { email })).expect(202);
  const token = await house.tokenFor(email, 'reset-password');
  (await house.visitor().post('/auth/reset-password/confirm', { token, password })).expect(204);
};

describe('linking an identity', () => {
  test('wants more than a session', async () => {
    const ada = await house.user();
    const thief = thiefOf(ada);
    (await link(thief, {})).problem(403, 'proof-required');
    (await link(thief, { currentPassword: NEW_PASSWORD })).problem(403, 'wrong-password');
    (await link(thief, { mailCode: '00000000' })).problem(403, 'wrong-mail-code');
    (await link(thief, { currentPassword: NEW_PASSWORD, mailCode: '00000000' })).problem(403, 'wrong-password');
    expect(await linksOf(ada)).toEqual([]);
  });

  test('is done by the password, or by a code that is mailed', async () => {
    const ada = await house.user();
    (await link(ada, { currentPassword: PASSWORD })).expect(201);
    (await link(ada, { mailCode: await mailCodeFor(house, ada) })).expect(201);
    expect(await linksOf(ada)).toHaveLength(2);
  });

  test('of who has no password, by a code alone', async () => {
    const ada = await newcomer();
    (await link(ada, {}, someone(), other)).problem(403, 'proof-required');
    (await link(ada, { currentPassword: PASSWORD }, someone(), other)).problem(409, 'no-password');
    (await link(ada, { mailCode: await mailCodeFor(house, ada) }, someone(), other)).expect(201);
  });

  test('that fails for want of a proof leaves what the provider sent back good', async () => {
    const [ada, person] = [await house.user(), someone()];
    const identity = { provider: 'acme', ...(await proofOf(house.visitor(), acme, person)) };
    (await ada.post('/auth/social-accounts', identity)).problem(403, 'proof-required');
    (await ada.post('/auth/social-accounts', { ...identity, currentPassword: PASSWORD })).expect(201);
  });

  test('takes ten guesses in a quarter of an hour, of both kinds and of changing the password together', async () => {
    const [ada, thief] = await house.user().then((it) => [it, thiefOf(it)] as const);
    for (let i = 0; i < 4; i++) (await link(thief, { currentPassword: `guess ${i}` })).problem(403, 'wrong-password');
    for (let i = 0; i < 3; i++) (await link(thief, { mailCode: `0000000${i}` })).problem(403, 'wrong-mail-code');
    const change = { currentPassword: 'a guess', newPassword: NEW_PASSWORD };
    for (let i = 0; i < 3; i++) (await thief.post('/auth/change-password', change)).problem(403, 'wrong-password');
    for (const proof of [{ currentPassword: PASSWORD }, { mailCode: '12345678' }])
      (await link(ada, proof)).problem(429, 'too-many-requests');
  });
});

describe('a mailed code', () => {
  test('works once, for ten minutes, until a newer one is mailed', async () => {
    const ada = await house.user();
    const first = await mailCodeFor(house, ada);
    const second = await mailCodeFor(house, ada);
    if (first !== second) (await link(ada, { mailCode: first })).problem(403, 'wrong-mail-code');
    (await link(ada, { mailCode: second })).expect(201);
    (await link(ada, { mailCode: second })).problem(403, 'wrong-mail-code');

    const late = await mailCodeFor(house, ada);
    house.clock.advance(10 * MINUTE);
    (await link(ada, { mailCode: late })).problem(403, 'wrong-mail-code');
  });

  test('is good in the session that asked, and in no other', async () => {
    const ada = await house.user();
    const phone = await house.deviceOf(ada);
    const mailCode = await mailCodeFor(house, ada);
    (await link(phone, { mailCode })).problem(403, 'wrong-mail-code');
    (await link(await house.user(), { mailCode })).problem(403, 'wrong-mail-code');
    (await link(ada, { mailCode })).expect(201);
  });

  test('dies with the password', async () => {
    const ada = await house.user();
    const phone = await house.deviceOf(ada);
    const mailCode = await mailCodeFor(house, phone);
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
    (await phone.post('/auth/change-password', change)).expect(204);
    (await link(phone, { mailCode })).problem(403, 'wrong-mail-code');
  });

  test('fills no mailbox: five in a quarter of an hour', async () => {
    const ada = await house.user();
    for (let i = 0; i < 5; i++) (await ada.post('/auth/step-up/mail-code')).expect(202);
    (await ada.post('/auth/step-up/mail-code')).problem(429, 'too-many-requests');
    (await house.visitor().post('/auth/step-up/mail-code')).problem(401, 'unauthenticated');
  });

  test.each(['1234567', '123456789', '１２３４５６７８', '1234 678', ''])('%p is none', async (mailCode) => {
    (await link(await house.user(), { mailCode })).problem(422, 'validation-failed');
  });
});

describe('a new password', () => {
  const change = (visitor: Visitor) =>
    visitor.post('/auth/change-password', { currentPassword: PASSWORD, newPassword: NEW_PASSWORD });

  test.each([
    ['that is set by a mailed link', reset],
    ['that replaces the old one', async (ada: Visitor) => void (await change(ada)).expect(204)],
  ])('%s ends the identities that only the old one confirmed, and says so', async (_, set) => {
    const [ada, thiefs] = [await house.user(), someone()];
    (await link(thiefOf(ada), { currentPassword: PASSWORD }, thiefs)).expect(201);
    expect((await signIn(thiefs)).expect(200).user.id).toBe(ada.user.id);

    await set(ada);
    expect(await house.query('SELECT id FROM social_accounts WHERE user_id = ?', [ada.user.id])).toEqual([]);
    expect(await subjectsTo(ada)).toContain('The acme no longer signs you in');
    expect((await signIn(thiefs)).expect(200).user.id).not.toBe(ada.user.id);
  });

  test('keeps those that the mailbox confirmed: by a code, or by the provider, which vouches for the very address', async () => {
    const ada = await house.user();
    const [byCode, byAddress] = [someone(), someone({ email: ada.user.email })];
    (await link(ada, { currentPassword: PASSWORD }, byAddress)).expect(201);
    (await link(ada, { mailCode: await mailCodeFor(house, ada) }, byCode, other)).expect(201);
    await reset(ada);
    expect((await signIn(byCode, other)).expect(200).user.id).toBe(ada.user.id);
    expect((await signIn(byAddress)).expect(200).user.id).toBe(ada.user.id);
  });

  test('that is the first one ends nothing', async () => {
    const [person, second] = [someone(), someone()];
    const ada = await newcomer(person);
    (await link(ada, { mailCode: await mailCodeFor(house, ada) }, second, other)).expect(201);
    await reset(ada);
    for (const [who, at] of [
      [person, acme],
      [second, other],
    ] as const)
      expect((await signIn(who, at)).expect(200).user.id).toBe(ada.user.id);
  });
});

describe('what someone does in a stolen session is told to the owner', () => {
  test('other login alerts, whatever is preferred from then on', async () => {
    const ada = await house.user();
    const thief = Object.assign(thiefOf(ada), { ip: '198.51.100.66' });
    (await thief.put('/users/me/settings', { loginAlerts: 'off' })).expect(200);
    const mail = (await house.mailTo(ada.user.email))!;
    expect(mail.subject).toBe('You hear of sign-ins otherwise from now on');
    expect(mail.text).toContain('198.51.100.66');

    const mails = (await house.mailsTo(ada.user.email)).length;
    (await thief.put('/users/me/settings', { loginAlerts: 'off', locale: 'fr' })).expect(200);
    expect(await house.mailsTo(ada.user.email)).toHaveLength(mails);
  });

  test('the end of the account, if its mailbox was proved', async () => {
    const [ada, mallory] = [await house.user(), await house.user({ verified: false })];
    for (const visitor of [ada, mallory]) (await visitor.delete('/users/me')).expect(204);
    expect((await house.mailTo(ada.user.email))?.subject).toBe('Your account was deleted');
    expect((await house.mailTo(mallory.user.email))?.subject).not.toBe('Your account was deleted');
  });
});
