import { DAY, fromNow } from '../../src/kit/clock';
import { newId, newIdAt } from '../../src/kit/id';
import { House } from '../support/house';
import { runJobs } from '../support/jobs';

let house: House;
afterEach(() => house.close());

/** An organization with a closed invite and an open one, all of it made so many days ago. */
async function found(days: number, settings: Record<string, string>) {
  house = await House.open({ INVITE_TTL: '900d', ...settings });
  const owner = await house.owner();
  const invite = async (email: string) =>
    (await owner.post('/organizations/:org/invites', { email, role: 'Member' })).expect(201).id;
  const closed = await invite(`closed-${owner.number}@example.com`);
  (await owner.delete(`/organizations/:org/invites/${closed}`)).expect(204);
  await invite(`open-${owner.number}@example.com`);

  const rows = (table: string) =>
    house.query(`SELECT * FROM ${table} WHERE organization_id = ?`, [owner.organizationId]);
  for (const table of ['activity_logs', 'invites'])
    // an id says when its row was made
    for (const { id } of await rows(table))
      await house.query(`UPDATE ${table} SET id = ? WHERE id = ?`, [newIdAt(fromNow(-days * DAY)), id]);
  const sweep = () => runJobs(house);
  const actions = async () => (await rows('activity_logs')).map(({ action }) => action);
  const invited = async () => (await rows('invites')).map(({ email }) => email.split('-')[0]).sort();
  return { owner, actions, invited, sweep };
}

test('lines of the trail and closed invites go when their time is over; what is open and what is newer stays', async () => {
  const { owner, actions, invited, sweep } = await found(31, { ACTIVITY_RETENTION: '30d', INVITE_RETENTION: '30d' });
  (await owner.put('/organizations/:org', { name: 'Newer' })).expect(200);
  expect((await actions()).length).toBeGreaterThan(3);
  await sweep();
  expect(await actions()).toEqual(['organization.updated']);
  expect(await invited()).toEqual(['open']);
});

test.each([
  [29, '30d'],
  [9000, 'forever'],
])('made %i days ago and kept %s is kept', async (days, kept) => {
  const { actions, invited, sweep } = await found(days, { ACTIVITY_RETENTION: kept, INVITE_RETENTION: kept });
  const before = await actions();
  await sweep();
  expect(await actions()).toEqual(before);
  expect(await invited()).toEqual(['closed', 'open']);
});

const OLD = '2026-01-01 00:00:00.000';
const living = { created_at: OLD, updated_at: OLD, version: 1 };
type Place = { organizationId: string; userId: string; inviteId: string };
/** What else grows: by which setting it is kept, its table, and a row of it. */
const GROWING: [setting: string, table: string, row: (place: Place) => object][] = [
  [
    'INVITE_RETENTION',
    'replaced_invite_links',
    ({ organizationId, inviteId }) => ({
      ...living,
      organization_id: organizationId,
      invite_id: inviteId,
      token_hash: newId(),
    }),
  ],
  [
    'MESSAGE_RETENTION',
    'email_messages',
    ({ organizationId }) => ({ ...living, organization_id: organizationId, email: 'someone@example.com' }),
  ],
  [
    'NOTIFICATION_RETENTION',
    'notifications',
    ({ userId }) => ({ ...living, user_id: userId, message_id: newId(), type: 'member.joined', params: '{}' }),
  ],
  [
    'PAYMENT_EVENT_RETENTION',
    'payment_events',
    () => ({ ...living, provider: 'stripe', event_id: newId(), type: 'some', facts: '[]', outcome: 'applied' }),
  ],
  [
    'DEAD_LETTER_RETENTION',
    'outbox_messages',
    () => ({ created_at: OLD, topic: 'some', handler: 'Some.one', payload: 'sealed', due_at: null }),
  ],
];

test.each(GROWING)('%s: of %s what is older goes', async (setting, table, row) => {
  house = await House.open({ [setting]: '30d', INVITE_TTL: '900d' });
  const owner = await house.owner();
  const invite = { email: `guest-${owner.number}@example.com`, role: 'Member' };
  const { id: inviteId } = (await owner.post('/organizations/:org/invites', invite)).expect(201);
  const place = { organizationId: owner.organizationId, userId: owner.user.id, inviteId };
  const ids = [31, 29].map((days) => newIdAt(fromNow(-days * DAY)));
  for (const id of ids) {
    const [columns, values] = [Object.keys({ id, ...row(place) }), Object.values({ id, ...row(place) })];
    await house.query(`INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`, values);
  }
  await runJobs(house);
  const kept = await house.query(`SELECT id FROM ${table} WHERE id IN (?, ?)`, ids);
  expect(kept).toEqual([{ id: ids[1] }]);
  await house.query(`DELETE FROM ${table} WHERE id = ?`, [ids[1]]);
});

test('a message of the outbox that is due, or under way, is no dead letter, however old', async () => {
  house = await House.open({ DEAD_LETTER_RETENTION: '1d' });
  const id = newIdAt(fromNow(-400 * DAY));
  const row = [id, OLD, 'some', 'Some.one', 'sealed', '2126-01-01 00:00:00.000'];
  await house.query(
    'INSERT INTO outbox_messages (id, created_at, topic, handler, payload, due_at) VALUES (?, ?, ?, ?, ?, ?)',
    row,
  );
  await runJobs(house);
  expect(await house.query('SELECT id FROM outbox_messages WHERE id = ?', [id])).toEqual([{ id }]);
  await house.query('DELETE FROM outbox_messages WHERE id = ?', [id]);
});
