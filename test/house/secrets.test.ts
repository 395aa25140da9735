import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { HOUR } from '../../src/kit/clock';
import { atOnce } from '../support/at-once';
import { workerSettings } from '../support/engines';
import { freshAddress, freshName } from '../support/fresh';
import { House } from '../support/house';
import { Smtp } from '../support/mail-server';
import { drain } from '../support/mails';
import { emptyPlace } from '../support/place';
import { dumpOf, Secrets } from '../support/secrets';
import { begin, mailCodeFor, proofOf, someone, standing } from '../support/social/sign-in';
import { PASSWORD, type Visitor } from '../support/visitor';

/** A password of one's own is passed on to sign-up. */
type Person = Parameters<House['owner']>[0] & { password: string };

const secrets = new Secrets();
const closing: { close(): Promise<void> }[] = [];
const kept: { where: string; text: string }[] = [];
const boss = freshAddress('boss');

const newPassword = () => `wormwood ${randomBytes(6).toString('hex')} "and" gall`;
const key = randomBytes(32).toString('base64');
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const settings = {
  LOG_LEVEL: 'trace',
  JWT_PRIVATE_KEY: String(pem.export({ type: 'pkcs8', format: 'pem' })),
  SECRET_KEYS: `mine:${key}`,
  METRICS_TOKEN: randomBytes(24).toString('hex'),
  PLATFORM_ADMINS: boss,
  OIDC_PROVIDERS: JSON.stringify([standing.entry]),
};

beforeAll(() => {
  secrets.add('SECRET_KEYS', key);
  secrets.add('JWT_PRIVATE_KEY', String(pem.export({ format: 'jwk' }).d));
  secrets.add('JWT_PRIVATE_KEY', settings.JWT_PRIVATE_KEY.split('\n')[1]!);
  secrets.add('METRICS_TOKEN', settings.METRICS_TOKEN);
  secrets.add('OIDC_PROVIDERS', standing.client.clientSecret);
  const { DATABASE_URL } = workerSettings();
  if (DATABASE_URL) secrets.add('DATABASE_URL', new URL(DATABASE_URL).password);
});
afterAll(async () => {
  for (const house of closing.toReversed()) await house.close();
});

async function open(more: Record<string, string> = {}): Promise<House> {
  const house = await House.open({ ...settings, ...more });
  secrets.listenTo(house.app);
  closing.push(house);
  return house;
}

/** What is stored and logged so far; it is searched at the end, when every secret is known. */
async function keep(where: string, house: House, dump = true): Promise<void> {
  kept.push({ where: `the log of ${where}`, text: house.log.join('') });
  if (dump) kept.push({ where: `the tables of ${where}`, text: await dumpOf(house) });
}

/** Every link that was mailed to an address. */
async function learnLinks(house: House, address: string): Promise<void> {
  for (const { links } of await house.mailsTo(address)) {
    for (const link of links) secrets.add('mailed token', /token=([^&\s]+)/.exec(link)![1]!);
  }
}

test('while no mail gets through, waiting messages give nothing away', async () => {
  const password = randomBytes(12).toString('hex');
  secrets.add('SMTP_URL', password);
  const onAuth = (_: unknown, __: unknown, done: (error: Error) => void) => done(new Error('no such user'));
  const smtp = await Smtp.open({ onAuth, allowInsecureAuth: true, disabledCommands: ['STARTTLS'] });
  closing.push({ close: () => smtp.stop() });
  const cutOff = await open({ SMTP_URL: smtp.url.replace('//', `//mailer:${password}@`) });
  const ada = await cutOff.owner({ password: newPassword() } as Person);
  const guest = freshAddress('guest');
  (await ada.post('/organizations/:org/invites', { email: guest, role: 'Admin' })).expect(201);
  for (const route of ['reset-password', 'magic-link']) {
    (await ada.post(`/auth/${route}`, { email: ada.user.email })).expect(202);
  }
  (await ada.post('/auth/change-password', { currentPassword: 'is not it', newPassword: newPassword() })).expect(403);
  await drain([cutOff.app]);
  expect(cutOff.log.join('')).toContain('no such user');
  expect(await cutOff.query('SELECT last_error FROM outbox_messages WHERE last_error IS NOT NULL')).not.toEqual([]);
  await keep('a house whose mail server refuses it', cutOff);
  await cutOff.close();

  const house = await open();
  house.clock.advance(HOUR);
  for (const address of [ada.user.email, guest]) await learnLinks(house, address);
  expect(secrets.count).toBeGreaterThan(10);
  await keep('the house that delivered it', house);
});

