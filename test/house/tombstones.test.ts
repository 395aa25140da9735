import type { DataSource } from 'typeorm';
import { connect } from '../../src/data-source';
import { migrate } from '../../src/database/migrate';
import { DAY, fromNow } from '../../src/kit/clock';
import { loadConfig } from '../../src/config/config';
import { sqlTime } from '../../src/database/database';
import { hashToken } from '../../src/kit/token';
import { emptyPlace, type Place } from '../support/place';
import { House } from '../support/house';

const THEN = sqlTime(fromNow(-DAY));
const LATER = sqlTime(fromNow(DAY));

/** An installation of before: an expired invite had become a tombstone. */
describe('an invite that had expired before an update', () => {
  let place: Place;
  let house: House;
  let source: DataSource;
  let roleId: string;
  const settings = () => ({ DATA_DIR: place.folder, ...place.settings });
  const undo = async () => {
    const runner = source.createQueryRunner();
    while (!(await runner.hasTable('invite_tombstones'))) await source.undoLastMigration();
    await runner.release();
  };

  let n = 100;
  /** Ids grow in the order in which they are made. */
  const idOf = () => `01900000-0000-7000-8000-000000000${++n}`;
  const add = (table: string, values: Record<string, unknown>) =>
    source.query(
      `INSERT INTO ${table} (${Object.keys(values).join()}) VALUES (${Object.keys(values)
        .map(() => '?')
        .join()})`,
      Object.values(values),
    );
  const row = () => ({ id: idOf(), created_at: THEN, updated_at: THEN, version: 1 });
  const tombstone = (organizationId: string, inviterId: string, token: string) =>
    add('invite_tombstones', {
      ...row(),
      organization_id: organizationId,
      token_hash: hashToken(token),
      email: `${token.split(' ')[0]}@example.com`,
      role_id: roleId,
      inviter_id: inviterId,
    });

  beforeAll(async () => {
    place = await emptyPlace();
    source = await connect(loadConfig({ NODE_ENV: 'test', ...settings() }));
    await migrate(source);
  });
  afterAll(async () => {
    await house?.close();
    if (source.isInitialized) await source.destroy();
    await place.clear();
  });

  test('is listed as expired, and its link renews it, unless a newer invite had the last word', async () => {
    house = await House.open(settings());
    const owner = await house.owner();
    const [role] = await house.query<{ id: string }>(
      "SELECT id FROM roles WHERE organization_id = ? AND name = 'Member'",
      [owner.organizationId],
    );
    roleId = role!.id;
    await house.close();
    await undo();
    const expired = (token: string) => tombstone(owner.organizationId, owner.user.id, token);
    const invite = (token: string, closed: string, open: boolean) =>
      add('invites', {
        ...row(),
        organization_id: owner.organizationId,
        email: `${token.split(' ')[0]}@example.com`,
        open_email: open ? `${token.split(' ')[0]}@example.com` : null,
        role_id: roleId,
        inviter_id: owner.user.id,
        token_hash: hashToken(token),
        expires_at: LATER,
        open_until: open ? LATER : null,
        ...(closed && { [closed]: THEN }),
      });
    await expired('ada first');
    await expired('ada second');
    await expired('grace of old');
    await invite('grace who joined and was removed', 'accepted_at', false);
    await expired('eve of old');
    await invite('eve taken back', 'revoked_at', false);
    await expired('joan of old');
    await invite('joan invited anew', '', true);
    await invite('mary who left', 'accepted_at', false);
    await expired('mary invited again');
    await migrate(source);

    house = await House.open(settings());
    const back = await house.deviceOf(owner);
    const { data } = (await back.get('/organizations/:org/invites')).expect(200);
    expect(data.map(({ email, status }: any) => `${email} ${status}`).sort()).toEqual([
      'ada@example.com expired',
      'eve@example.com revoked',
      'grace@example.com accepted',
      'joan@example.com pending',
      'mary@example.com accepted',
      'mary@example.com expired',
    ]);

    const renew = (token: string) => house.visitor().post('/invites/renew', { token });
    for (const token of ['ada first', 'grace of old', 'eve of old', 'joan of old'])
      (await renew(token)).problem(410, 'invite-replaced');
    for (const token of ['ada second', 'mary invited again']) (await renew(token)).expect(202);
  });
});
