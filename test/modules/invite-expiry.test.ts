import { SchedulerRegistry } from '@nestjs/schedule';
import { InvitesJob } from '../../src/modules/invites/invites.job';
import { House } from '../support/house';
import { invite, preview } from '../support/invitations';
import { stopTheClock } from '../support/still';
import { PASSWORD } from '../support/visitor';

const INVITES = '/organizations/:org/invites';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
type Listed = { id: string; status: string };

describe('the end of an invite', () => {
  let house: House;
  const sweep = () => house.app.get(InvitesJob).sweep();

  beforeAll(async () => {
    house = await House.open();
    for (const job of house.app.get(SchedulerRegistry).getCronJobs().values()) await job.stop(); // we say when
    stopTheClock();
  });
  afterAll(() => house.close());

  test('comes after ten minutes, and is judged at use: no job need have run', async () => {
    const owner = await house.owner();
    const guest = await house.user();
    const { id, token } = await invite(house, owner, guest.user.email);

    house.clock.advance(10 * MINUTE - 1);
    (await preview(house, token)).expect(200);
    house.clock.advance(1);
    (await preview(house, token)).problem(410, 'invite-expired');
    (await guest.post('/invites/accept', { token })).problem(410, 'invite-expired');
    (await house.visitor().post('/invites/accept', { token, name: 'Late', password: PASSWORD })).problem(
      410,
      'invite-expired',
    );
    (await house.visitor().post('/invites/decline', { token })).problem(410, 'invite-expired');
    expect((await owner.get(`${INVITES}/${id}`)).expect(200).status).toBe('expired');
  });

  test('frees the address: it can be invited anew, swept or not', async () => {
    const owner = await house.owner();
    const first = await invite(house, owner);
    house.clock.advance(10 * MINUTE);

    const second = await invite(house, owner, first.email);
    (await preview(house, first.token)).problem(410, 'invite-replaced');
    const { data } = (await owner.get(INVITES)).expect(200);
    expect(data.map(({ id, status }: Listed) => [id, status])).toEqual([[second.id, 'pending']]);
    (await preview(house, second.token)).expect(200);
  });

  test('is seen for 30 days more, in the list and by the link; then the job deletes it', async () => {
    const owner = await house.owner();
    const { id, token } = await invite(house, owner);
    house.clock.advance(9 * MINUTE);
    const live = await invite(house, owner);
    house.clock.advance(MINUTE);
    const statuses = async () => (await owner.get(INVITES)).expect(200).data.map((one: Listed) => [one.id, one.status]);

    await sweep();

    expect(await statuses()).toEqual([
      [live.id, 'pending'],
      [id, 'expired'],
    ]);
    (await preview(house, token)).problem(410, 'invite-expired');
    (await preview(house, live.token)).expect(200);

    house.clock.advance(30 * DAY - MINUTE);
    await sweep();
    (await preview(house, token)).problem(410, 'invite-expired');
    house.clock.advance(2 * MINUTE);
    await sweep();
    (await preview(house, token)).problem(404, 'not-found');
    await owner.signIn(owner.user.email);
    expect(await statuses()).toEqual([[live.id, 'expired']]);
  });

  test('is no end for closed ones: the job leaves them', async () => {
    const owner = await house.owner();
    const { id } = await invite(house, owner);
    (await owner.delete(`${INVITES}/${id}`)).expect(204);
    house.clock.advance(11 * MINUTE);
    const back = await house.deviceOf(owner);

    await sweep();
    expect((await back.get(`${INVITES}/${id}`)).expect(200).status).toBe('revoked');

    const seen = 'SELECT COUNT(*) AS n FROM invites WHERE open_email IS NULL AND open_until IS NOT NULL';
    expect(Number((await house.query(seen))[0].n)).toBe(0); // the job does not even look at them
  });

  test('comes to more of them than one batch of the job', async () => {
    const owner = await house.owner();
    const { id } = await invite(house, owner);
    const columns = 'created_at, updated_at, version, organization_id, role_id, expires_at, open_until';
    for (let i = 0; i < 1100; i++)
      await house.query(
        `INSERT INTO invites (id, email, open_email, token_hash, ${columns})
         SELECT ?, ?, ?, ?, ${columns} FROM invites WHERE id = ?`,
        [`${id.slice(0, -4)}${i}`, `${i}@example.com`, `${i}@example.com`, `${id} ${i}`, id],
      );
    const count = async () =>
      Number(
        (await house.query('SELECT COUNT(*) AS n FROM invites WHERE organization_id = ?', [owner.organizationId]))[0].n,
      );
    expect(await count()).toBe(1101);
    house.clock.advance(30 * DAY + 11 * MINUTE);

    await sweep();
    expect(await count()).toBe(0);
  });

  test('can be put off by sending it again, before the job', async () => {
    const owner = await house.owner();
    const { id, email, token } = await invite(house, owner);
    house.clock.advance(10 * MINUTE);

    expect((await owner.post(`${INVITES}/${id}/resend`)).expect(200).status).toBe('pending');
    await sweep();
    (await preview(house, token)).problem(410, 'invite-replaced');
    (await preview(house, await house.tokenFor(email, 'invite'))).expect(200);
  });
});
