import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer } from '../support/answer';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { drain } from '../support/mails';
import { headersOf, Smtp } from '../support/mail-server';
import { emptyPlace, type Place } from '../support/place';
import { PASSWORD, type Visitor } from '../support/visitor';

type Case = { address: string; expect_signup: 'accept' | 'refuse' };

const vectors = (name: string) => JSON.parse(readFileSync(join(__dirname, '../vectors', `${name}.json`), 'utf8'));
/** `test@org` has the form of `test@io`, which is to be accepted: only the DNS of the year 2011 told them apart. */
const cases: Case[] = vectors('isemail-tests').tests.map((it: Case) =>
  it.address === 'test@org' ? { ...it, expect_signup: 'accept' } : it,
);
/** White space around an address is what people copy along with it: isemail would not have it, we take it away (RFC 5322 knows it as CFWS). */
const isPadded = ({ address }: Case) => address !== address.trim();
const isemail = cases.filter((it) => !isPadded(it));
const injections: string[] = vectors('header-injection').addresses;

const CONTROLS = ['\r', '\n', '\r\n', '\0', '\u0085', '\u2028', '\u2029'];
const OURS = ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'];

/** In the vectors a picture of a control character stands for it; both are tried. */
const spellings = (address: string) => [
  ...new Set([address, address.replace(/[\u2400-\u2421]/g, (it) => String.fromCharCode(it.charCodeAt(0) - 0x2400))]),
];

let place: Place;
let smtp: Smtp;
let house: House;
let owner: Visitor;

beforeAll(async () => {
  place = await emptyPlace(); // the addresses of the vectors are nobody's yet
  smtp = await Smtp.open();
  house = await House.open({ ...place.settings, DATA_DIR: place.folder, SMTP_URL: smtp.url });
  await house.source.runMigrations();
  owner = await house.owner();
});
afterAll(async () => {
  await house?.close();
  await smtp?.stop();
  await place?.clear();
});

const signUp = (email: string, more: object = {}) =>
  house.visitor().post('/auth/signup', { email, password: PASSWORD, name: 'Ada', ...more });
const invite = (email: string) => owner.post('/organizations/:org/invites', { email, role: 'Member' });
const reset = (email: string) => house.visitor().post('/auth/reset-password', { email });

function expectRefusal(answer: Answer, pointer = '#/email'): void {
  expect(answer.problem(422, 'validation-failed').errors).toEqual([{ pointer, detail: expect.any(String) }]);
}

/** What has been mailed since: each message goes to one mailbox, by the envelope as by the header, and holds no header of another's. */
async function mailed(): Promise<{ to: string; subject: string }[]> {
  await drain([house.app]);
  return smtp.taken.splice(0).map(({ to, raw }) => {
    const headers = headersOf(raw);
    const value = (wanted: string) => headers.filter(({ name }) => name === wanted).map((header) => header.value);
    expect(headers.map(({ name }) => name).sort()).toEqual([...new Set(OURS)].sort());
    expect(to).toHaveLength(1);
    expect(value('to')).toEqual(to);
    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).toMatch(/^[\t\r\n\x20-\x7e]*$/);
    return { to: to[0]!, subject: decoded(value('subject')[0]!) };
  });
}

/** An encoded header as a mail client shows it (RFC 2047). */
const decoded = (value: string): string =>
  value
    .replace(/\?= =\?/g, '?==?')
    .replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (words) =>
      Buffer.concat(
        [...words.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)].map(([, how, text]) =>
          how!.toLowerCase() === 'b' ? Buffer.from(text!, 'base64') : Buffer.from(unquoted(text!), 'latin1'),
        ),
      ).toString('utf8'),
    );
const unquoted = (text: string) =>
  text.replace(/_/g, ' ').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));

test('an address is one mailbox, or it is refused: every case of isemail', async () => {
  const [known, wrong]: [string[], object[]] = [[], []];
  for (const { address, expect_signup: wanted } of isemail) {
    for (const email of spellings(address)) {
      const answers = [await signUp(email), await invite(email), await reset(email)];
      const statuses = answers.map(({ status }) => status);
      const stored = [email.toLowerCase(), email.toLowerCase(), undefined];
      const right = wanted === 'accept' ? [201, 201, 202] : [422, 422, 422];
      if (String(statuses) !== String(right)) wrong.push({ email, wanted, statuses });
      else if (wanted === 'refuse') answers.forEach((answer) => expectRefusal(answer));
      else expect(answers.map(({ body }) => (body.user ?? body).email)).toEqual(stored);
      if (wanted === 'accept') known.push(email.toLowerCase());
    }
  }

  expect(wrong).toEqual([]);
  expect(known).toHaveLength(isemail.filter((it) => it.expect_signup === 'accept').length);
  const mails = await mailed();
  const others = mails.filter(({ to }) => to !== owner.user.email).map(({ to }) => to);
  const reachable = known.filter(({ length }) => length < 254); // RFC 5321 allows 254, this mail server's library 253
  expect(others.sort()).toEqual(reachable.flatMap((it) => [it, it, it]).sort()); // a verification, an invite, a reset
});

