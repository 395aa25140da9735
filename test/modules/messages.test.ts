import { createHash } from 'node:crypto';
import { HOUR } from '../../src/kit/clock';
import { MessagesJob } from '../../src/modules/messaging/messages/messages.job';
import { atOnce, statusesOf } from '../support/at-once';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { drain } from '../support/mails';
import { headersOf, Smtp } from '../support/mail-server';
import { stopTheClock } from '../support/still';
import type { Visitor } from '../support/visitor';

const DAY = 24 * HOUR;
const EMAIL = '/messages/email';

describe('mails of an organization', () => {
  let smtp: Smtp;
  let house: House;
  let owner: Visitor;

  beforeAll(async () => {
    smtp = await Smtp.open();
    house = await House.open({ SMTP_URL: smtp.url });
    stopTheClock();
  });
  beforeEach(async () => {
    smtp.reply = () => 250;
    owner = await house.owner({ name: 'Ada', organizationName: 'Acme' });
  });
  afterAll(async () => {
    await house.close();
    await smtp.stop();
  });

  const HELLO = { subject: 'Hello', text: 'Good day.\n\nIt works.\n' };
  const settle = () => drain([house.app]);
  const send = async (mail: object) => (await owner.post(EMAIL, mail)).expect(202);
  const logOf = async (id: string) => (await owner.get(`/messages/${id}`)).expect(200);
  const reply = (code: number | string, to: string) => {
    smtp.reply = (mail) => (mail.to.includes(to) ? code : 250);
  };
  const one = (address: string) => {
    const mails = smtp.takenFor(address);
    expect(mails).toHaveLength(1);
    return mails[0]!;
  };
  const headerOf = (address: string, wanted: string) =>
    headersOf(one(address).raw).find(({ name }) => name === wanted)?.value;

  test('are queued at once, sent to one recipient, and logged', async () => {
    const to = freshAddress();
    const { id, status, ...more } = await send({ to: to.toUpperCase(), ...HELLO, html: '<p onclick="x()">Hi</p>' });
    expect([status, more]).toEqual(['queued', {}]);
    expect(await logOf(id)).toMatchObject({ to, status: 'queued', attempts: 0, template: null, transactional: true });
    await settle();

    const { body, messageId, to: recipients } = one(to);
    expect([recipients, messageId]).toEqual([[to], `<${id}@localhost>`]);
    expect(body).toContain('Good day.\r\n\r\nIt works.');
    expect(body).toContain('<p>Hi</p>');
    expect(headerOf(to, 'subject')).toBe('Hello');
    expect(headerOf(to, 'list-unsubscribe')).toBeUndefined();
    expect(await logOf(id)).toMatchObject({ status: 'sent', attempts: 1, lastError: null, sentAt: expect.any(String) });
  });

  test('go by a template, to a member by user id, in their language', async () => {
    (await owner.put('/users/me/settings', { locale: 'fr' })).expect(200);
    const variables = [{ name: 'first', type: 'string' }];
    const template = { key: 'welcome', subject: 'Hi {{first}}', text: 'Welcome.', variables };
    (await owner.post('/messages/templates', template)).expect(201);
    (await owner.post('/messages/templates', { ...template, locale: 'fr', subject: 'Salut {{first}}' })).expect(201);

    const { id } = await send({
      to: owner.user.id,
      template: 'welcome',
      variables: { first: 'Ada\r\nBcc: eve@evil.example' },
    });
    await settle();
    expect(await logOf(id)).toMatchObject({ to: owner.user.email, template: 'welcome', status: 'sent' });
    const headers = headersOf(smtp.takenFor(owner.user.email).at(-1)!.raw);
    expect(headers).toContainEqual({ name: 'subject', value: 'Salut Ada Bcc: eve@evil.example' });
    expect(headers.map(({ name }) => name)).not.toContain('bcc');
    const inEnglish = freshAddress();
    await send({ to: inEnglish, template: 'welcome', variables: { first: 'Eve' } });
    await settle();
    expect(headerOf(inEnglish, 'subject')).toBe('Hi Eve');
  });

  test('are refused with the field that is wrong', async () => {
    const to = freshAddress();
    const stranger = await house.owner();
    const pointers = async (mail: object, code = 'validation-failed') =>
      (await owner.post(EMAIL, mail)).problem(422, code).errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(await pointers({ to })).toEqual(['#/subject', '#/text']);
    expect(await pointers({ to, ...HELLO, variables: { a: 'b' } })).toEqual(['#/variables']);
    expect(await pointers({ to, ...HELLO, template: 'welcome' })).toEqual(['#/subject', '#/text']);
    expect(await pointers({ to: `${to}, eve@evil.example`, ...HELLO })).toEqual(['#/to']);
    expect(await pointers({ to, ...HELLO, subject: 'Hi\r\nBcc: eve@evil.example' })).toEqual(['#/subject']);
    expect(await pointers({ to: stranger.user.id, ...HELLO }, 'recipient-unknown')).toEqual(['#/to']);
    expect(await pointers({ to, template: 'nothing' }, 'template-unknown')).toEqual(['#/template']);

    const invite = { key: 'invite', subject: 'Hi', text: '{{url}}' };
    (await owner.post('/messages/templates', invite)).expect(201);
    expect(await pointers({ to, template: 'invite', variables: {} }, 'template-unknown')).toEqual(['#/template']);
    const own = { key: 'own', subject: 'Hi', text: '{{a}}', variables: [{ name: 'a', type: 'string' }] };
    (await owner.post('/messages/templates', own)).expect(201);
    expect(await pointers({ to, template: 'own' })).toEqual(['#/variables/a']);
    await settle();
    expect(smtp.offeredTo(to)).toEqual([]);
  });

  test('say in the database neither what they say nor, once sent, what they said', async () => {
    const [to, canary] = [freshAddress(), 'a rather secret sentence'];
    reply(450, to);
    const { id } = await send({ to, subject: canary, text: canary });
    await settle();
    const row = async () => (await house.query('SELECT * FROM email_messages WHERE id = ?', [id]))[0];
    expect(JSON.stringify(await row())).not.toContain(canary);
    smtp.reply = () => 250;
    house.clock.advance(2000);
    await settle();
    expect((await row()).content).toBeNull();
  });

  test('are sent once for one Idempotency-Key, in each organization', async () => {
    const [to, key] = [freshAddress(), { 'Idempotency-Key': `key-${freshAddress()}` }];
    const first = await owner.post(EMAIL, { to, ...HELLO }, key);
    const second = await owner.post(EMAIL, { to, ...HELLO }, key);
    expect(second.expect(202)).toEqual(first.expect(202));
    expect(second.headers['idempotency-replayed']).toBe('true');
    (await owner.post(EMAIL, { to, ...HELLO, text: 'Other' }, key)).problem(422, 'idempotency-key-reused');

    const { id } = (await owner.post('/organizations', { name: 'Second' })).expect(201);
    const elsewhere = await owner.post(EMAIL, { to, ...HELLO }, { ...key, 'Organization-Id': id });
    expect(elsewhere.headers['idempotency-replayed']).toBeUndefined();
    await settle();
    expect(smtp.takenFor(to)).toHaveLength(2);
  });

  test.each(['organization', 'person'])('are limited for each %s', async (sender) => {
    await send({ to: freshAddress(), ...HELLO });
    const id = sender === 'person' ? owner.user.id : owner.organizationId;
    const key = createHash('sha256').update(`messages:${id}`).digest('hex');
    await house.query('UPDATE rate_limits SET count = 1000 WHERE key_hash = ?', [key]);
    (await owner.post(EMAIL, { to: freshAddress(), ...HELLO })).problem(429, 'too-many-requests');
    const other = await house.owner();
    (await other.post(EMAIL, { to: freshAddress(), ...HELLO })).expect(202);
  });

  test('the log is filtered by status and address, and holds what the system sent on behalf of the organization', async () => {
    const [sent, failed, guest] = [freshAddress(), freshAddress(), freshAddress('guest')];
    reply(554, failed);
    for (const to of [sent, failed]) await send({ to, ...HELLO });
    (await owner.post('/organizations/:org/invites', { email: guest, role: 'Member' })).expect(201);
    await settle();
    const list = async (query: string) =>
      (await owner.get(`/messages?${query}`)).expect(200).data.map(({ to, template }: any) => [to, template]);
    expect(await list('status=sent')).toEqual([
      [guest, 'invite'],
      [sent, null],
    ]);
    expect(await list('status=failed')).toEqual([[failed, null]]);
    expect(await list(`to=${sent}`)).toEqual([[sent, null]]);
    const page = (await owner.get('/messages?limit=2')).expect(200);
    expect((await owner.get(`/messages?limit=2&cursor=${page.nextCursor}`)).expect(200).data).toHaveLength(1);
  });

  test('what the server refuses for good has failed; it is retried when told to, under the same Message-ID', async () => {
    const to = freshAddress();
    reply('554 5.7.1 we do not like this', to);
    const { id } = await send({ to, ...HELLO });
    (await owner.post(`/messages/${id}/retry`)).problem(409, 'message-not-failed');
    await settle();
    expect(await logOf(id)).toMatchObject({
      status: 'failed',
      attempts: 1,
      lastError: '554 5.7.1 we do not like this',
    });

    smtp.reply = () => 250;
    const answers = await atOnce(5, () => owner.post(`/messages/${id}/retry`));
    expect(statusesOf(answers)).toEqual([202, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 202)!.body).toMatchObject({ id, status: 'queued' });
    await settle();
    expect(await logOf(id)).toMatchObject({ status: 'sent', lastError: null });
    expect(new Set(smtp.offeredTo(to).map(({ messageId }) => messageId)).size).toBe(1);
  });

  test('an error in the log says nothing of where the mail server stands', async () => {
    await smtp.stop();
    const { id } = await send({ to: freshAddress(), ...HELLO });
    await settle();
    const { status, attempts, lastError } = await logOf(id);
    expect([status, attempts, lastError]).toEqual(['queued', 1, 'The mail server cannot be reached.']);
    await smtp.start();
    house.clock.advance(2000);
    await settle();
    expect(await logOf(id)).toMatchObject({ status: 'sent', attempts: 2 });
  });

  test('a mail whose template is gone, or has changed too much, fails and says so', async () => {
    const to = freshAddress();
    const template = { key: 'own', subject: 'Hi', text: '{{a}}', variables: [{ name: 'a', type: 'string' }] };
    const { id: templateId } = (await owner.post('/messages/templates', template)).expect(201);
    reply(450, to);
    const { id } = await send({ to, template: 'own', variables: { a: 'b' } });
    await settle();
    const changed = { text: '{{c}}', variables: [{ name: 'c', type: 'string' }] };
    (await owner.put(`/messages/templates/${templateId}`, changed)).expect(200);
    house.clock.advance(2000);
    await settle();
    expect(await logOf(id)).toMatchObject({
      status: 'failed',
      lastError: 'Its values do not fit the template any more.',
    });
  });

  describe('suppressions', () => {
    const suppressed = async (by = owner) => (await by.get('/messages/suppressions')).expect(200).data;

    test('an address that the server does not know is not written to again, until it is taken off the list', async () => {
      const to = freshAddress();
      reply('550 5.1.1 no such user', to);
      const { id } = await send({ to, ...HELLO });
      await settle();
      expect(await logOf(id)).toMatchObject({ status: 'failed', lastError: '550 5.1.1 no such user' });
      const [entry] = await suppressed();
      expect(entry).toMatchObject({ email: to, reason: 'bounced' });

      smtp.reply = () => 250;
      const second = await send({ to, ...HELLO });
      await settle();
      expect(await logOf(second.id)).toMatchObject({ status: 'suppressed', attempts: 0, sentAt: null });
      expect(smtp.takenFor(to)).toEqual([]);

      (await owner.delete(`/messages/suppressions/${entry.id}`)).expect(204);
      expect(await suppressed()).toEqual([]);
      (await owner.post(`/messages/${id}/retry`)).expect(202);
      await settle();
      expect(smtp.takenFor(to)).toHaveLength(1);
    });

    test.each(['550 5.7.1 rejected as spam', '550 Relaying denied', '552 5.2.2 mailbox full', '554 no'])(
      '%s suppresses nobody',
      async (said) => {
        const to = freshAddress();
        reply(said, to);
        await send({ to, ...HELLO });
        await settle();
        expect(await suppressed()).toEqual([]);
      },
    );

    test('what is not transactional has a way out at one click (RFC 8058), which a GET does not take', async () => {
      const [to, news] = [freshAddress(), { ...HELLO, transactional: false }];
      await send({ to, ...news });
      await settle();
      expect(headerOf(to, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
      const url = /^<http:\/\/[^/]+(\/messages\/unsubscribe\/[\w.-]+)>$/.exec(headerOf(to, 'list-unsubscribe')!)![1]!;
      expect(url).not.toContain(to);
      const page = /Unsubscribe: (http\S+)/.exec(one(to).body)![1]!;

      const client = house.visitor();
      const look = await client.call('GET', url, { contract: false });
      expect([look.status, String(look.headers.location).split('#')[0]]).toEqual([302, page.split('#')[0]]);
      expect(await suppressed()).toEqual([]);

      const shown = await client.call('GET', '/links/unsubscribe', { contract: false });
      expect(shown.text).toContain('data-post="/messages/unsubscribe"');

      for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const click = { body: 'List-Unsubscribe=One-Click', headers: { 'content-type': type }, contract: false };
        expect((await client.call('POST', url, click)).status).toBe(204);
      }
      expect(await suppressed()).toMatchObject([{ email: to, reason: 'unsubscribed' }]);

      const [unwanted, caused] = [await send({ to, ...news }), await send({ to, ...HELLO })];
      await settle();
      expect((await logOf(unwanted.id)).status).toBe('suppressed');
      expect((await logOf(caused.id)).status).toBe('sent');
    });

    test('the page does the same by the token of its link; a token that we did not make does nothing', async () => {
      const to = freshAddress();
      await send({ to, ...HELLO, transactional: false });
      await settle();
      const token = /unsubscribe#token=([\w.-]+)/.exec(one(to).body)![1]!;
      const unsubscribe = (it: string) => house.visitor().post('/messages/unsubscribe', { token: it });
      const altered = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA');
      for (const wrong of [altered, 'x', 'a.b.c.d', token.split('.').slice(1).join('.')])
        (await unsubscribe(wrong)).problem(410, 'link-dead');
      expect(await suppressed()).toEqual([]);
      (await unsubscribe(token)).expect(204);
      expect(await suppressed()).toMatchObject([{ email: to, reason: 'unsubscribed' }]);
      expect(await suppressed(await house.owner())).toEqual([]);
    });
  });

  test('who is written to has a copy of the log, and takes it along when they go', async () => {
    const [grace, other] = [await house.user(), freshAddress()];
    const { email } = grace.user;
    await settle(); // the mail of the sign-up has left
    for (const to of [email, other]) await send({ to, ...HELLO, transactional: false });
    await settle();
    reply(450, email);
    const waiting = await send({ to: email, ...HELLO });
    await settle();
    const token = /unsubscribe#token=([\w.-]+)/.exec(smtp.takenFor(email).at(-1)!.body)![1]!;
    (await house.visitor().post('/messages/unsubscribe', { token })).expect(204);

    const { held } = (await grace.get('/users/me/export')).expect(200);
    const { organizationId } = owner;
    expect(held.messages).toEqual([
      expect.objectContaining({ organizationId, status: 'sent' }),
      expect.objectContaining({ organizationId, status: 'queued' }),
    ]);
    expect(held.suppressions).toEqual([expect.objectContaining({ organizationId, reason: 'unsubscribed' })]);

    (await grace.delete('/users/me')).expect(204);
    const tries = smtp.offeredTo(email).length;
    house.clock.advance(2000);
    await settle();
    expect(smtp.offeredTo(email)).toHaveLength(tries + 1); // the farewell; what was still on its way is not sent
    (await owner.get(`/messages/${waiting.id}`)).problem(404, 'not-found');
    for (const table of ['email_messages', 'email_suppressions'])
      expect(await house.query(`SELECT id FROM ${table} WHERE email = ?`, [email])).toEqual([]);
    expect((await owner.get(`/messages?to=${other}`)).expect(200).data).toHaveLength(1);
  });

  test('the log forgets after ninety days', async () => {
    const { id } = await send({ to: freshAddress(), ...HELLO });
    await settle();
    house.clock.advance(89 * DAY);
    await house.app.get(MessagesJob).clean();
    const rows = () => house.query('SELECT id FROM email_messages WHERE id = ?', [id]);
    expect(await rows()).toHaveLength(1);
    house.clock.advance(2 * DAY);
    await house.app.get(MessagesJob).clean();
    expect(await rows()).toEqual([]);
  });
});
