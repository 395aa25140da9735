import { House } from '../support/house';
import { freshAddress, seen } from '../support/fresh';
import { atOnce } from '../support/at-once';
import { PASSWORD, type Visitor } from '../support/visitor';

const WRONG = 'a password that is not the one';
const login = (visitor: Visitor, email: string, password = PASSWORD) =>
  visitor.post('/auth/login', { email, password });

describe('signing in', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  test('the right password opens a session, however the address is spelt', async () => {
    const ada = await house.user();
    const phone = house.visitor();
    const session = (await login(phone, ada.user.email.toUpperCase())).expect(200);

    expect(session).toMatchObject({
      user: { id: ada.user.id, email: ada.user.email },
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    expect((await phone.become(session).get('/auth/me')).expect(200).user.id).toBe(ada.user.id);
    const { data } = (await phone.get('/users/me/activity-logs?action=session.started')).expect(200);
    expect(data[0]).toMatchObject({ userAgent: phone.userAgent, actorId: ada.user.id });
  });

  test('a wrong password, an unknown address, an account without a password: the same answer', async () => {
    const [ada, grace, joan] = [await house.user(), await house.user(), await house.user()];
    await house.query('UPDATE users SET password_hash = NULL WHERE id = ?', [grace.user.id]);
    await house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [joan.user.id]);
    const unknown = await login(house.visitor(), freshAddress(), WRONG);
    unknown.problem(401, 'wrong-credentials');

    for (const { user } of [ada, grace, joan]) {
      expect(seen(await login(house.visitor(), user.email, WRONG))).toEqual(seen(unknown));
    }
    expect(seen(await login(house.visitor(), grace.user.email, PASSWORD))).toEqual(seen(unknown));
  });

  test('a suspended person learns of it with the right password only', async () => {
    const { user } = await house.user();
    await house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [user.id]);

    (await login(house.visitor(), user.email)).problem(403, 'account-suspended');
    (await login(house.visitor(), user.email, WRONG)).problem(401, 'wrong-credentials');
  });

  test('where sign-up is open an unproved mailbox keeps nobody out', async () => {
    const { user } = await house.user({ verified: false });
    expect((await login(house.visitor(), user.email)).expect(200).user.emailVerified).toBe(false);
  });

  test.each([
    ['no password', { email: 'ada@example.com' }],
    ['an empty password', { email: 'ada@example.com', password: '' }],
    ['a list of passwords', { email: 'ada@example.com', password: [PASSWORD] }],
    ['a search for an address', { email: { $ne: null }, password: PASSWORD }],
  ])('%s is refused', async (_what, form) => {
    (await house.visitor().post('/auth/login', form)).problem(422, 'validation-failed');
  });
});

describe('guessing passwords', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  test('thirty wrong guesses stop all strange devices for fifteen minutes, and never the owner on a known one', async () => {
    const ada = await house.user();
    const { email } = ada.user;
    const guesses = await atOnce(30, () => login(house.visitor(), email, WRONG)); // each from a device of its own
    expect(guesses.map(({ status }) => status)).toEqual(Array(30).fill(401));

    const refused = await login(house.visitor(), email);
    refused.problem(429, 'too-many-requests');
    const wait = Number(refused.headers['retry-after']);
    expect(wait).toBeGreaterThan(14 * 60);
    expect(wait).toBeLessThanOrEqual(15 * 60);

    (await login(ada, email, WRONG)).problem(401, 'wrong-credentials');
    (await login(ada, email)).expect(200);
    (await login(house.visitor(), (await house.user()).user.email)).expect(200); // another person's account

    house.clock.advance(14 * 60_000);
    (await login(house.visitor(), email)).problem(429, 'too-many-requests');
    house.clock.advance(60_000);
    (await login(house.visitor(), email, WRONG)).problem(401, 'wrong-credentials');
    (await login(house.visitor(), email)).expect(200);
  });

  test('an unknown address is counted like a known one', async () => {
    const email = freshAddress();
    const guesses = await atOnce(30, () => login(house.visitor(), email, WRONG));
    expect(guesses.map(({ status }) => status)).toEqual(Array(30).fill(401));
    (await login(house.visitor(), email)).problem(429, 'too-many-requests');
  });

  test('thirty wrong guesses stop a known device, too', async () => {
    const ada = await house.user();
    const guesses = await atOnce(30, () => login(ada, ada.user.email, WRONG));
    expect(guesses.map(({ status }) => status)).toEqual(Array(30).fill(401));
    (await login(ada, ada.user.email)).problem(429, 'too-many-requests');
  });

  test('a sign-in forgives the guesses before it', async () => {
    const ada = await house.user();
    for (const round of [1, 2]) {
      const guesses = await atOnce(20, () => login(ada, ada.user.email, WRONG));
      expect([round, ...guesses.map(({ status }) => status)]).toEqual([round, ...Array(20).fill(401)]);
      (await login(ada, ada.user.email)).expect(200);
    }
  });
});
