import { SchedulerRegistry } from '@nestjs/schedule';
import { InvitesJob } from '../../src/modules/invites/invites.job';
import { House } from '../support/house';
import { guestAddress, invite, preview } from '../support/invitations';
import { stopTheClock } from '../support/still';
import { PASSWORD } from '../support/visitor';

const INVITES = '/organizations/:org/invites';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

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
    (await preview(house, first.token)).problem(410, 'invite-expired');
    (await preview(house, second.token)).expect(200);
  });

  test('is swept up by the job, which leaves a hash so that the link says why for 30 days', async () => {
    const owner = await house.owner();
    const { id, token } = await invite(house, owner);
    house.clock.advance(9 * MINUTE);
    const live = await invite(house, owner);
    house.clock.advance(MINUTE);

    await sweep();

    (await owner.get(`${INVITES}/${id}`)).problem(404, 'not-found');
    expect((await owner.get(INVITES)).expect(200).data.map((one: { id: string }) => one.id)).toEqual([live.id]);
    (await preview(house, token)).problem(410, 'invite-expired');
    (await preview(house, live.token)).expect(200);
    expect(JSON.stringify(await house.query('SELECT * FROM invite_tombstones'))).not.toContain(token);

    house.clock.advance(30 * DAY - MINUTE);
    await sweep();
    (await preview(house, token)).problem(410, 'invite-expired');
    house.clock.advance(2 * MINUTE);
    await sweep();
    (await preview(house, token)).problem(404, 'not-found');
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
    const emails = Array.from({ length: 205 }, () => guestAddress());
    for (const email of emails) (await owner.post(INVITES, { email, role: 'Member' })).expect(201);
    house.clock.advance(10 * MINUTE);

    await sweep();
    expect((await owner.get(INVITES)).expect(200).data).toEqual([]);
    const [row] = await house.query('SELECT COUNT(*) AS n FROM invite_tombstones WHERE organization_id = ?', [
      owner.organizationId,
    ]);
    expect(Number(row.n)).toBe(205);
  });

  test('can be put off by sending it again, before the job', async () => {
    const owner = await house.owner();
    const { id, email, token } = await invite(house, owner);
    house.clock.advance(10 * MINUTE);

    expect((await owner.post(`${INVITES}/${id}/resend`)).expect(200).status).toBe('pending');
    await sweep();
    (await preview(house, token)).problem(404, 'not-found');
    (await preview(house, await house.tokenFor(email, 'invite'))).expect(200);
  });
});
