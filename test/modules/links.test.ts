import { House } from '../support/house';
import { freshAddress, seen } from '../support/fresh';
import { PASSWORD, type Visitor } from '../support/visitor';

const MINUTE = 60_000;
const NEW_PASSWORD = 'eleven kites above the northern pier';

type Purpose = 'verify-email' | 'reset-password' | 'magic-link';
type Link = { ask: string; use: string; form: object; done: number; lifetime: number; subject: string };

const LINKS: Record<Purpose, Link> = {
  'verify-email': {
    ask: '/auth/verify-email/resend',
    use: '/auth/verify-email',
    form: { password: PASSWORD },
    done: 204,
    lifetime: 24 * 60 * MINUTE,
    subject: 'Confirm your address',
  },
  'reset-password': {
    ask: '/auth/reset-password',
    use: '/auth/reset-password/confirm',
    form: { password: NEW_PASSWORD },
    done: 204,
    lifetime: 30 * MINUTE,
    subject: 'Set a new password',
  },
  'magic-link': {
    ask: '/auth/magic-link',
    use: '/auth/magic-link/verify',
    form: {},
    done: 200,
    lifetime: 10 * MINUTE,
    subject: 'Your sign-in link',
  },
};
const PURPOSES = Object.keys(LINKS) as Purpose[];

describe.each(PURPOSES)('a mailed link: %s', (purpose) => {
  const { ask, done, lifetime, subject } = LINKS[purpose];
  let house: House;

  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());

  const someone = () => house.user({ verified: purpose !== 'verify-email' });
  const use = (token: unknown, as: Purpose = purpose) =>
    house.visitor().post(LINKS[as].use, { ...LINKS[as].form, token });
  const askFor = (email: string) => house.visitor().post(ask, { email });

  /** Asks for a link and takes it out of the mail. */
  async function linkOf({ user }: Visitor): Promise<string> {
    (await askFor(user.email)).expect(202);
    return house.tokenFor(user.email, purpose);
  }

  test('works once', async () => {
    const token = await linkOf(await someone());
    (await use(token)).expect(done);
    (await use(token)).problem(410, 'link-dead');
  });

  test('dies when a newer one is mailed', async () => {
    const ada = await someone();
    const older = await linkOf(ada);
    const newer = await linkOf(ada);

    (await use(older)).problem(410, 'link-dead');
    (await use(newer)).expect(done);
  });

  test('dies when its time is over, and not before', async () => {
    const [ada, grace] = [await someone(), await someone()];
    const [late, timely] = [await linkOf(ada), await linkOf(grace)];
    house.clock.advance(lifetime - MINUTE / 2);
    (await use(timely)).expect(done);
    house.clock.advance(MINUTE / 2);
    (await use(late)).problem(410, 'link-dead');
  });

  test('dies when the password is changed', async () => {
    const ada = await someone();
    const token = await linkOf(ada);
    const change = { currentPassword: PASSWORD, newPassword: 'nine umbrellas on a winter beach' };
    (await ada.post('/auth/change-password', change)).expect(204);

    (await use(token)).problem(410, 'link-dead');
  });

  test('is good for nothing else', async () => {
    const token = await linkOf(await someone());
    for (const other of PURPOSES.filter((one) => one !== purpose)) (await use(token, other)).problem(410, 'link-dead');
    (await house.visitor().post('/invites/preview', { token })).problem(404, 'not-found');

    (await use(token)).expect(done);
  });

  test('is dead in the hands of a person who was suspended', async () => {
    const ada = await someone();
    const token = await linkOf(ada);
    await house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [ada.user.id]);
    (await use(token)).problem(410, 'link-dead');
  });

  test('dies with a suspension, and does not come back with the person', async () => {
    const [ada, boss] = [await someone(), await house.user()];
    await house.promote(boss);
    const token = await linkOf(ada);
    for (const status of ['suspended', 'active']) (await boss.put(`/users/${ada.user.id}`, { status })).expect(200);

    (await use(token)).problem(410, 'link-dead');
    (await use(await linkOf(ada))).expect(done);
  });

  test('is mailed to the known alone, and the answer is the same for all', async () => {
    const [ada, grace, unknown] = [await someone(), await someone(), freshAddress()];
    await house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [grace.user.id]);
    const answers = [await askFor(ada.user.email), await askFor(grace.user.email), await askFor(unknown)];

    expect(answers[0]!.expect(202)).toEqual({ message: expect.any(String) });
    for (const answer of answers) expect(seen(answer)).toEqual(seen(answers[0]!));
    expect(await house.mailTo(ada.user.email)).toMatchObject({ subject, to: ada.user.email });
    expect(await house.mailsTo(unknown)).toEqual([]);
    expect(await house.mailsTo(grace.user.email)).toHaveLength(1); // of her sign-up
  });

  test('is mailed five times in a quarter of an hour, and the answer does not tell', async () => {
    const ada = await someone();
    const before = (await house.mailsTo(ada.user.email)).length;
    const answers = [];
    for (let i = 0; i < 7; i++) answers.push(seen(await askFor(ada.user.email)));

    expect(answers).toEqual(Array(7).fill(answers[0]));
    expect(await house.mailsTo(ada.user.email)).toHaveLength(before + 5);
    house.clock.advance(15 * MINUTE);
    (await askFor(ada.user.email)).expect(202);
    expect(await house.mailsTo(ada.user.email)).toHaveLength(before + 6);
  });

  test('is not used up by being looked at', async () => {
    const ada = await someone();
    const token = await linkOf(ada);
    const [link] = (await house.mailTo(ada.user.email))!.links;
    const { pathname } = new URL(link!);
    const scanner = house.visitor();
    for (const method of ['GET', 'HEAD'] as const) {
      (await scanner.call(method, pathname, { contract: false })).expect(200);
      (await scanner.call(method, `${pathname}?token=${token}`, { contract: false })).expect(200);
      (await scanner.call(method, `${LINKS[purpose].use}?token=${token}`, { contract: false })).expect(405);
    }
    (await use(token)).expect(done);
  });

  test('is stored as a hash alone', async () => {
    const ada = await someone();
    const token = await linkOf(ada);
    const rows = await house.query('SELECT * FROM one_time_tokens WHERE user_id = ?', [ada.user.id]);
    expect(rows).toHaveLength(1);
    expect(token).toMatch(/^[\w-]{43}$/); // 256 bits
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  test.each([
    ['', 422],
    [0, 422],
    [null, 422],
    [['x'], 422],
    [{}, 422],
    ['x', 410],
    ['x'.repeat(512), 410],
    ['x'.repeat(513), 422],
  ])('of the form %j it is none', async (token, status) => {
    (await use(token)).problem(status, status === 410 ? 'link-dead' : 'validation-failed');
  });

  test.each([['no address'], ['a@example.com, b@example.com'], ['a@example.com\r\nBcc: b@example.com'], ['']])(
    'is not mailed to %j',
    async (email) => {
      (await askFor(email)).problem(422, 'validation-failed');
    },
  );
});

