import { sqlTime, Database } from '../../src/database/database';
import { fromNow } from '../../src/kit/clock';
import { KeyRing } from '../../src/kit/key-ring';
import { newId } from '../../src/kit/id';
import { Outbox } from '../../src/outbox/outbox';
import { OutboxHandlers } from '../../src/outbox/outbox.handlers';
import { OutboxWorker } from '../../src/outbox/outbox.worker';
import { isEmbedded } from '../support/engines';
import { House } from '../support/house';
import { guestAddress } from '../support/invitations';
import { drain } from '../support/mails';
import { Smtp } from '../support/mail-server';
import { stopTheClock } from '../support/still';
import type { Visitor } from '../support/visitor';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe('several workers on one outbox', () => {
  let smtp: Smtp;
  let houses: House[];
  let workers: OutboxWorker[];
  let owner: Visitor;

  beforeAll(async () => {
    smtp = await Smtp.open();
    houses = [await House.open({ SMTP_URL: smtp.url })];
    if (!isEmbedded) houses.push(await House.open({ SMTP_URL: smtp.url })); // the embedded engine serves one instance
    stopTheClock();
    workers = houses.map(({ app }) => app.get(OutboxWorker));
    const { app } = houses[0]!;
    workers.push(new OutboxWorker(app.get(Database), app.get(KeyRing), app.get(OutboxHandlers), app.get(Outbox)));
  });
  beforeEach(async () => {
    owner = await houses[0]!.owner();
  });
  afterAll(async () => {
    for (const house of houses) await house.close();
    await smtp.stop();
  });

  const settle = () => drain(houses.map(({ app }) => app));

  /** Mails that could not leave, and will be due a little later. */
  async function backlog(count: number): Promise<string[]> {
    const addresses = Array.from({ length: count }, () => guestAddress());
    smtp.reply = () => 450;
    for (const email of addresses)
      (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201);
    await settle();
    smtp.reply = () => 250;
    return addresses;
  }

  test('deliver each message once', async () => {
    const addresses = await backlog(40);
    for (const email of addresses) expect(smtp.takenFor(email)).toEqual([]);
    houses[0]!.clock.advance(2 * SECOND);

    await Promise.all(workers.map((worker) => worker.drain()));
    await settle();
    expect(addresses.map((email) => smtp.takenFor(email).length)).toEqual(addresses.map(() => 1));
  });

  test('leave a message to the one that holds its lease, and take it over when that one is gone', async () => {
    const [email] = await backlog(1);
    const [{ id }] = await houses[0]!.query('SELECT id FROM outbox_messages ORDER BY id DESC LIMIT 1');
    const lease = [newId(), sqlTime(fromNow(2 * MINUTE)), id]; // a worker took it, and the machine went down
    await houses[0]!.query('UPDATE outbox_messages SET lease_owner = ?, due_at = ? WHERE id = ?', lease);

    houses[0]!.clock.advance(2 * MINUTE - SECOND);
    for (const worker of workers) await worker.drain();
    expect(smtp.takenFor(email!)).toEqual([]);
    houses[0]!.clock.advance(SECOND);
    await Promise.all(workers.map((worker) => worker.drain()));
    await settle();
    expect(smtp.takenFor(email!)).toHaveLength(1);
  });

  test('hand back what they hold when they stop', async () => {
    const [email] = await backlog(1);
    const [{ id }] = await houses[0]!.query('SELECT id FROM outbox_messages ORDER BY id DESC LIMIT 1');
    const stopping = workers.at(-1)!;
    const { me } = stopping as unknown as { me: string };
    await houses[0]!.query('UPDATE outbox_messages SET lease_owner = ?, due_at = ? WHERE id = ?', [
      me,
      sqlTime(fromNow(2 * MINUTE)),
      id,
    ]);

    await stopping.beforeApplicationShutdown();
    await settle();
    expect(smtp.takenFor(email!)).toHaveLength(1);
  });
});
