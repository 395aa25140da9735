import { createHash } from 'node:crypto';
import { HOUR, MINUTE } from '../../src/kit/clock';
import { House } from '../support/house';
import { guestAddress, invite } from '../support/invitations';
import type { Visitor } from '../support/visitor';

const INVITES = '/organizations/:org/invites';
const WORDS = { subject: 'Hello', text: 'Good day.' };
const PER_MAILBOX = 30;

describe('how often others are written to', () => {
  let house: House;
  beforeEach(async () => {
    house = await House.open({ ACCESS_TOKEN_TTL: '24h' }); // at the real time, as ids are
  });
  afterEach(() => house.close());

  /** As if it had been done so often in the window that is open. */
  const done = async (what: string, count: number) => {
    const hash = createHash('sha256').update(what).digest('hex');
    await house.query('UPDATE rate_limits SET count = ? WHERE key_hash = ?', [count, hash]);
  };
  const write = (owner: Visitor, to = guestAddress()) => owner.post('/messages/email', { to, ...WORDS });

  test('31 mails of 31 asked for one mailbox do not go out: 30 an hour do, whoever asks', async () => {
    const [owner, other] = [await house.owner(), await house.owner()];
    const { id, email } = await invite(house, owner);
    for (let i = 1; i < PER_MAILBOX - 1; i++) (await owner.post(`${INVITES}/${id}/resend`)).expect(200);
    (await write(owner, email)).expect(202);

    const refused = [
      await owner.post(`${INVITES}/${id}/resend`),
      await write(owner, email),
      await other.post(INVITES, { email, role: 'Member' }),
    ];
    for (const answer of refused) {
      answer.problem(429, 'too-many-requests');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(59 * 60);
    }
    expect(await house.mailsTo(email)).toHaveLength(PER_MAILBOX);
    (await write(other)).expect(202); // others are written to as before
    house.clock.advance(HOUR);
    (await write(owner, email)).expect(202);
  });

  test.each(['person', 'organization'])('each %s has 1,000 sent an hour, and 250 in the first day', async (sender) => {
    const owner = await house.owner();
    const key = `messages:${sender === 'person' ? owner.user.id : owner.organizationId}`;
    (await write(owner)).expect(202);
    await done(key, 249);
    (await write(owner)).expect(202);
    (await write(owner)).problem(429, 'too-many-requests');
    (await owner.post(INVITES, { email: guestAddress(), role: 'Member' })).problem(429, 'too-many-requests');

    house.clock.advance(23 * HOUR);
    (await write(owner)).expect(202);
    await done(key, 250);
    (await write(owner)).problem(429, 'too-many-requests');
    house.clock.advance(HOUR);
    const back = await house.deviceOf(owner);
    (await write(back)).expect(202);
    await done(key, 999);
    (await write(back)).expect(202);
    (await write(back)).problem(429, 'too-many-requests');
  });

  test('a renewal counts, too', async () => {
    const owner = await house.owner();
    const { email, token } = await invite(house, owner);
    house.clock.advance(10 * MINUTE);
    await done(`mail:${email}`, PER_MAILBOX);
    (await house.visitor().post('/invites/renew', { token })).problem(429, 'too-many-requests');
    expect(await house.mailsTo(email)).toHaveLength(1);
  });

  test('a waiting list writes to so many strangers; then it is silent, with the same answer', async () => {
    const owner = await house.owner();
    const { slug } = (await owner.get('/organizations/:org')).expect(200);
    const join = (email: string) => house.visitor().post(`/public/${slug}/waitlist`, { email });
    (await join(guestAddress())).expect(202);
    await done(`waitlist:${owner.organizationId}`, 250);
    const email = guestAddress();
    (await join(email)).expect(202);
    expect(await house.mailsTo(email)).toEqual([]);
  });

  test('what tells a person of what happened is mailed 30 times an hour; all of it is there to be read', async () => {
    const owner = await house.owner();
    const member = await house.member(owner);
    const settings = { notifications: { 'member.role-changed': { inApp: true, email: true } } };
    (await member.put('/users/me/settings', settings)).expect(200);
    const before = (await house.mailsTo(member.user.email)).length;
    for (let i = 0; i < 32; i++)
      (await owner.put(`/organizations/:org/members/${member.user.id}`, { role: i % 2 ? 'Member' : 'Admin' })).expect(
        200,
      );
    expect(await house.mailsTo(member.user.email)).toHaveLength(before + PER_MAILBOX);
    expect((await member.get('/notifications')).expect(200).unreadCount).toBe(32);
  });
});

test('who signs up again and again has a mailbox written to five times in a quarter of an hour', async () => {
  const house = await House.open({ SIGNUP_POLICY: 'verified' });
  const [email, known] = [guestAddress(), (await house.user()).user.email];
  const before = (await house.mailsTo(known)).length;
  for (const address of [email, known])
    for (let i = 0; i < 7; i++) {
      (await house.visitor().post('/auth/signup', { email: address, password: `quiet harbour ${i}` })).expect(202);
      await house.settled();
    }
  expect(await house.mailsTo(email)).toHaveLength(5);
  expect((await house.mailsTo(known)).length).toBeLessThanOrEqual(before + 5);
  await house.close();
});

test('a network has a twelfth of its requests for mails, and new accounts there a tenth of that together', async () => {
  const house = await House.open({ RATE_LIMIT: '240/1h' });
  const people = [await house.owner(), await house.owner(), await house.owner()];
  const write = (visitor: Visitor) => visitor.post('/messages/email', { to: guestAddress(), ...WORDS });
  for (const visitor of people.slice(0, 2)) (await write(visitor)).expect(202);
  for (const visitor of people) (await write(visitor)).problem(429, 'too-many-requests');
  (await write(Object.assign(people[2]!, { ip: '198.51.100.7' }))).expect(202);
  await house.close();
});

test('MAIL_LIMIT says how many, or that there is no limit', async () => {
  const [few, any] = [await House.open({ MAIL_LIMIT: '4/1h' }), await House.open({ MAIL_LIMIT: 'off' })];
  const write = (visitor: Visitor) => visitor.post('/messages/email', { to: guestAddress(), ...WORDS });
  const [ada, grace] = [await few.owner(), await any.owner()];
  (await write(ada)).expect(202);
  (await write(ada)).problem(429, 'too-many-requests');
  for (let i = 0; i < 3; i++) (await write(grace)).expect(202);
  for (const house of [few, any]) await house.close();
});