test('every flow', async () => {
  const house = await open();
  const ada = await everyFlow(house);
  await everyFailure(house, ada);
  await keep('the house', house);
});

test('what breaks', async () => {
  const place = await emptyPlace();
  const broken = await open({ ...place.settings, DATA_DIR: place.folder }); // there is not one table
  const form = { email: freshAddress(), password: newPassword() };
  (await broken.visitor().post('/auth/signup', form)).problem(500, 'internal');
  (await broken.visitor().post('/auth/login', form)).problem(500, 'internal');
  (await broken.visitor().post('/auth/verify-email', { token: randomBytes(32).toString('base64url') })).expect(500);
  await broken.source.destroy();
  (await broken.visitor().post('/auth/login', form)).problem(503, 'unavailable');
  await keep('a broken house', broken, false);
  await broken.close();
  await place.clear();
});

test('nothing of it is anywhere', () => {
  expect(kept.map(({ text }) => text.length).every((length) => length > 1000)).toBe(true);
  expect(secrets.count).toBeGreaterThan(60);
  const logs = kept.filter(({ where }) => where.startsWith('the log'));
  expect(logs.filter(({ text }) => text.includes('$argon2')).map(({ where }) => where)).toEqual([]);
  expect(
    kept.map(({ where, text }) => ({ where, found: secrets.in(text) })).filter(({ found }) => found.length > 0),
  ).toEqual([]);
});

test('the search finds a secret however it is written', () => {
  const token = randomBytes(32).toString('base64url');
  secrets.add('a needle', token);
  const bytes = [Buffer.from(`{"some":"${token}"}`), Buffer.from(token, 'base64url')];
  const forms = bytes.flatMap((it) => (['hex', 'base64', 'base64url', 'latin1'] as const).map((to) => it.toString(to)));
  for (const form of forms.slice(0, -1)) expect(secrets.in(`hay ${form} hay`)).toEqual(['a needle']);
  expect(secrets.in('hay')).toEqual([]);
});

async function everyFlow(house: House): Promise<Visitor> {
  const ada = await house.owner({ password: newPassword() } as Person);
  const { email } = ada.user;
  ada.become((await ada.post('/auth/refresh', { refreshToken: ada.refreshToken })).expect(200));

  for (const confirm of ['reset-password', 'magic-link'] as const) {
    (await ada.post(`/auth/${confirm}`, { email })).expect(202);
    const token = await house.tokenFor(email, confirm);
    if (confirm === 'magic-link') ada.become((await ada.post('/auth/magic-link/verify', { token })).expect(200));
    else (await ada.post('/auth/reset-password/confirm', { token, password: PASSWORD })).expect(204);
  }
  const fresh = newPassword();
  (await ada.post('/auth/change-password', { currentPassword: PASSWORD, newPassword: fresh })).expect(204);
  await house.visitor().signIn(email, fresh);

  const grace = freshAddress('grace');
  const replayed = { 'Idempotency-Key': randomBytes(8).toString('hex') };
  const invite = () => ada.post('/organizations/:org/invites', { email: grace, role: 'Admin' }, replayed);
  const { id } = (await invite()).expect(201);
  expect((await invite()).headers['idempotency-replayed']).toBe('true');
  (await ada.post(`/organizations/:org/invites/${id}/resend`)).expect(200);
  await learnLinks(house, grace);
  house.clock.advance(HOUR / 4);
  ada.become((await ada.post('/auth/refresh', { refreshToken: ada.refreshToken })).expect(200));
  (await house.visitor().post('/invites/renew', { token: await house.tokenFor(grace, 'invite') })).expect(202);
  const token = await house.tokenFor(grace, 'invite');
  (await house.visitor().post('/invites/preview', { token })).expect(200);
  (await house.visitor().post('/invites/accept', { token, name: 'Grace', password: newPassword() })).expect(200);

  const [to, words] = [freshAddress('reader'), randomBytes(12).toString('hex')];
  secrets.add('what a mail says', words);
  const mail = { to, subject: words, text: words, transactional: false };
  (await ada.post('/messages/email', mail, { 'Idempotency-Key': words })).expect(202);
  await learnLinks(house, to);

  const bringBack = async (route: string, more: object = {}) => {
    const { iss, redirectUri, ...proof } = await proofOf(ada, standing, someone());
    for (const [what, secret] of Object.entries(proof)) secrets.add(what, secret);
    return ada.post(route, { ...proof, ...more, iss, redirectUri });
  };
  (await bringBack('/auth/social-login/standing')).expect(200);
  const mailCode = await mailCodeFor(house, ada);
  secrets.add('a mailed code', mailCode);
  (await bringBack('/auth/social-accounts', { provider: standing.id, mailCode })).expect(201);
  secrets.add('a mailed code that waits', await mailCodeFor(house, ada));

  const staff = await house.user({ email: boss });
  const made = { email: freshAddress('made'), name: 'Made by staff' };
  (await staff.post('/users', made, { 'Idempotency-Key': randomBytes(8).toString('hex') })).expect(201);
  (await house.visitor().get('/metrics', { authorization: `Bearer ${settings.METRICS_TOKEN}` })).expect(200);
  for (const address of [email, grace, boss, made.email]) await learnLinks(house, address);
  return ada;
}