test('white space around an address, line ends included, is no part of it: what is left is judged, and mailed', async () => {
  const right = new Set(isemail.filter((it) => it.expect_signup === 'accept').map(({ address }) => address));
  const padded = cases.filter(isPadded);
  expect(padded.length).toBeGreaterThan(20);
  for (const { address } of padded) {
    const answer = await signUp(address);
    if (right.has(address.trim())) answer.problem(409, 'email-taken');
    else expectRefusal(answer);
    (await reset(address)).expect(right.has(address.trim()) ? 202 : 422);
  }
  expect(new Set((await mailed()).map(({ to }) => to))).toEqual(new Set(['test@iana.org']));
});

test('no address smuggles a second one, or a header', async () => {
  for (const email of injections) {
    for (const answer of [await signUp(email), await invite(email), await reset(email)]) expectRefusal(answer);
  }
  expect(await mailed()).toEqual([]);
});

test('an inbox has one account, however its address is written', async () => {
  const [local, domain] = freshAddress('kim.fist').split('@') as [string, string];
  (await signUp(`${local}@${domain}`)).expect(201);
  const cased = [
    `${local.toUpperCase()}@${domain}`,
    `${local}@${domain.toUpperCase()}`,
    `K${local.slice(1)}@Example.COM`,
  ];
  for (const email of cased) (await signUp(email)).problem(409, 'email-taken');

  const lookAlikes = [
    local.replace('k', '\u212a'), // KELVIN SIGN, which lower case makes a k
    local.replace('s', '\u017f'), // LONG S, which upper case and NFKC make an s
    local.replace('i', '\u0131'), // DOTLESS I
    local.replace('i', '\u0130'),
    local.replace('fi', '\ufb01'), // one letter for two
    local.replace('k', '\uff4b'), // full width
    local.replace('.', '\u2024'), // ONE DOT LEADER
    local.replace('.', '\uff0e'),
    local.replace('k', '\u043a'), // Cyrillic
    `${local}\u00ad`,
    `${local}\u200b`,
    `k\u0301${local.slice(1)}`,
  ].map((it) => `${it}@${domain}`);
  const domains = ['\uff45xample.com', 'example\u3002com', 'ex\u00adample.com', 'EXAMPLE.\u212aOM'];
  const odd = [`${local}@${domain}.`, `${local}@exam ple.com`, `${local} @${domain}`, `${local}@ex%61mple.com`];
  for (const email of [...lookAlikes, ...domains.map((it) => `${local}@${it}`), ...odd]) {
    for (const answer of [await signUp(email), await invite(email), await reset(email)]) expectRefusal(answer);
  }
  expect((await house.query('SELECT email FROM users WHERE email LIKE ?', ['k%fist-%'])).length).toBe(1);
  expect((await mailed()).map(({ to }) => to)).toEqual([`${local}@${domain}`]);
});

test('a name with a line end in it is refused wherever one is given', async () => {
  for (const control of CONTROLS) {
    const name = `Ada${control}Bcc: victim@evil.example`;
    expectRefusal(await signUp(freshAddress(), { name }), '#/name');
    expectRefusal(await signUp(freshAddress(), { organizationName: name }), '#/organizationName');
    expectRefusal(await owner.put('/users/me', { name }), '#/name');
    expectRefusal(await owner.post('/organizations', { name }), '#/name');
    expectRefusal(await owner.put('/organizations/:org', { name }), '#/name');
    expectRefusal(await owner.post('/organizations/:org/roles', { name, permissions: [] }), '#/name');
    const acceptance = { token: 'none', name, password: PASSWORD };
    expectRefusal(await house.visitor().post('/invites/accept', acceptance), '#/name');
  }
  expect(await mailed()).toEqual([]);
});

test('names of any script and any punctuation arrive as they are unless they lead somewhere, and touch no other header', async () => {
  const ANONYMOUS = 'Someone invites you to join an organization';
  const names: [name: string, subject: string][] = [
    ...['Zoë Łukasz 漢字 🦀', 'Bcc: victim', '"Ada" <victim>, eve;', 'Ada %0D%0ABcc: victim \\r\\nBcc: eve'].map(
      (name): [string, string] => [name, `${name} invites you to join ${name}`],
    ),
    ['Bcc: victim@evil.example', ANONYMOUS],
    ['"Ada" <victim@evil.example>, eve@evil.example', ANONYMOUS],
    ['Ada %0D%0ABcc: victim@evil.example \\r\\nBcc: eve@evil.example', ANONYMOUS],
    [
      `${'long '.repeat(22)}name`,
      `${'long '.repeat(12)}… invites you to join ${'long '.repeat(12)}…`.replaceAll(' …', '…'),
    ],
  ];
  for (const [name, subject] of names) {
    const host = await house.owner({ name, organizationName: name });
    const role = name.slice(0, 50).trim();
    (await host.post('/organizations/:org/roles', { name: role, permissions: ['invites:create'] })).expect(201);
    const guest = freshAddress('guest');
    (await host.post('/organizations/:org/invites', { email: guest, role })).expect(201);

    const mails = await mailed();
    expect(mails.map(({ to }) => to).sort()).toEqual([guest, host.user.email].sort());
    expect(mails.find(({ to }) => to === guest)!.subject).toBe(subject);
  }
});
