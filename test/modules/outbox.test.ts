import { LazyModuleLoader } from '@nestjs/core';
import { Mailer } from '../../src/mail/mailer';
import { DeadLetters } from '../../src/outbox/dead-letters';
import { OutboxHandlers } from '../../src/outbox/outbox.handlers';
import { House } from '../support/house';
import { guestAddress } from '../support/invitations';
import { drain } from '../support/mails';
import { Smtp } from '../support/mail-server';
import { stopTheClock } from '../support/still';
import { PASSWORD, type Visitor } from '../support/visitor';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TRIES = 20;
const reaction = (name: string) => `NotificationsReactions.${name}`;

describe('mail leaves through the outbox', () => {
  let smtp: Smtp;
  let house: House;
  let owner: Visitor;

  beforeAll(async () => {
    smtp = await Smtp.open();
    house = await House.open({ SMTP_URL: smtp.url });
    stopTheClock();
    owner = await house.owner();
  });
  beforeEach(() => {
    smtp.reply = () => 250;
  });
  afterAll(async () => {
    await house.close();
    await smtp.stop();
  });

  const settle = () => drain([house.app]);
  const reply = (code: number, to: string) => {
    smtp.reply = (mail) => (mail.to.includes(to) ? code : 250);
  };

  /** Someone signs up, and is to be mailed a link. */
  async function signUp(email = guestAddress()): Promise<string> {
    (await house.visitor().post('/auth/signup', { email, password: PASSWORD })).expect(201);
    await settle();
    return email;
  }

  const invite = async (email = guestAddress()) =>
    (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);

  const newest = async () => (await house.query('SELECT * FROM outbox_messages ORDER BY id DESC LIMIT 1'))[0];
  const tokenIn = ({ body }: { body: string }) => /token=([\w-]{43})/.exec(body)![1]!;

  test('to one recipient, who is the address that was stored', async () => {
    const email = guestAddress();
    await signUp(email.toUpperCase());

    const [mail, ...more] = smtp.takenFor(email);
    expect(more).toEqual([]);
    expect(mail!.to).toEqual([email]);
    expect(mail!.raw.match(/^(to|cc|bcc):.*$/gim)).toEqual([`To: ${email}`]);
    expect(mail!.messageId).toMatch(/^<[0-9a-f-]{36}@localhost>$/);
  });

  test('is tried again when the server cannot take it now, later and under the same Message-ID', async () => {
    const email = guestAddress();
    reply(450, email);
    await signUp(email);
    expect([smtp.offeredTo(email).length, smtp.takenFor(email).length]).toEqual([1, 0]);
    const message = await newest();
    expect(message).toMatchObject({
      topic: 'link.sent',
      attempts: 1,
      lease_owner: null,
      last_error: expect.stringContaining('450 <(address)>: not now'),
    });
    expect(house.log.join('')).not.toContain(email);

    smtp.reply = () => 250;
    await settle();
    expect(smtp.offeredTo(email)).toHaveLength(1); // not yet
    house.clock.advance(2 * SECOND);
    await settle();

    const ids = smtp.offeredTo(email).map(({ messageId }) => messageId);
    expect(ids).toEqual([`<${message.id}@localhost>`, `<${message.id}@localhost>`]);
    expect(smtp.takenFor(email)).toHaveLength(1);
    expect(await house.query('SELECT id FROM outbox_messages WHERE id = ?', [message.id])).toEqual([]);
  });

  test('is a dead letter at once when the server refuses it for good; it can be seen and tried again', async () => {
    const email = guestAddress();
    reply(550, email);
    await signUp(email);
    const { id } = await newest();
    const letters = house.app.get(DeadLetters);
    const dead = (await letters.list()).find((message) => message.id === id);
    expect(dead).toMatchObject({
      topic: 'link.sent',
      attempts: 1,
      dueAt: null,
      lastError: expect.stringContaining('550 <(address)>: not now'),
    });
    house.clock.advance(60 * MINUTE);
    await settle();
    expect(smtp.offeredTo(email)).toHaveLength(1);

    smtp.reply = () => 250;
    expect(await letters.retry()).toBeGreaterThanOrEqual(1);
    await settle();
    expect(smtp.takenFor(email)).toHaveLength(1);
    expect((await letters.list()).map((message) => message.id)).not.toContain(id);
  });

  test('is given up after twenty tries, each later than the one before, up to a quarter of an hour', async () => {
    const email = guestAddress();
    reply(421, email);
    await signUp(email);
    const letters = house.app.get(DeadLetters);
    const { id } = await newest();

    for (let tries = 1; tries < TRIES; tries++) {
      expect((await letters.list()).map((message) => message.id)).not.toContain(id);
      const longest = Math.min(15 * MINUTE, SECOND * 2 ** tries);
      house.clock.advance(longest / 2 - 1);
      await settle();
      expect(smtp.offeredTo(email)).toHaveLength(tries); // no sooner than half of the time
      house.clock.advance(longest / 2 + 1);
      await settle();
      expect(smtp.offeredTo(email)).toHaveLength(tries + 1);
    }
    expect((await letters.list()).find((message) => message.id === id)).toMatchObject({ attempts: TRIES, dueAt: null });
    expect(new Set(smtp.offeredTo(email).map(({ messageId }) => messageId)).size).toBe(1);

    smtp.reply = () => 250;
    await letters.retry();
    await settle();
    expect(smtp.takenFor(email)).toHaveLength(1);
  });

  test('waits while the server is down: requests answer all the same, and all of it drains afterwards', async () => {
    owner = await house.owner();
    await settle();
    await smtp.stop();
    const [guests, revoked] = [[guestAddress(), guestAddress(), guestAddress()], guestAddress()];
    for (const email of guests) await invite(email);
    const { id } = await invite(revoked);
    const newcomer = await signUp();
    (await owner.delete(`/organizations/:org/invites/${id}`)).expect(204);
    await settle();
    expect((await newest()).last_error).toMatch(/ECONNREFUSED/);

    await smtp.start();
    await settle();
    expect(smtp.offeredTo(guests[0]!)).toEqual([]); // its time has not come
    house.clock.advance(MINUTE);
    await settle();
    for (const email of [...guests, newcomer]) expect([email, smtp.takenFor(email).length]).toEqual([email, 1]);
    expect(smtp.offeredTo(revoked)).toEqual([]); // an invite that was taken back meanwhile is not mailed
  });

  test('holds nothing in clear while it waits: neither link nor address', async () => {
    const email = guestAddress();
    reply(450, email);
    await signUp(email);
    const rows = JSON.stringify(await house.query('SELECT * FROM outbox_messages'));
    const [mail] = smtp.offeredTo(email);

    expect(rows).toContain('link.sent');
    expect(rows).not.toContain(email);
    expect(rows).not.toContain(tokenIn(mail!));
    smtp.reply = () => 250;
    house.clock.advance(2 * SECOND);
    await settle();
    expect(smtp.takenFor(email)).toHaveLength(1);
  });

  test('is not lost with a handler that this version does not know', async () => {
    const email = guestAddress();
    reply(450, email);
    await signUp(email);
    const { id, handler } = await newest();
    await house.query('UPDATE outbox_messages SET handler = ? WHERE id = ?', ['FutureMail.send', id]);
    house.clock.advance(2 * SECOND);
    await settle();
    expect(await newest()).toMatchObject({
      id,
      attempts: 2,
      last_error: 'This version has no handler FutureMail.send.',
    });

    smtp.reply = () => 250;
    await house.query('UPDATE outbox_messages SET handler = ? WHERE id = ?', [handler, id]);
    house.clock.advance(4 * SECOND);
    await settle();
    expect(smtp.takenFor(email)).toHaveLength(1);
  });

  test('goes out though what sends it could not be loaded for the one before', async () => {
    const fresh = await House.open({ SMTP_URL: smtp.url });
    const trouble = new Error('too many open files');
    jest.spyOn(fresh.app.get(LazyModuleLoader), 'load').mockRejectedValueOnce(trouble);
    const to = guestAddress();
    const send = () => fresh.app.get(Mailer).send({ id: to, to, subject: 'Hello', text: 'Hello', html: 'Hello' });
    await expect(send()).rejects.toBe(trouble);
    expect(smtp.offeredTo(to)).toEqual([]);
    await send();
    expect(smtp.takenFor(to)).toHaveLength(1);
    await fresh.app.close(); // the clock stays stopped for the others
  });

  test.each([
    'InviteRequests.make',
    'RefundsCourier.carry',
    'StraysCourier.carry',
    ...['joined', 'roleChanged', 'removed', 'suspended', 'cancelled', 'ended'].map(reaction),
    ...['paid', 'notPaid', 'refunded', 'notRefunded', 'disputed'].map(reaction),
  ])('is not lost with a handler that was renamed meanwhile: %s', (name) => {
    expect(house.app.get(OutboxHandlers).handler(name)).toEqual(expect.any(Function));
  });
});