test('a mailbox that is proved is not asked to prove itself again', async () => {
  const house = await House.open();
  const ada = await house.user();
  (await ada.post('/auth/verify-email/resend', { email: ada.user.email })).expect(202);
  expect(await house.mailsTo(ada.user.email)).toHaveLength(1);
  await house.close();
});

describe('where a mailed link leads', () => {
  const LIES = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'ftp',
    forwarded: 'host=evil.example',
  };

  /** The links of all mails that one person can have, asked for with headers that lie about where we are. */
  async function linksUnder(settings: Record<string, string>): Promise<string[]> {
    const house = await House.open(settings);
    const ada = house.visitor();
    const email = freshAddress('ada');
    ada.become(
      (await ada.post('/auth/signup', { email, password: PASSWORD, organizationName: 'Acme' }, LIES)).expect(201),
    );
    await ada.verify(await house.tokenFor(email, 'verify-email'));
    for (const purpose of ['reset-password', 'magic-link'] as const)
      (await ada.post(LINKS[purpose].ask, { email }, LIES)).expect(202);
    (await ada.post('/organizations/:org/invites', { email: freshAddress(), role: 'Member' }, LIES)).expect(201);
    const guest = freshAddress('guest');
    (await ada.post('/organizations/:org/invites', { email: guest, role: 'Member' }, LIES)).expect(201);

    const mails = [...(await house.mailsTo(email)), ...(await house.mailsTo(guest))];
    await house.close();
    for (const { text, html, subject } of mails) expect(`${subject} ${text} ${html}`).not.toContain('evil.example');
    return mails.flatMap(({ links }) => links).map((link) => link.replace(/[\w-]{43}$/, '…'));
  }

  test('is said by APP_URL, whatever the request says of its host, even from a trusted proxy', async () => {
    const links = await linksUnder({ APP_URL: 'https://app.acme.test/', TRUST_PROXY: '127.0.0.1/32' });
    expect(links.sort()).toEqual(
      ['invite', 'magic-link', 'reset-password', 'verify-email'].map(
        (page) => `https://app.acme.test/links/${page}#token=…`,
      ),
    );
  });

  test('may be a front end’s, as LINK_URL_TEMPLATE says', async () => {
    const links = await linksUnder({ LINK_URL_TEMPLATE: 'https://front.acme.test/go/{purpose}#token={token}' });
    expect(links.sort()).toEqual(
      ['invite', 'magic-link', 'reset-password', 'verify-email'].map(
        (page) => `https://front.acme.test/go/${page}#token=…`,
      ),
    );
  });
});
