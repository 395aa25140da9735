import { House } from '../support/house';
import { guestAddress, invite } from '../support/invitations';
import type { Visitor } from '../support/visitor';

const INVITES = '/organizations/:org/invites';
const WORDS = { subject: 'Your account is blocked', text: 'See https://evil.example' };

describe('who has not proved a mailbox has nothing written to anybody else', () => {
  let house: House;
  let eve: Visitor; // signed up a moment ago
  beforeAll(async () => {
    house = await House.open();
  });
  afterAll(() => house.close());
  beforeEach(async () => {
    eve = await house.owner({ verified: false });
  });

  const refusedTo = async (email: string, ask: () => ReturnType<Visitor['post']>) => {
    const before = await house.mailsTo(email);
    (await ask()).problem(403, 'email-unverified');
    expect(await house.mailsTo(email)).toHaveLength(before.length);
  };
  /** As it was before this was asked of her. */
  const inTheOldDays = async <T>(work: () => Promise<T>): Promise<T> => {
    const proved = (at: string) =>
      house.query(`UPDATE users SET email_verified_at = ${at} WHERE id = ?`, [eve.user.id]);
    await proved('created_at');
    const done = await work();
    await proved('NULL');
    return done;
  };

  test('no invite, new or again', async () => {
    const email = guestAddress();
    await refusedTo(email, () => eve.post(INVITES, { email, role: 'Member' }));
    expect((await eve.get(INVITES)).expect(200).data).toEqual([]);

    const old = await inTheOldDays(() => invite(house, eve));
    await refusedTo(old.email, () => eve.post(`${INVITES}/${old.id}/resend`));
  });

  test('no message, to strangers or to the mailbox that is not proved, new or again', async () => {
    const to = guestAddress();
    await refusedTo(to, () => eve.post('/messages/email', { to, ...WORDS }));
    await refusedTo(eve.user.email, () => eve.post('/messages/email', { to: eve.user.id, ...WORDS }));

    const { id } = (await inTheOldDays(() => eve.post('/messages/email', { to, ...WORDS }))).expect(202);
    await house.settled();
    await house.query('UPDATE email_messages SET failed_at = sent_at, sent_at = NULL WHERE id = ?', [id]);
    await refusedTo(to, () => eve.post(`/messages/${id}/retry`));
  });

  test('nobody from the waiting list; and nobody gets into it, for that, too, is a mail in her name', async () => {
    const [waiting, stranger] = [guestAddress(), guestAddress()];
    const { slug } = (await eve.get('/organizations/:org')).expect(200);
    const list = `/public/${slug}/waitlist`;
    await inTheOldDays(async () => {
      (await house.visitor().post(list, { email: waiting })).expect(202);
      const token = await house.tokenFor(waiting, 'waitlist');
      (await house.visitor().post('/public/waitlist/confirm', { token })).expect(200);
    });
    const [{ id }] = (await eve.get('/organizations/:org/waitlist')).expect(200).data;
    await refusedTo(waiting, () => eve.post(`/organizations/:org/waitlist/${id}/invite`, {}));

    (await house.visitor().post(list, { email: stranger })).problem(404, 'not-found');
    expect(await house.mailsTo(stranger)).toEqual([]);
  });

  test('once it is proved, all of it is open', async () => {
    const email = guestAddress();
    await eve.verify(await house.tokenFor(eve.user.email, 'verify-email'));
    (await eve.post(INVITES, { email, role: 'Member' })).expect(201);
    (await eve.post('/messages/email', { to: email, ...WORDS })).expect(202);
    expect(await house.mailsTo(email)).toHaveLength(2);
  });
});
