import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR } from '../../src/kit/clock';
import type { Answer } from '../support/answer';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
const SECRET = 'a guess that nobody may read';
type Line = Record<string, unknown>;

let house: House;
let owner: Visitor;
let admin: Visitor;
let ada: Visitor;

beforeAll(async () => {
  house = await House.open();
  owner = await house.owner();
  admin = await house.member(owner, 'Admin');
  ada = await house.member(owner);
});
afterAll(() => house.close());

const lines = (): Line[] => house.log.map((line) => JSON.parse(line));
/** The line of a request that was answered. */
const lineOf = ({ headers }: Answer): Line =>
  lines().find(({ requestId, status }) => requestId === headers['x-request-id'] && status !== undefined)!;
const inAcme = (who: Visitor, more: Line = {}) => ({
  userId: who.user.id,
  organizationId: owner.organizationId,
  ...more,
});

/** Someone in Acme who may do just this. */
async function holding(...permissions: string[]): Promise<Visitor> {
  const name = `May ${permissions.join(' ').replaceAll(/\W/g, ' ')}`;
  (await owner.post('/organizations/:org/roles', { name, permissions })).expect(201);
  return house.member(owner, name);
}

/** Someone new whose session this ends. */
async function over(end: (person: Visitor) => Promise<unknown>): Promise<Visitor> {
  const person = await house.user();
  await end(person);
  return person;
}

/** What a line may say, and does not have to. */
const NOTHING = {
  userId: undefined,
  accountId: undefined,
  organizationId: undefined,
  permission: undefined,
  route: undefined,
};

type Case = [string, () => Promise<[Answer, Line]>];
const CASES: Case[] = [
  [
    'by a missing permission',
    async () => [
      await ada.get('/organizations/:org/invites'),
      inAcme(ada, { code: 'forbidden', permission: 'invites:read' }),
    ],
  ],
  [
    'by one that is missing for a part of what was sent',
    async () => {
      const writer = await holding('blog:read', 'blog:write');
      const post = { title: 'Soon', slug: 'soon', body: 'x', publishAt: '2036-01-01T00:00:00Z' };
      const answer = await writer.post('/organizations/:org/posts', post);
      return [answer, inAcme(writer, { code: 'forbidden', permission: 'blog:publish' })];
    },
  ],
  [
    'by what they would give and do not hold',
    async () => [
      await admin.put('/organizations/:org/members/me', { role: 'Owner' }),
      inAcme(admin, { code: 'grants-too-much', permission: 'organization:delete' }),
    ],
  ],
  [
    'by what they would grant to a role, several at once',
    async () => {
      const maker = await holding('roles:read', 'roles:write');
      const role = { name: 'Reader', permissions: ['roles:read', 'invites:read', 'activity:read'] };
      const answer = await maker.post('/organizations/:org/roles', role);
      return [answer, inAcme(maker, { code: 'grants-too-much', permission: 'invites:read,activity:read' })];
    },
  ],
  [
    'by what another holds beyond them',
    async () => {
      const keeper = await holding('members:read', 'members:update', 'members:remove');
      const answer = await keeper.delete(`/organizations/:org/members/${owner.user.id}`);
      return [answer, inAcme(keeper, { code: 'owner-protected', permission: expect.stringContaining('Owner') })];
    },
  ],
  [
    'by not being staff',
    async () => [
      await ada.get('/users'),
      { userId: ada.user.id, code: 'forbidden', permission: 'staff:users:read', organizationId: undefined },
    ],
  ],
  [
    'by not being staff, for a part of what was sent',
    async () => [
      await ada.get('/organizations?all=true'),
      { userId: ada.user.id, code: 'forbidden', permission: 'staff:organizations:read' },
    ],
  ],
  [
    'by being suspended there',
    async () => {
      const joan = await house.member(owner);
      (await owner.put(`/organizations/:org/members/${joan.user.id}`, { status: 'suspended' })).expect(200);
      return [await joan.get('/organizations/:org'), inAcme(joan, { code: 'forbidden' })];
    },
  ],
  [
    'by being an outsider, who learns nothing',
    async () => {
      const stranger = await house.user();
      const answer = await stranger.get(`/organizations/${owner.organizationId}`);
      return [answer, inAcme(stranger, { code: 'not-found' })];
    },
  ],
  [
    'of what is private to another',
    async () => [
      await ada.get(`/users/${owner.user.id}/data`),
      { userId: ada.user.id, code: 'not-found', permission: undefined },
    ],
  ],
  [
    'by a session that was ended',
    async () => {
      const joan = await over((one) => one.post('/auth/logout'));
      return [await joan.get('/auth/me'), { code: 'unauthenticated', accountId: joan.user.id, userId: undefined }];
    },
  ],
  [
    'by a suspension',
    async () => {
      const joan = await over((one) =>
        house.query("UPDATE users SET status = 'suspended' WHERE id = ?", [one.user.id]),
      );
      return [await joan.get('/auth/me'), { code: 'unauthenticated', accountId: joan.user.id }];
    },
  ],
  [
    'by the deletion of their account',
    async () => {
      const joan = await over((one) => one.delete('/users/me'));
      return [await joan.get('/auth/me'), { code: 'unauthenticated', accountId: joan.user.id }];
    },
  ],
  [
    'without a token',
    async () => [await house.visitor().get('/auth/me'), { code: 'unauthenticated', accountId: undefined }],
  ],
  [
    'by a token that is none',
    async () => [
      await house.visitor().get('/auth/me', { authorization: `Bearer ${SECRET}` }),
      { code: 'unauthenticated', accountId: undefined },
    ],
  ],
  [
    'by a wrong password',
    async () => [
      await house.visitor().post('/auth/login', { email: ada.user.email, password: SECRET }),
      { code: 'wrong-credentials', accountId: ada.user.id, userId: undefined },
    ],
  ],
  [
    'by what they sent',
    async () => [await ada.put('/users/me', { name: '' }), { code: 'validation-failed', userId: ada.user.id }],
  ],
  [
    'before anybody is asked who they are: no JSON',
    async () => [
      await ada.call('PUT', '/users/me', { body: '{', headers: { 'content-type': 'application/json' } }),
      { code: 'bad-request', userId: undefined, route: '/users/:userId' },
    ],
  ],
  [
    'where nothing is',
    async () => [await ada.call('GET', '/nowhere', { contract: false }), { code: 'not-found', route: undefined }],
  ],
  [
    'by a method that there is not',
    async () => [await ada.call('PATCH', '/auth/me', { contract: false }), { code: 'method-not-allowed' }],
  ],
  [
    'by a URL that is none',
    async () => [await ada.call('GET', '/users/%zz', { contract: false }), { code: 'bad-request', status: 400 }],
  ],
];

