import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { PASSWORD, type Visitor } from '../support/visitor';

/** What a mail program makes a link of, in all kinds of clothes. */
const LEADING = [
  'Acme: your account is blocked, see https://evil.example',
  'http://evil.example',
  'HTTPS://EVIL.EXAMPLE/x',
  'Acme //evil.example/x',
  'www.evil',
  'evil.example',
  'Call us (evil.example) now',
  'evil.example/login',
  'ftp://evil.example',
  'mailto:evil',
  'write to help@evil.example',
  'ｅｖｉｌ．ｅｘａｍｐｌｅ',
  'https：／／evil.example',
  'evil。example',
  'пример.испытание',
  '203.0.113.7/login',
];

describe('a name that strangers choose', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open({ SIGNUP_POLICY: 'open' });
  });
  afterAll(() => house.close());

  const invited = async (owner: Visitor, role = 'Member') => {
    const email = freshAddress('guest');
    (await owner.post('/organizations/:org/invites', { email, role })).expect(201);
    return (await house.mailTo(email))!;
  };

  test.each(LEADING)('%j is in no subject, and in no line of a mail', async (name) => {
    const owner = await house.owner({ name, organizationName: name });
    (await owner.post('/organizations/:org/roles', { name: name.slice(0, 60), permissions: [] })).expect(201);
    const invite = await invited(owner, name.slice(0, 60));
    expect(invite.subject).toBe('Someone invites you to join an organization');
    expect(invite.text).toContain('to join an organization as a member.');
    const greeting = (await house.mailsTo(owner.user.email)).at(-1)!;
    expect(greeting.text).toContain('Hello there,');
    for (const { subject, text, html } of [invite, greeting])
      expect(`${subject} ${text} ${html}`.normalize('NFKC').toLowerCase()).not.toMatch(
        /evil|испытание|203\.0\.113\.7\/login/,
      );
  });

  test.each([
    'Yahoo! Inc.',
    'AT&T',
    'U.S. Steel',
    'محمد علی',
    'Zoë 👩‍👩‍👧',
    'J. R. R. Tolkien',
    'Dr. No',
    'Node 22.4',
    '99.5 FM',
  ])('%j is a name as any other', async (name) => {
    const owner = await house.owner({ name, organizationName: name });
    expect((await invited(owner)).subject).toBe(`${name} invites you to join ${name}`);
  });

  test('of more than 60 characters is cut short', async () => {
    const owner = await house.owner({ name: '🚀'.repeat(61), organizationName: 'A'.repeat(120) });
    const cut = `${'🚀'.repeat(59)}… invites you to join ${'A'.repeat(59)}…`;
    expect((await invited(owner)).subject).toBe(cut);
  });

  test('that is in the table from before is one line, and turns no direction', async () => {
    const owner = await house.owner({ name: 'Ada' });
    await house.query('UPDATE users SET name = ? WHERE id = ?', ['A\r\nBcc: x\u202e\u2067\u200ebc', owner.user.id]);
    await house.query('UPDATE organizations SET name = ? WHERE id = ?', ['Ac\u2028me', owner.organizationId]);
    expect((await invited(owner)).subject).toBe('A Bcc: x bc invites you to join Ac me');
  });

  test('is left out of what an organization says in the subject itself, and of notifications', async () => {
    const owner = await house.owner({ name: LEADING[0], organizationName: 'Acme' });
    const member = await house.member(owner);
    (
      await owner.put('/users/me/settings', { notifications: { 'member.joined': { inApp: true, email: true } } })
    ).expect(200);
    (await owner.post('/messages/templates', { key: 'invite', subject: 'From {{inviter}}', text: '{{url}}' })).expect(
      201,
    );
    expect((await invited(owner)).subject).toBe('From Someone');

    const joiner = await house.user({ name: LEADING[5] });
    (await owner.post('/organizations/:org/invites', { email: joiner.user.email, role: 'Member' })).expect(201);
    await joiner.join(await house.tokenFor(joiner.user.email, 'invite'));
    const told = (await house.mailTo(owner.user.email))!;
    expect(told.subject).toBe('Someone joined Acme');
    expect(told.text).toContain('Someone accepted the invite to Acme');

    (await owner.put('/organizations/:org', { name: 'Acme, see evil.example' })).expect(200);
    (await owner.delete(`/organizations/:org/members/${member.user.id}`)).expect(204);
    expect((await house.mailTo(member.user.email))!.subject).toBe('You are no longer a member of an organization');
  });

  test('makes no link of a subject together with the words around it', async () => {
    const owner = await house.owner({ name: 'Ada', organizationName: 'Acme' });
    (await owner.post('/organizations/:org/roles', { name: '.example', permissions: [] })).expect(201);
    (await owner.post('/messages/templates', { key: 'invite', subject: 'See evil{{role}}', text: '{{url}}' })).expect(
      201,
    );
    expect((await invited(owner, '.example')).subject).toBe('Ada invites you to join Acme');
  });

  test('the name of a browser leads nowhere either', async () => {
    const ada = await house.owner();
    const thief = house.visitor();
    thief.userAgent = 'Secure your account at https://evil.example/x now';
    await thief.signIn(ada.user.email, PASSWORD);
    const alert = (await house.mailTo(ada.user.email))!;
    expect(alert.text).toContain('Device: Secure your account at … now');
  });
});
