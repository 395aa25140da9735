import type { Answer } from '../support/answer';
import { House } from '../support/house';
import { PASSWORD, type Visitor } from '../support/visitor';

const SECRET = 'a guess that nobody may read';
type Told = Record<string, unknown>;

/** OWASP ASVS 5.0, 16.3.1 and 16.3.2. */
describe('who is kept out', () => {
  let house: House;
  let owner: Visitor;
  let ada: Visitor;

  beforeAll(async () => {
    house = await House.open();
    owner = await house.owner();
    ada = await house.member(owner);
  });
  afterAll(() => house.close());

  const told = (): Told[] => house.log.map((line) => JSON.parse(line)).filter(({ event }) => event !== undefined);
  const stranger = () => Object.assign(house.visitor(), { ip: '203.0.113.7' });
  const suspended = async () => {
    const joan = await house.user();
    await house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [joan.user.id]);
    return { joan, answer: await stranger().post('/auth/login', { email: joan.user.email, password: PASSWORD }) };
  };

  type Case = [string, () => Promise<Answer>, (answer: Answer) => Told];
  const failed = (reason: string, more: Told = {}) => ({ event: 'authentication-failed', reason, ...more });
  const denied = (reason: string, more: Told = {}) => ({ event: 'access-denied', reason, ...more });
  const CASES: Case[] = [
    [
      'by a wrong password',
      () => stranger().post('/auth/login', { email: ada.user.email, password: SECRET }),
      () => failed('wrong-credentials', { accountId: ada.user.id, ip: '203.0.113.7', route: '/auth/login' }),
    ],
    [
      'for there is no such account',
      () => stranger().post('/auth/login', { email: `${SECRET.replaceAll(' ', '-')}@example.com`, password: SECRET }),
      () => failed('wrong-credentials', { ip: '203.0.113.7' }),
    ],
    ['by a suspension', async () => (await suspended()).answer, () => failed('account-suspended')],
    [
      'by a refresh token of nobody',
      () => stranger().post('/auth/refresh', { refreshToken: SECRET }),
      () => failed('refresh-invalid'),
    ],
    [
      'by a used refresh token',
      async () => {
        const phone = await house.deviceOf(ada);
        for (let i = 0; i < 2; i++)
          phone.become((await stranger().post('/auth/refresh', { refreshToken: phone.refreshToken })).expect(200));
        const [, counter] = phone.refreshToken.split('.');
        expect(counter).toBe('2');
        (await phone.post('/auth/logout')).expect(204);
        return stranger().post('/auth/refresh', { refreshToken: phone.refreshToken });
      },
      () => failed('refresh-invalid'),
    ],
    ['without a token', () => stranger().get('/auth/me'), () => failed('unauthenticated', { route: '/auth/me' })],
    [
      'by a token that is none',
      () => stranger().get('/auth/me', { authorization: `Bearer ${SECRET}` }),
      () => failed('unauthenticated'),
    ],
    [
      'by a dead link',
      () => stranger().post('/auth/magic-link/verify', { token: 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE' }),
      () => failed('link-dead'),
    ],
    [
      'by a missing right',
      () => ada.get('/organizations/:org/invites'),
      () => denied('forbidden', { userId: ada.user.id, route: '/organizations/:orgId/invites' }),
    ],
    [
      'as an outsider, who learns nothing',
      async () => (await house.user()).get(`/organizations/${owner.organizationId}`),
      () => denied('not-found', { route: '/organizations/:orgId' }),
    ],
    [
      'of what is private to another',
      () => ada.get(`/users/${owner.user.id}/data`),
      () => denied('not-found', { userId: ada.user.id }),
    ],
    ['from what only staff may do', () => ada.get('/users'), () => denied('forbidden', { userId: ada.user.id })],
    [
      'from giving more than they hold',
      async () => {
        const admin = await house.member(owner, 'Admin');
        return admin.put(`/organizations/:org/members/me`, { role: 'Owner' });
      },
      () => denied('grants-too-much'),
    ],
    [
      'by a wrong password of their own',
      () => ada.post('/auth/change-password', { currentPassword: SECRET, newPassword: 'nine umbrellas on a beach' }),
      () => denied('wrong-password', { userId: ada.user.id }),
    ],
  ];

  test.each(CASES)('%s is in the log: who, from where and why', async (_what, call, expected) => {
    const before = told().length;
    const answer = await call();
    expect(answer.status).toBeGreaterThanOrEqual(400);

    const { instance: requestId } = answer.body;
    const lines = told()
      .slice(before)
      .filter((line) => line.requestId === requestId);
    expect(lines).toEqual([expect.objectContaining({ requestId, ip: expect.any(String), ...expected(answer) })]);
    expect(JSON.stringify(lines)).not.toMatch(/guess|example\.com/);
  });

  test('too often is in the log, too', async () => {
    const small = await House.open({ RATE_LIMIT: '1/1h' });
    const visitor = small.visitor();
    await visitor.get('/auth/me');
    (await visitor.get('/auth/me')).problem(429, 'too-many-requests');
    const [line] = small.log.map((text) => JSON.parse(text)).filter(({ event }) => event === 'held-back');
    expect(line).toMatchObject({ reason: 'too-many-requests', route: '/auth/me', ip: visitor.ip });
    await small.close();
  });

  test('from nothing leaves no such line', async () => {
    const before = told().length;
    (await ada.get('/auth/me')).expect(200);
    (await ada.get('/users/me/data/nothing')).problem(404, 'not-found');
    (await ada.put('/users/me', { name: '' })).problem(422, 'validation-failed');
    expect(told().slice(before)).toEqual([]);
  });
});
