import { MINUTE } from '../../src/kit/clock';
import { atOnce } from '../support/at-once';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';
import { emptyPlace, type Place } from '../support/place';
import { PASSWORD } from '../support/visitor';

let place: Place;
let house: House;

beforeEach(async () => {
  place = await emptyPlace();
  house = await House.open({ DATA_DIR: place.folder, DATABASE_URL: `sqlite:${place.folder}/tenantry.db` });
  await house.source.runMigrations();
});
afterEach(async () => {
  await house.close();
  await place.clear();
});

const signUp = () => house.visitor().post('/auth/signup', { email: freshAddress('ada'), password: PASSWORD });
const faults = () => house.log.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50);

/** What makes the writer of the embedded database refuse, as SQLite says it, and what ends that. */
const TROUBLE: [code: string, begin: string, end: string][] = [
  ['SQLITE_READONLY', 'PRAGMA query_only = 1', 'PRAGMA query_only = 0'],
  ['SQLITE_FULL', 'PRAGMA max_page_count = 1', 'PRAGMA max_page_count = 1000000'],
];

test.each(TROUBLE)(
  '%s: who would write comes again, one line says why, and reading goes on',
  async (code, begin, end) => {
    const ada = await house.owner();
    await house.settled();

    await house.query(begin);
    const write = (i: number) => ada.put(`/users/me/data/note-${i}`, { value: 'x'.repeat(60_000) }); // more than there is room for
    for (const answer of await atOnce(20, write)) {
      answer.problem(503, 'unavailable');
      expect(answer.headers['retry-after']).toBe('1');
    }
    (await ada.get('/auth/me')).expect(200);
    expect(faults()).toMatchObject([{ err: { code }, msg: 'The database cannot serve: requests are answered 503.' }]);

    const ready = () => house.visitor().get('/health/ready');
    expect((await ready()).problem(503, 'not-ready').detail).toBe(`The database takes no writes (${code}).`);
    house.clock.advance(MINUTE);
    (await ready()).problem(503, 'not-ready'); // it was tried
    (await house.visitor().get('/health/live')).expect(200);

    await house.query(end);
    (await signUp()).expect(201);
    (await ready()).problem(503, 'not-ready'); // that was little, and the last refusal is not long ago
    house.clock.advance(MINUTE);
    (await ready()).expect(200);
    expect(await house.query('SELECT id FROM idempotency_keys')).toEqual([]);
  },
);

test('a file that another process holds on to is no fault of ours', async () => {
  await house.query('PRAGMA busy_timeout = 0');
  const Sqlite = (house.source.driver as unknown as { sqlite: any }).sqlite;
  const other = new Sqlite(`${place.folder}/tenantry.db`);
  other.exec('BEGIN IMMEDIATE');
  try {
    (await signUp()).problem(503, 'unavailable');
    expect(faults()).toMatchObject([{ err: { code: 'SQLITE_BUSY' } }]);
  } finally {
    other.close();
  }
  (await signUp()).expect(201);
});
