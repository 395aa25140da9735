import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VersionsService } from '../../src/modules/system/versions/versions.service';
import { atOnce, statusesOf } from '../support/at-once';
import { freshName } from '../support/fresh';
import { House } from '../support/house';
import type { Visitor } from '../support/visitor';

const { version: running } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
const freshVersion = () => `1.0.0-${freshName('rc').replaceAll(' ', '.x')}`;

describe('the versions of the application', () => {
  let house: House;
  let staff: Visitor;

  beforeAll(async () => {
    house = await House.open();
    staff = await house.user();
    await house.promote(staff);
  });
  afterAll(() => house.close());

  test('the one that runs has recorded itself, with what the changelog says, and anyone may know', async () => {
    const current = (await house.visitor().get('/versions/current')).expect(200);
    expect(current).toEqual({
      version: running,
      description: expect.stringContaining('Sign-up'),
      createdAt: expect.any(String),
    });
  });

  test('however many instances start it, and however often, it is recorded once', async () => {
    await house.query('DELETE FROM versions WHERE version = ?', [running]);
    await atOnce(8, () => house.app.get(VersionsService).onApplicationBootstrap());
    const rows = await house.query('SELECT id FROM versions WHERE version = ?', [running]);
    expect(rows).toHaveLength(1);
  });

  test('staff record one, and anyone may read all, newest first', async () => {
    const [version, description] = [freshVersion(), 'Moonshot.'];
    const recorded = (await staff.post('/versions', { version, description })).expect(201);
    expect(recorded).toEqual({ version, description, createdAt: expect.any(String) });
    const { data } = (await house.visitor().get('/versions?limit=1')).expect(200);
    expect(data).toEqual([recorded]);
    expect((await house.visitor().get('/versions/current')).expect(200).version).toBe(running);
    const { data: trail } = (await staff.get('/users/me/activity-logs?action=version.recorded')).expect(200);
    expect(trail).toMatchObject([{ targetType: 'version' }]);
  });

  test('a version is recorded once, by one of many who try', async () => {
    const body = { version: freshVersion(), description: '' };
    const answers = await atOnce(8, () => staff.post('/versions', body));
    expect(statusesOf(answers)).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    (await staff.post('/versions', body)).problem(409, 'version-known');
  });

  test.each(['1', '1.0', 'v1.0.0', '1.0.0-', '1.0.0 ', `1.0.0-${'a'.repeat(64)}`, ''])(
    '"%s" is no version',
    async (version) => {
      const { errors } = (await staff.post('/versions', { version, description: '' })).problem(
        422,
        'validation-failed',
      );
      expect(errors).toMatchObject([{ pointer: '#/version' }]);
    },
  );

  test('nobody else records one', async () => {
    const body = { version: freshVersion(), description: '' };
    const support = await house.user();
    await house.promote(support, 'support');
    (await house.visitor().post('/versions', body)).problem(401, 'unauthenticated');
    (await (await house.owner()).post('/versions', body)).problem(403, 'forbidden');
    (await support.post('/versions', body)).problem(403, 'forbidden');
  });
});