describe('who is refused is in the line of the answer: who, where, why, and for want of what', () => {
  test.each(CASES)('%s', async (_what, refused) => {
    const [answer, expected] = await refused();
    const { instance, status, code } = answer.body;
    expect({ ...NOTHING, ...lineOf(answer) }).toMatchObject({
      requestId: instance,
      status,
      code,
      version,
      ...expected,
    });
  });

  test('and a denial says the same in its own line', async () => {
    const { instance } = (await ada.get('/organizations/:org/invites')).problem(403, 'forbidden');
    expect(lines()).toContainEqual(
      expect.objectContaining(
        inAcme(ada, { event: 'access-denied', requestId: instance, permission: 'invites:read', version }),
      ),
    );
  });
});

test('who is let in is in it, too, and what it turned out to be about', async () => {
  expect(lineOf(await ada.get('/organizations/:org'))).toMatchObject(inAcme(ada, { status: 200 }));
  const founded = await ada.post('/organizations', { name: 'Fjord' });
  const { id } = founded.expect(201);
  expect(lineOf(founded)).toMatchObject({ status: 201, userId: ada.user.id, organizationId: id });
  for (const name of ['code', 'permission', 'accountId']) expect(lineOf(founded)).not.toHaveProperty(name);
});

test('every line says which version wrote it, and none holds a person, a token or what was sent', async () => {
  await house.settled();
  expect(lines().filter((line) => line.version !== version)).toEqual([]);
  const told = house.log.join('');
  for (const { user, accessToken } of [owner, admin, ada])
    for (const secret of [user.email, user.name, accessToken!]) expect(told).not.toContain(secret);
  expect(told).not.toContain(SECRET);
});

test('of a token whose time is over the line says whose it was', async () => {
  const late = await House.open();
  const joan = await late.user();
  late.clock.advance(HOUR);
  const answer = await joan.get('/auth/me');
  await late.close();
  answer.problem(401, 'unauthenticated');
  expect(late.log.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ requestId: answer.body.instance, status: 401, accountId: joan.user.id }),
  );
});
