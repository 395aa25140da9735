import { loadConfig } from '../../src/config/config';
import { identityOf } from '../../src/modules/auth/social/providers/identity';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { PASSWORD, type Visitor } from '../support/visitor';

let house: House;
let owner: Visitor;
let staff: Visitor;

beforeAll(async () => {
  house = await House.open({ SIGNUP_POLICY: 'open' });
  owner = await house.owner();
  staff = await house.user();
  await house.promote(staff);
});
afterAll(() => house.close());

const signUp = (email: string) => house.visitor().post('/auth/signup', { email, password: PASSWORD });

/** How people and their keyboards write an address at a domain of letters that ASCII has not, and how mail knows it. */
const at = (local: string): [typed: string, stored: string][] => [
  [`${local}@bücher.example`, `${local}@xn--bcher-kva.example`],
  [`${local}@BÜCHER.Example`, `${local}@xn--bcher-kva.example`],
  [`${local}@${'bücher'.normalize('NFD')}.example`, `${local}@xn--bcher-kva.example`],
  [`${local}@xn--bcher-kva.example`, `${local}@xn--bcher-kva.example`],
  [`${local}@例え.テスト`, `${local}@xn--r8jz45g.xn--zckzah`],
  [`${local}@ΣΊΣΥΦΟΣ.example`, `${local}@xn--kxa6akbbkh.example`],
  [`${local}@straße.example`, `${local}@xn--strae-oqa.example`],
];
const around = (address: string) => [` ${address} `, `\t${address}`, `${address}\r\n`, `\u00a0${address}\u3000`];

/** Every door that an address comes in by: what of the answer tells that it was understood. */
const DOORS: Record<string, (typed: string, stored: string) => Promise<unknown>> = {
  'sign-up': async (typed) => (await signUp(typed)).expect(201).user.email,
  'sign-in': async (typed, stored) => {
    (await signUp(stored)).expect(201);
    return (await house.visitor().post('/auth/login', { email: typed, password: PASSWORD })).expect(200).user.email;
  },
  'an invite': async (email) =>
    (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201).email,
  'an account that staff make': async (email) => (await staff.post('/users', { email, name: 'Ada' })).expect(201).email,
  'a message': async (to, stored) => {
    const { id } = (await owner.post('/messages/email', { to, subject: 'News', text: 'None.' })).expect(202);
    await house.settled();
    expect((await owner.get(`/messages?to=${encodeURIComponent(to)}`)).expect(200).data).toMatchObject([{ id }]);
    return (await house.mailTo(stored))!.to;
  },
  'a list of users': async (typed, stored) => {
    (await signUp(stored)).expect(201);
    return (await staff.get(`/users?q=${encodeURIComponent(typed)}`)).expect(200).data[0]?.email;
  },
  'a list of members': async (typed, stored) => {
    const guest = (await signUp(stored)).expect(201);
    const visitor = await house
      .visitor()
      .become(guest)
      .verify(await house.tokenFor(stored, 'verify-email'));
    return (await visitor.get(`/organizations/${guest.organization.id}/members?q=${encodeURIComponent(typed)}`)).expect(
      200,
    ).data[0]?.email;
  },
  ...Object.fromEntries(
    ['reset-password', 'magic-link', 'verify-email/resend'].map((route) => [
      route,
      async (typed: string, stored: string) => {
        (await signUp(stored)).expect(201);
        const before = (await house.mailsTo(stored)).length;
        (await house.visitor().post(`/auth/${route}`, { email: typed })).expect(202);
        const mails = await house.mailsTo(stored);
        expect(mails.length).toBe(before + 1);
        return mails[0]!.to;
      },
    ]),
  ),
  'the waiting list': async (email, stored) => {
    const { slug } = (await owner.get('/organizations/:org')).expect(200);
    (await owner.put('/organizations/:org', { settings: { waitlist: true } })).expect(200);
    (await house.visitor().post(`/public/${slug}/waitlist`, { email })).expect(202);
    return (await house.mailTo(stored))?.to;
  },
  'the development mailbox': async (typed, stored) => {
    (await signUp(stored)).expect(201);
    await house.settled();
    const answer = await house
      .visitor()
      .call('GET', `/dev/mailbox?to=${encodeURIComponent(typed)}`, { contract: false });
    return answer.body.data[0]?.to;
  },
};