async function everyFailure(house: House, ada: Visitor): Promise<void> {
  const { email } = ada.user;
  const [password, token] = [newPassword(), randomBytes(32).toString('base64url')];
  secrets.add('a password in a broken request', password);
  secrets.add('a token in a broken request', token);
  const stranger = house.visitor();
  const form = JSON.stringify({ email, password });

  (await stranger.post('/auth/login', form.slice(0, -1), { 'content-type': 'application/json' })).expect(400);
  (await stranger.post('/auth/login', form, { 'content-type': 'text/plain' })).expect(415);
  (await stranger.post('/auth/login', { email, password, more: 'x'.repeat(300_000) })).expect(413);
  (await stranger.post('/auth/login', { email, password, more: password })).expect(422);
  (await stranger.post('/auth/login', { email, password: [password] })).expect(422);
  (await stranger.post('/auth/login', { email: password, password })).expect(422);
  (await stranger.post('/auth/login', { email, password })).expect(401);
  (await stranger.post('/auth/signup', { email: freshAddress(), password: 'trustno1' })).expect(422);
  (await stranger.post('/auth/signup', { email, password })).expect(409);
  const rival = freshAddress();
  await atOnce(10, () => house.visitor().post('/auth/signup', { email: rival, password })); // the unique key decides
  for (const route of ['verify-email', 'magic-link/verify'])
    (await stranger.post(`/auth/${route}`, { token })).expect(410);
  (await stranger.post('/auth/reset-password/confirm', { token, password })).expect(410);
  for (const route of ['preview', 'decline', 'renew'])
    (await stranger.post(`/invites/${route}`, { token })).expect(404);
  (await stranger.post('/auth/refresh', { refreshToken: `${ada.refreshToken}x` })).expect(401);
  (await stranger.get('/auth/me', { authorization: `Bearer ${token}` })).expect(401);
  (await stranger.get('/auth/me', { authorization: `Bearer ${ada.accessToken}x` })).expect(401);
  (await stranger.get('/metrics', { authorization: `Bearer ${token}` })).expect(401);
  for (const url of [`/links/verify-email?token=${token}`, `/nowhere/${token}?token=${token}`]) {
    await stranger.call('GET', url, { contract: false });
  }

  const { nonce } = await begin(stranger, 'standing');
  for (const alg of ['none', 'HS256']) {
    const idToken = standing.idToken(someone(), nonce, { header: { alg } });
    (await stranger.post('/auth/social-login/standing', { idToken, nonce })).expect(401);
  }
  standing.trouble = (_, response) => void response.writeHead(500).end();
  const unasked = await proofOf(stranger, standing, someone());
  secrets.add('a code that nobody asked about', unasked.code);
  (await stranger.post('/auth/social-login/standing', unasked)).expect(503);
  standing.trouble = undefined;

  const name = freshName('Twin');
  const slug = `twin-${randomBytes(4).toString('hex')}`;
  await atOnce(5, () => ada.post('/organizations', { name, slug }));
  await atOnce(5, () => ada.post('/organizations/:org/roles', { name: 'Twin', permissions: [] }));

  const stolen = ada.refreshToken;
  for (let i = 0; i < 2; i++)
    ada.become((await ada.post('/auth/refresh', { refreshToken: ada.refreshToken })).expect(200));
  house.clock.advance(31_000); // or it would be a tab that comes late
  (await stranger.post('/auth/refresh', { refreshToken: stolen })).problem(401, 'refresh-invalid');
  await learnLinks(house, email);
}
