import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const TEMPLATES = '/messages/templates';

describe('templates of mails', () => {
  let house: House;
  let owner: Visitor;

  beforeAll(async () => {
    house = await House.open();
  });
  beforeEach(async () => {
    owner = await house.owner({ name: 'Ada', organizationName: 'Acme' });
  });
  afterAll(() => house.close());

  const SHIPPED = {
    key: 'order-shipped',
    subject: 'On its way, {{firstName}}',
    text: 'Dear {{firstName}},\n\nit is sent.{{#isGift}} We wrapped it.{{/isGift}}\n',
    html: '<p>Dear <b>{{firstName}}</b>, it is sent.</p>',
    variables: [
      { name: 'firstName', type: 'string' },
      { name: 'isGift', type: 'boolean' },
    ],
  };
  const INVITE = {
    key: 'invite',
    subject: 'Come aboard {{organization}}',
    text: 'Ahoy! {{inviter}} wants you as {{role}}.\n\nBoard here: {{url}}\n',
  };
  const create = async (template: object, by = owner) => (await by.post(TEMPLATES, template)).expect(201);
  const faultsOf = async (template: object): Promise<string[]> =>
    (await owner.post(TEMPLATES, template))
      .problem(422, 'validation-failed')
      .errors.map(({ pointer, detail }: { pointer: string; detail: string }) => `${pointer} ${detail}`);

  test('are written, read, listed, changed and deleted', async () => {
    const made = await create(SHIPPED);
    expect(made).toMatchObject({ ...SHIPPED, locale: 'en', system: false });
    const path = `${TEMPLATES}/${made.id}`;
    const read = await owner.get(path);
    expect(read.expect(200)).toEqual(made);

    const [listed] = (await owner.get(`${TEMPLATES}?key=order-shipped&locale=en`)).expect(200).data;
    expect([listed.id, listed.text]).toEqual([made.id, undefined]); // a list is without the words
    expect((await owner.get(`${TEMPLATES}?key=other`)).expect(200).data).toEqual([]);

    const etag = String(read.headers.etag);
    (await owner.put(path, { subject: 'Sent' }, { 'If-Match': etag })).expect(200);
    (await owner.put(path, { subject: 'Late' }, { 'If-Match': etag })).problem(412, 'precondition-failed');
    expect((await owner.get(path)).expect(200)).toMatchObject({ subject: 'Sent', text: SHIPPED.text });
    (await owner.delete(path)).expect(204);
    (await owner.get(path)).problem(404, 'not-found');
  });

  test('there is one for a key in a language', async () => {
    await create(SHIPPED);
    await create({ ...SHIPPED, locale: 'de' });
    (await owner.post(TEMPLATES, SHIPPED)).problem(409, 'template-exists');
  });

  test('a mistake is refused when it is written, with the field, the line and the column', async () => {
    expect(await faultsOf({ ...SHIPPED, subject: '{{lastName}}' })).toEqual([
      '#/subject line 1, column 1: "lastName" is not one of its variables: firstName, isGift',
    ]);
    expect(await faultsOf({ ...SHIPPED, text: 'Dear\n  {{{firstName}}}' })).toEqual([
      '#/text line 2, column 3: text is always escaped: write {{name}} with two braces',
    ]);
    expect(await faultsOf({ ...SHIPPED, html: '<p>{{#isGift}}</p>' })).toEqual([
      '#/html line 1, column 19: unclosed section "isGift"',
    ]);
    expect(await faultsOf({ ...SHIPPED, variables: [...SHIPPED.variables, SHIPPED.variables[0]] })).toEqual([
      '#/variables/2/name stands in the list already',
    ]);
    const { id } = await create(SHIPPED);
    const answer = await owner.put(`${TEMPLATES}/${id}`, { variables: [SHIPPED.variables[0]] });
    expect(answer.problem(422, 'validation-failed').errors).toEqual([
      { pointer: '#/text', detail: expect.stringContaining('"isGift" is not one of its variables: firstName') },
    ]);
  });

  test.each(['constructor', 'prototype'])(
    'no variable is called %s, as every object has one by birth',
    async (name) => {
      const variables = [...SHIPPED.variables, { name, type: 'string' }];
      expect(await faultsOf({ ...SHIPPED, variables })).toEqual([
        '#/variables/2/name must not be constructor or prototype',
      ]);
    },
  );

  test('a preview has the values in it, escaped in HTML, and asks for each', async () => {
    const { id } = await create(SHIPPED);
    const preview = (variables: object) => owner.post(`${TEMPLATES}/${id}/preview`, { variables });
    const { subject, text, html } = (await preview({ firstName: '<i>Ada</i>\r\nBcc: x', isGift: true })).expect(200);
    expect(subject).toBe('On its way, <i>Ada</i> Bcc: x');
    expect(text).toBe('Dear <i>Ada</i>\r\nBcc: x,\n\nit is sent. We wrapped it.\n');
    expect(html).toContain('Dear <b>&lt;i&gt;Ada&lt;/i&gt;');
    expect(html).toMatch(/^<!doctype html><html lang="en">/);

    const refused = (await preview({ isGift: 'yes', lastName: 'x' })).problem(422, 'validation-failed').errors;
    expect(refused.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '#/variables/lastName',
      '#/variables/firstName',
      '#/variables/isGift',
    ]);
  });

  test("the system's mails are listed with their words, what they may name, and values to try", async () => {
    const { data } = (await owner.get('/messages/system-templates')).expect(200);
    expect(data.map(({ key }: { key: string }) => key)).toEqual(
      expect.arrayContaining(['invite', 'reset-password', 'verify-email', 'magic-link', 'login-alert', 'notification']),
    );
    const theirs = data.filter(({ about }: { about: string }) => about === 'organization');
    for (const { key, locale: _, required, examples, variables, about: _about, links: _links, ...wording } of theirs) {
      const own = await create({ key, ...wording, locale: 'fr' }); // they are templates like any other
      expect(own).toMatchObject({ system: true, variables });
      const shown = (await owner.post(`${TEMPLATES}/${own.id}/preview`, { variables: examples })).expect(200);
      for (const name of required) expect([key, shown.text]).toEqual([key, expect.stringContaining(examples[name])]);
      expect(shown.html).not.toContain('{{');
    }
  });

  describe("in place of the system's words", () => {
    const invite = async (email: string) =>
      (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);

    test('an invite is in the words of the organization that sends it, and of no other', async () => {
      await create(INVITE);
      const email = freshAddress('guest');
      await invite(email);
      const mail = (await house.mailTo(email))!;
      expect(mail.subject).toBe('Come aboard Acme');
      expect(mail.text).toContain('Ahoy! Ada wants you as Member.');
      expect(mail.html).toContain('<p style="margin:0 0 16px">Ahoy! Ada wants you as Member.</p>');

      const stranger = await house.owner();
      const other = freshAddress('guest');
      (await stranger.post('/organizations/:org/invites', { email: other, role: 'Member' })).expect(201);
      expect((await house.mailTo(other))!.subject).toMatch(/invites you to join/);
    });

    test("the language is the recipient's, then that without its region, then English", async () => {
      const ada = await house.user();
      (await ada.put('/users/me/settings', { locale: 'de-AT' })).expect(200);
      const subject = async () => {
        const { id } = await invite(ada.user.email);
        const mail = (await house.mailTo(ada.user.email))!;
        (await owner.delete(`/organizations/:org/invites/${id}`)).expect(204);
        return mail.subject;
      };
      expect(await subject()).toBe('Ada invites you to join Acme');
      await create(INVITE);
      expect(await subject()).toBe('Come aboard Acme');
      await create({ ...INVITE, locale: 'de', subject: 'An Bord der {{organization}}' });
      expect(await subject()).toBe('An Bord der Acme');
      await create({ ...INVITE, locale: 'de-AT', subject: 'Servus von {{organization}}' });
      expect(await subject()).toBe('Servus von Acme');
    });

    test('they must show what the mail is good for nothing without, and bring no names of their own', async () => {
      expect(await faultsOf({ ...INVITE, text: 'Ahoy!' })).toEqual([
        '#/text must show {{url}} in every case: the mail is good for nothing without it',
      ]);
      expect(await faultsOf({ ...INVITE, html: '<p>Ahoy!</p>' })).toEqual([
        expect.stringMatching(/^#\/html must show/),
      ]);
      expect(await faultsOf({ ...INVITE, variables: [] })).toEqual([
        expect.stringMatching(/^#\/variables "invite" is a key of the system, which gives: organization, inviter/),
      ]);
    });

    test('words that an older version took and this one cannot write hold up no mail', async () => {
      const { id } = await create(INVITE);
      await house.query('UPDATE email_templates SET text = ? WHERE id = ?', ['{{gone}} {{url}}', id]);
      const email = freshAddress('guest');
      await invite(email);
      expect((await house.mailTo(email))!.subject).toBe('Ada invites you to join Acme');
      expect(house.log.join('')).toContain("An organization's template cannot be used.");
    });
  });
});