describe.each(Object.entries(DOORS))('by %s', (_door, understood) => {
  test('white space around an address is nobody’s', async () => {
    for (const form of [0, 1, 2, 3]) {
      const stored = freshAddress();
      expect(await understood(around(stored)[form]!, stored)).toBe(stored);
    }
  });

  test('a domain in any letters is the one that mail knows', async () => {
    for (const form of at('').keys()) {
      const [typed, stored] = at(freshAddress().split('@')[0]!)[form]!;
      expect({ typed, read: await understood(typed, stored) }).toEqual({ typed, read: stored });
    }
  });
});

test('an inbox at such a domain has one account', async () => {
  const forms = at(freshAddress('kim').split('@')[0]!).slice(0, 4);
  (await signUp(forms[0]![0])).expect(201);
  for (const [typed] of forms) (await signUp(typed)).problem(409, 'email-taken');
});

test.each([
  ['ådа@example.com', 'before the @'],
  ['用户@例え.テスト', 'before the @'],
  ['a\u200bda@example.com', 'before the @'],
  ['ada@exa mple.bücher', 'domain'],
  ['ada@bücher.example/evil', 'domain'],
  ['ada@bücher.example:25', 'domain'],
  ['ada@b%75cher.bücher', 'domain'],
  ['ada@bü\ncher.example', 'domain'],
  ['ada@ex／ample.com', 'domain'],
  ['ada@exa＠mple.com', 'domain'],
  ['ada@a\u200db.com', 'domain'],
  [`ada@${'ü'.repeat(64)}.example`, 'domain'],
  ['ada@ｅxample.com', 'domain'],
  ['ada@ex\u00adample.com', 'domain'],
  ['ada@bü\u00adcher.example', 'domain'],
  ['ada@bücher。example', 'domain'],
  ['ada@bücher.\u212aom', 'domain'],
  ['ada@xn--zzzzzzzzz.com', 'domain'],
  ['ada@\ud800.com', 'domain'],
  [`ada@${'ü'.repeat(20_000)}.com`, 'domain'],
  ['ada@１２７.０.０.１', 'domain'],
  ['ada@bücher.example.', 'domain'],
  ['ada@ .com', 'domain'],
  ['ada @example.com', 'one e-mail address'],
  ['ada@ example.com', 'domain'],
  ['a@b@bücher.example', 'one e-mail address'],
  ['   ', 'one e-mail address'],
])('%j is refused with the reason', async (email, reason) => {
  const calls = [
    await signUp(email),
    await owner.post('/organizations/:org/invites', { email, role: 'Member' }),
    await house.visitor().post('/auth/magic-link', { email }),
  ];
  for (const call of calls)
    expect(call.problem(422, 'validation-failed').errors).toEqual([
      { pointer: '#/email', detail: expect.stringContaining(reason) },
    ]);
});

test('what a provider vouches for is taken as it is written, since IDNA’s versions differ', () => {
  const read = (email: string) =>
    identityOf({ issuer: 'https://acme.example', subject: '1', email, name: 'Ada' }).email;
  expect(read(' Ada@Example.com ')).toBe('ada@example.com');
  expect(read('ada@xn--strae-oqa.example')).toBe('ada@xn--strae-oqa.example');
  expect(read('ada@straße.example')).toBeNull();
  expect(read('ada@ｅxample.com')).toBeNull();
});

describe('in the settings', () => {
  const loaded = (settings: Record<string, string>) => loadConfig({ NODE_ENV: 'test', ...settings });

  test('addresses are read alike', () => {
    const { PLATFORM_ADMINS } = loaded({ PLATFORM_ADMINS: ' Ada@Bücher.example , grace@example.com ' });
    expect(PLATFORM_ADMINS).toEqual(['ada@xn--bcher-kva.example', 'grace@example.com']);
  });

  test.each(['å@example.com', 'Acme <å@example.com>', 'a@bü cher.example', 'a@xn--zzzzzzzzz.com', 'a@-.example'])(
    'a sender that no mail can come from is refused: %s',
    (MAIL_FROM) => {
      expect(() => loaded({ MAIL_FROM })).toThrow(/MAIL_FROM/);
    },
  );
});
