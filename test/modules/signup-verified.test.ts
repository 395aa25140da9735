import { House } from '../support/house';
import { freshAddress, freshName, seen } from '../support/fresh';
import { PASSWORD, type Visitor } from '../support/visitor';

const OTHER = 'eleven kites above the northern pier';

describe('signing up where the mailbox must be proved first', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open({ SIGNUP_POLICY: 'verified' });
  });
  afterAll(() => house.close());

  const signUp = (visitor: Visitor, email: string, password = PASSWORD, more = {}) =>
    visitor.post('/auth/signup', { email, password, ...more });
  const login = (visitor: Visitor, email: string, password = PASSWORD) =>
    visitor.post('/auth/login', { email, password });
  const verify = (visitor: Visitor, token: string) => visitor.post('/auth/verify-email', { token });

  test('known, waiting and unknown addresses get the same bytes, and no token', async () => {
    const [known, waiting] = [(await house.user()).user.email, freshAddress()];
    await signUp(house.visitor(), waiting);
    const answers = await Promise.all([known, waiting, freshAddress()].map((email) => signUp(house.visitor(), email)));

    expect(answers[0]!.expect(202)).toEqual({ message: expect.any(String) });
    expect(seen(answers[1]!)).toEqual(seen(answers[0]!));
    expect(seen(answers[2]!)).toEqual(seen(answers[0]!));
  });

  test('nobody signs in before the proof, and only the right password is told why', async () => {
    const [ada, email] = [house.visitor(), freshAddress('ada')];
    await signUp(ada, email);
    await house.mailTo(email);

    (await login(ada, email)).problem(403, 'email-unverified');
    (await login(ada, email, OTHER)).problem(401, 'wrong-credentials');
  });

  test('the mailed link signs in, and the password works afterwards', async () => {
    const [ada, email, organizationName] = [house.visitor(), freshAddress('ada'), freshName()];
    await signUp(ada, email, PASSWORD, { name: 'Ada', organizationName });
    const session = (await verify(ada, await house.tokenFor(email, 'verify-email'))).expect(200);
    expect(session.user).toMatchObject({ email, name: 'Ada', emailVerified: true });

    const { memberships } = (await ada.become(session).get('/auth/me')).expect(200);
    expect(memberships).toMatchObject([{ organization: { name: organizationName, personal: false }, role: 'Owner' }]);
    (await login(ada, email)).expect(200);
    const subjects = (await house.mailsTo(email)).map(({ subject }) => subject);
    expect(subjects).toEqual(['Confirm your address']); // it is the device that signed up: no alert
  });

  test('a second sign-up kills the link and the password of the first', async () => {
    const [mallory, ada, email] = [house.visitor(), house.visitor(), freshAddress('ada')];
    await signUp(mallory, email, PASSWORD, { name: 'Mallory' });
    const first = await house.tokenFor(email, 'verify-email');
    await signUp(ada, email, OTHER, { name: 'Ada' });
    const second = await house.tokenFor(email, 'verify-email');
    expect(second).not.toBe(first);

    (await verify(ada, first)).problem(410, 'link-dead');
    expect((await verify(ada, second)).expect(200).user.name).toBe('Ada');
    (await login(mallory, email)).problem(401, 'wrong-credentials');
    (await login(ada, email, OTHER)).expect(200);
  });

  test('the device of an earlier sign-up is no friend of the account any more', async () => {
    const [mallory, ada, email] = [house.visitor(), house.visitor(), freshAddress('ada')];
    await signUp(mallory, email);
    await house.mailTo(email);
    await signUp(ada, email, OTHER);

    const token = await house.tokenFor(email, 'verify-email');
    (await verify(mallory, token)).problem(409, 'password-needed');
    (await mallory.post('/auth/verify-email', { token, password: PASSWORD })).problem(403, 'wrong-password');
    (await verify(ada, token)).expect(200);
    (await login(ada, email, OTHER)).expect(200);
  });

  test('a known address gets a notice without a link, and nothing of the account changes', async () => {
    const ada = await house.user({ name: 'Ada' });
    const { email } = ada.user;
    await signUp(house.visitor(), email, OTHER, { name: 'Mallory', organizationName: freshName() });

    expect(await house.mailTo(email)).toMatchObject({ subject: 'You have an account already', links: [] });
    const me = (await ada.get('/auth/me')).expect(200);
    expect(me).toMatchObject({ user: { name: 'Ada' }, memberships: [{ role: 'Owner' }] });
    expect(me.memberships).toHaveLength(1);
    (await login(ada, email, OTHER)).problem(401, 'wrong-credentials');
    (await login(ada, email)).expect(200);
  });

  test('a suspended person is no way back in', async () => {
    const ada = await house.user();
    const { id, email } = ada.user;
    await house.query("UPDATE users SET status = 'suspended', email_verified_at = NULL WHERE id = ?", [id]);
    await signUp(ada, email, OTHER);

    expect(await house.mailTo(email)).toMatchObject({ subject: 'You have an account already', links: [] });
    (await login(ada, email)).problem(403, 'account-suspended');
  });

  test('a link that ran out is replaced by a fresh one, after which the password works', async () => {
    const [ada, email] = [house.visitor(), freshAddress('ada')];
    await signUp(ada, email);
    const old = await house.tokenFor(email, 'verify-email');
    house.clock.advance(24 * 3600_000);
    (await verify(ada, old)).problem(410, 'link-dead');

    (await house.visitor().post('/auth/verify-email/resend', { email })).expect(202);
    (await verify(ada, await house.tokenFor(email, 'verify-email'))).expect(200);
    (await login(ada, email)).expect(200);
  });

  test('a poor password is refused before anything else', async () => {
    const known = (await house.user()).user.email;
    const answers = await Promise.all(
      [known, freshAddress()].map((email) => signUp(house.visitor(), email, 'password1')),
    );
    answers[0]!.problem(422, 'validation-failed');
    expect(seen(answers[1]!)).toEqual(seen(answers[0]!));
  });
});
