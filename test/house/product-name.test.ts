import { loadConfig } from '../../src/config/config';
import { newId } from '../../src/kit/id';
import { Mailbox } from '../../src/mail/mailbox';
import { SystemMailer } from '../../src/mail/system-mailer';
import { systemTemplates } from '../../src/mail/templates/system-template';
import { Link } from '../../src/mail/templates/links';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { Smtp } from '../support/mail-server';
import { drain } from '../support/mails';
import { emptyPlace } from '../support/place';
import type { Visitor } from '../support/visitor';

/** Of the operator's choosing: what would be no name in a stranger's mouth is one in theirs. */
const APP_NAME = 'Müller & Co. <beta> "x.io"';
const SHOWN = 'Müller &#38; Co. &#60;beta&#62; &#34;x.io&#34;';

let house: House;
let owner: Visitor;

beforeAll(async () => {
  house = await House.open({ APP_NAME });
  owner = await house.owner();
});
afterAll(() => house.close());

async function written(key: string, to: string) {
  const template = systemTemplates().find((one) => one.key === key)!;
  const values = Object.entries(template.examples).map(([name, value]) => [
    name,
    template.links.includes(name) ? new Link(String(value)) : value,
  ]);
  const delivery = { id: newId(), topic: key, attempts: 1, isLast: false };
  const { organizationId } = owner;
  const envelope = template.about === 'organization' ? { to, organizationId } : { to };
  await house.app
    .get(SystemMailer)
    .send(delivery, template as never, envelope as never, Object.fromEntries(values) as never);
  return house.app.get(Mailbox, { strict: false }).list(to)[0]!;
}

describe('a mail of the system', () => {
  test.each(systemTemplates().map(({ key }) => key))('names the product: %s', async (key) => {
    const { subject, text, html } = await written(key, freshAddress('reader'));
    expect(text.split(APP_NAME)).toHaveLength(2);
    expect(text).toMatch(/\n-- \n/);
    expect(text.match(/^-- $/gm)).toHaveLength(1);
    expect(html).toContain(SHOWN);
    expect(`${subject} ${text} ${html}`).not.toMatch(/tenantry/i);
  });

  test('names it in the words of an organization, too', async () => {
    const words = { key: 'invite', subject: 'Come', text: 'Come: {{url}}', html: '<p><a href="{{url}}">Come</a></p>' };
    (await owner.post('/messages/templates', words)).expect(201);
    const { subject, text, html } = await written('invite', freshAddress('reader'));
    expect(subject).toBe('Come');
    expect(text).toMatch(new RegExp(`^Come: \\S+\\n\\n-- \\n${APP_NAME}\\n$`));
    expect(html).toContain(SHOWN);
  });
});

test.each([
  ...['verify-email', 'reset-password', 'magic-link', 'invite', 'waitlist', 'unsubscribe'].map((it) => `/links/${it}`),
  '/dev/mailbox',
  '/docs',
])('the page %s names the product, and nothing else', async (path) => {
  const page = await house.visitor().call('GET', path, { contract: false, headers: { accept: 'text/html' } });
  expect(page.status).toBe(200);
  expect(page.text).toContain(SHOWN);
  expect(page.text).not.toMatch(/tenantry/i);
});

describe('who sends', () => {
  const from = (settings: Record<string, string>) => loadConfig({ NODE_ENV: 'test', APP_NAME, ...settings }).MAIL_FROM;
  const quoted = '"Müller & Co. <beta> \\"x.io\\""';

  test.each([
    [{}, `${quoted} <no-reply@localhost>`],
    [{ MAIL_FROM: 'hello@acme.example' }, `${quoted} <hello@acme.example>`],
    [{ MAIL_FROM: '<hello@bücher.example>' }, `${quoted} <hello@xn--bcher-kva.example>`],
    [{ MAIL_USERNAME: 'ada@example.com', MAIL_PASSWORD: 'pw' }, `${quoted} <ada@example.com>`],
    [{ MAIL_FROM: 'Ours <hello@acme.example>' }, 'Ours <hello@acme.example>'],
    [{ APP_NAME: 'Acme', MAIL_FROM: 'hello@acme.example' }, 'Acme <hello@acme.example>'],
  ])('is the product, unless the sender has a name: %j', (settings, line) => {
    expect(from(settings as Record<string, string>)).toBe(line);
  });

  test('reaches the mail, in any letters', async () => {
    const [place, smtp] = [await emptyPlace(), await Smtp.open()];
    const settings = { SMTP_URL: smtp.url, MAIL_FROM: 'hello@bücher.example', APP_NAME };
    const other = await House.open({ ...place.settings, DATA_DIR: place.folder, ...settings });
    await other.source.runMigrations();
    await other.owner({ verified: false });
    await drain([other.app]);
    const { raw, messageId } = smtp.taken[0]!;
    const header = /^From: (.*(?:\r\n\s.*)*)/m.exec(raw)![1]!;
    expect(header).toMatch(/^=\?UTF-8\?[QB]\?.*<hello@xn--bcher-kva\.example>$/s);
    expect(messageId).toMatch(/@xn--bcher-kva\.example>?$/);
    await other.close();
    await smtp.stop();
    await place.clear();
  });
});
