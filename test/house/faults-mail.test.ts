import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { HOUR, MINUTE } from '../../src/kit/clock';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { eventually } from '../support/eventually';
import { Smtp } from '../support/mail-server';
import { drain } from '../support/mails';
import { emptyPlace, type Place } from '../support/place';
import { PASSWORD } from '../support/visitor';

let place: Place;
let house: House;

beforeEach(async () => {
  place = await emptyPlace();
});
afterEach(async () => {
  await house?.close();
  await place?.clear();
});

async function open(url: string): Promise<void> {
  house = await House.open({ ...place.settings, DATA_DIR: place.folder, SMTP_URL: url, INVITE_TTL: '1d' });
  await house.source.runMigrations();
}

/** Everything that mails: who is written to, once each. */
async function ask(): Promise<string[]> {
  const owner = await house.owner();
  const guest = freshAddress('guest');
  (await owner.post('/organizations/:org/invites', { email: guest, role: 'Member' })).expect(201);
  (await owner.post('/auth/magic-link', { email: owner.user.email })).expect(202);
  (await house.visitor().post('/auth/login', { email: owner.user.email, password: PASSWORD })).expect(200);
  return [owner.user.email, owner.user.email, owner.user.email, guest]; // verification, link, alert, invite
}

test('a mail server that is away for hours holds nobody up, and gets every mail once when it is back', async () => {
  const smtp = await Smtp.open();
  await smtp.stop();
  await open(smtp.url);
  const wanted: string[] = [];
  for (let hour = 0; hour < 3; hour++) {
    wanted.push(...(await ask()));
    await drain([house.app]);
    house.clock.advance(HOUR);
  }
  expect(smtp.offered).toEqual([]);
  expect((await house.query('SELECT id FROM outbox_messages')).length).toBe(wanted.length);

  await smtp.start();
  house.clock.advance(15 * MINUTE);
  await drain([house.app]);
  expect(smtp.taken.map(({ to }) => to[0]).sort()).toEqual(wanted.sort());
  expect(await house.query('SELECT id FROM outbox_messages')).toEqual([]);
  await smtp.stop();
});

test('the name of the sender may hold a comma and an address: who sends is one', async () => {
  const smtp = await Smtp.open();
  const MAIL_FROM = '"Acme, Inc. (sales@evil.example)" <hello@acme.example>';
  house = await House.open({ ...place.settings, DATA_DIR: place.folder, SMTP_URL: smtp.url, MAIL_FROM });
  await house.source.runMigrations();
  await house.owner({ verified: false });
  await drain([house.app]);
  const { raw, messageId } = smtp.taken[0]!;
  expect(raw).toContain('From: "Acme, Inc. (sales@evil.example)" <hello@acme.example>');
  expect(messageId).toMatch(/@acme\.example>?$/);
  await house.close();
  await smtp.stop();
});

test('a mail server that takes a connection and says nothing holds nobody up', async () => {
  const silent: Socket[] = [];
  const server = createServer((socket) => void silent.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await open(`smtp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await Promise.all([once(server, 'connection'), ask()]);
  const wanted = await ask(); // with every connection to the mail server stuck

  expect(silent.length).toBeGreaterThan(0);
  expect(silent.every(({ destroyed }) => !destroyed)).toBe(true);
  expect((await house.query('SELECT id FROM outbox_messages')).length).toBeGreaterThanOrEqual(2 * wanted.length);
  silent.forEach((socket) => socket.destroy());
  server.close();
});

test('from a mail server in every kind of trouble each recipient gets one mail, and nobody waits for another', async () => {
  const smtp = await Smtp.open();
  await open(smtp.url);
  const owner = await house.owner();
  const trouble = ['421', '450', 'hangs', 'cuts', 'drops', '550', 'none', 'none', 'none'];
  const [addresses, met] = [trouble.map((it) => freshAddress(`of-${it}`)), new Set<string>()];
  smtp.reply = ({ to: [to = ''] }) => {
    const kind = /of-(\w+)-/.exec(to)?.[1] ?? 'none';
    const isOver = kind === 'none' || (kind !== '550' && met.has(to)); // it comes once; but a mailbox that is not there is not there
    met.add(to);
    return isOver ? 250 : Number(kind) || kind;
  };
  const ids = new Map<string, string>();
  for (const to of addresses) {
    const { id } = (await owner.post('/messages/email', { to, subject: 'Hello', text: 'Hello' })).expect(202);
    ids.set(to, id);
  }
  const taken = (kind: string) =>
    addresses.filter((it) => it.includes(`of-${kind}`)).every((it) => smtp.takenFor(it).length);
  await eventually(async () => taken('none') && taken('drops'));
  expect(smtp.takenFor(addresses[2]!)).toEqual([]); // that one still hangs
  const statusOf = async (to: string) => (await owner.get(`/messages/${ids.get(to)}`)).expect(200).status;
  expect(await statusOf(addresses[2]!)).toBe('queued');

  await eventually(async () => smtp.offeredTo(addresses[2]!).length);
  smtp.cut();
  for (let minutes = 0; minutes < 2; minutes++) {
    await drain([house.app]);
    house.clock.advance(MINUTE);
  }
  for (const to of addresses) {
    const isGone = to.includes('of-550');
    expect([to, smtp.takenFor(to).length, await statusOf(to)]).toEqual([
      to,
      isGone ? 0 : 1,
      isGone ? 'failed' : 'sent',
    ]);
    const messageIds = new Set(smtp.offeredTo(to).map(({ messageId }) => messageId));
    expect([...messageIds]).toEqual([`<${ids.get(to)}@localhost>`]);
  }
  expect(await house.query('SELECT id FROM outbox_messages')).toEqual([]);
  await smtp.stop();
});

test('a mail server that hangs on all the mails of an organization does not hold up a link to sign in', async () => {
  const smtp = await Smtp.open();
  await open(smtp.url);
  const owner = await house.owner();
  smtp.reply = ({ raw }) => (raw.includes('Subject: News') ? 'hangs' : 250);
  const readers = Array.from({ length: 12 }, () => freshAddress('reader'));
  for (const to of readers) (await owner.post('/messages/email', { to, subject: 'News', text: 'News' })).expect(202);
  await eventually(async () => smtp.offered.filter(({ raw }) => raw.includes('Subject: News')).length === 6);

  const before = smtp.takenFor(owner.user.email).length;
  (await owner.post('/auth/magic-link', { email: owner.user.email })).expect(202);
  await eventually(async () => smtp.takenFor(owner.user.email).length > before);
  expect(readers.flatMap((it) => smtp.takenFor(it))).toEqual([]);

  smtp.reply = () => 250;
  smtp.cut();
  await drain([house.app]);
  house.clock.advance(MINUTE);
  await drain([house.app]);
  for (const to of readers) expect(smtp.takenFor(to)).toHaveLength(1);
  await smtp.stop();
});
