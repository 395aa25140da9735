import { ActivityJob } from '../../src/modules/activity/activity.job';
import { InvitesJob } from '../../src/modules/invites/invites.job';
import { DAY, fromNow } from '../../src/kit/clock';
import { newIdAt } from '../../src/kit/db/id';
import { House } from '../support/house';

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
  const sweep = async () => {
    await house.app.get(ActivityJob, { strict: false }).sweep();
    await house.app.get(InvitesJob, { strict: false }).sweep();
  };
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
