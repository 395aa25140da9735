import { House } from '../support/house';
import { freshAddress, freshName, seen } from '../support/fresh';
import { isEmbedded } from '../support/engines';
import { PASSWORD } from '../support/visitor';

const DOOMED = 'doomed';
const FAIL = isEmbedded
  ? `CREATE TRIGGER fail BEFORE INSERT ON sessions WHEN NEW.user_agent = '${DOOMED}' BEGIN INSERT INTO nowhere VALUES (1); END`
  : `CREATE TRIGGER fail BEFORE INSERT ON sessions FOR EACH ROW IF NEW.user_agent = '${DOOMED}' THEN SIGNAL SQLSTATE '45000'; END IF`;

describe('signing up where it is open', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open({ SIGNUP_POLICY: 'open' });
  });
  afterAll(() => house.close());

  const countOf = async (table: string, column: string, value: string) =>
    Number((await house.query(`SELECT COUNT(*) AS n FROM ${table} WHERE ${column} = ?`, [value]))[0].n);

  test('it makes the person, an organization and its Owner, and signs in', async () => {
    const ada = house.visitor();
    const [email, organizationName] = [freshAddress('ada'), freshName()];
    const made = (await ada.post('/auth/signup', { email, password: PASSWORD, name: 'Ada', organizationName })).expect(
      201,
    );

    expect(made.user).toMatchObject({ email, name: 'Ada', emailVerified: false, status: 'active', profile: {} });
    expect(made.organization).toMatchObject({ name: organizationName, personal: false, status: 'active' });
    expect(made).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });

    const me = (await ada.become(made).get('/auth/me')).expect(200);
    expect(me).toMatchObject({ user: made.user, staff: false });
    expect(me.memberships).toMatchObject([
      { organization: { id: made.organization.id }, role: 'Owner', status: 'active' },
    ]);
    expect(me.memberships[0].permissions).toContain('organization:delete');
  });

  test('nothing of the password comes back', async () => {
    const answer = await house.visitor().post('/auth/signup', { email: freshAddress(), password: PASSWORD });
    answer.expect(201);
    expect(answer.text).not.toMatch(/password|argon2|lanterns/i);
  });

  test('without the name of an organization it is a personal one, and without a name the address gives one', async () => {
    const email = freshAddress('grace');
    const { user, organization } = (await house.visitor().post('/auth/signup', { email, password: PASSWORD })).expect(
      201,
    );

    expect(user.name).toBe(email.split('@')[0]);
    expect(organization).toMatchObject({ personal: true, name: user.name });
  });

  test('a mail asks to prove the mailbox', async () => {
    const ada = await house.user({ verified: false });
    const mails = await house.mailsTo(ada.user.email);
    expect(mails.map(({ subject }) => subject)).toEqual(['Confirm your address']);

    await ada.verify(await house.tokenFor(ada.user.email, 'verify-email'));
    expect((await ada.get('/auth/me')).expect(200).user.emailVerified).toBe(true);
  });

  test('a taken address is refused in any spelling, and leaves no organization behind', async () => {
    const ada = await house.user();
    const organizationName = freshName();
    const form = {
      email: ada.user.email.toUpperCase(),
      password: 'another long password',
      name: 'Mallory',
      organizationName,
    };
    (await house.visitor().post('/auth/signup', form)).problem(409, 'email-taken');

    expect(await countOf('organizations', 'name', organizationName)).toBe(0);
    expect(await countOf('users', 'email', ada.user.email)).toBe(1);
    expect((await ada.get('/users/:me')).expect(200).name).toBe(ada.user.name);
    await house.visitor().signIn(ada.user.email);
    expect(
      (await house.mailsTo(ada.user.email)).filter(({ subject }) => subject === 'Confirm your address'),
    ).toHaveLength(1);
  });

  test('a sign-up that fails at its last step leaves no person, no organization, no trace and no mail', async () => {
    const ada = house.visitor();
    ada.userAgent = DOOMED;
    const [email, organizationName] = [freshAddress('ada'), freshName()];
    const form = { email, password: PASSWORD, organizationName };

    await house.query(FAIL);
    try {
      (await ada.post('/auth/signup', form)).problem(500, 'internal');
    } finally {
      await house.query('DROP TRIGGER fail');
    }

    expect(await countOf('users', 'email', email)).toBe(0);
    expect(await countOf('organizations', 'name', organizationName)).toBe(0);
    expect(await countOf('activity_logs', 'user_agent', DOOMED)).toBe(0);
    expect(await house.mailsTo(email)).toEqual([]);
    (await ada.post('/auth/signup', form)).expect(201); // and can be tried again
    expect(await countOf('organizations', 'name', organizationName)).toBe(1);
  });

  test('each step of it is in the trail', async () => {
    const ada = await house.user({ verified: false });
    const { data } = (await ada.get('/users/me/activity-logs')).expect(200);
    const actions = data.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(['session.started', 'organization.created', 'user.signed-up']); // newest first
    expect(data[0]).toMatchObject({ actorId: ada.user.id, ip: '127.0.0.1', userAgent: ada.userAgent });
  });

  const email = freshAddress();
  test.each([
    ['no address', { password: PASSWORD }, '#/email'],
    ['two addresses', { email: `${email}, ${email}`, password: PASSWORD }, '#/email'],
    ['no password', { email }, '#/password'],
    ['a number for a password', { email, password: 12345678 }, '#/password'],
    ['a name of blanks', { email, password: PASSWORD, name: '  ' }, '#/name'],
    ['a name of two lines', { email, password: PASSWORD, name: 'Ada\r\nBcc: x' }, '#/name'],
    [
      'a name longer than a column, in variation selectors',
      { email, password: PASSWORD, name: 'a\uFE0F'.repeat(120) },
      '#/name',
    ],
    ['an organization without a name', { email, password: PASSWORD, organizationName: '' }, '#/organizationName'],
    ['a status of one’s own', { email, password: PASSWORD, status: 'active' }, '#/status'],
    [
      'a proof of one’s own',
      { email, password: PASSWORD, emailVerifiedAt: '2026-01-01T00:00:00.000Z' },
      '#/emailVerifiedAt',
    ],
  ])('%s is refused', async (_what, form, pointer) => {
    const { errors } = (await house.visitor().post('/auth/signup', form)).problem(422, 'validation-failed');
    expect(errors.map((fault: { pointer: string }) => fault.pointer)).toEqual([pointer]);
    expect(await countOf('users', 'email', email)).toBe(0);
  });
});

test('where sign-up is closed nobody signs up, and whoever is invited still gets in', async () => {
  const before = await House.open();
  const { user, organizationId } = await before.owner();
  await before.close();

  const house = await House.open({ SIGNUP_POLICY: 'closed' });
  const form = { email: freshAddress(), password: PASSWORD };
  const [unknown, known] = [
    await house.visitor().post('/auth/signup', form),
    await house.visitor().post('/auth/signup', { ...form, email: user.email }),
  ];
  unknown.problem(403, 'signup-closed');
  expect(seen(known)).toEqual(seen(unknown));
  (await house.visitor().post('/auth/login', form)).problem(401, 'wrong-credentials');

  const owner = Object.assign(await house.visitor().signIn(user.email), { organizationId });
  (await owner.post('/organizations/:org/invites', { email: form.email, role: 'Member' })).expect(201);
  const token = await house.tokenFor(form.email, 'invite');
  (await house.visitor().post('/invites/accept', { token, name: 'Grace', password: PASSWORD })).expect(200);
  await house.visitor().signIn(form.email);
  await house.close();
});
