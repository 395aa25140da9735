import { createConnection } from 'mysql2/promise';
import { testOnCluster, workerSettings } from '../support/engines';
import { eventually } from '../support/eventually';
import { freshAddress } from '../support/fresh';
import { few, onInstallations } from '../support/races';
import { PASSWORD, type Visitor } from '../support/visitor';

const TURNS = few(4).flatMap((round) => [3 * round, 3 * round + 1, 3 * round + 2]);
const WRITERS = 6;
const MUCH = { value: 'x'.repeat(20_000) };

onInstallations((installation) => {
  let ada: Visitor;
  const writers: Visitor[] = [];
  beforeAll(async () => {
    ada = await installation.house.user();
    while (writers.length < WRITERS) writers.push(await installation.house.user());
  });

  /** The same person at another instance. */
  const at = (i: number, person: Partial<Visitor> = {}) => {
    const { user, organizationId, accessToken, refreshToken } = person;
    return Object.assign(installation.visitorAt(i), { user, organizationId, accessToken, refreshToken });
  };

  /** Others write all the while, so that no node has yet all that the others have. */
  async function underWrites(work: () => Promise<void>): Promise<void> {
    const over = new AbortController();
    const write = async (person: Visitor, i: number) => {
      while (!over.signal.aborted) (await at(i, person).put('/users/me/data/much', MUCH)).expect(200);
    };
    await Promise.all([work().finally(() => over.abort()), ...writers.map(write)]);
  }

  test('what one instance acknowledged, the next request at another sees', () =>
    underWrites(async () => {
      for (const i of TURNS) {
        const form = { email: freshAddress(), password: PASSWORD };
        const guest = at(i).become((await at(i).post('/auth/signup', form)).expect(201));
        (await at(i + 1, guest).get('/auth/me')).expect(200);

        const { name } = (await at(i, guest).post('/organizations', { name: `Acme ${i}` })).expect(201);
        const { data } = (await at(i + 1, guest).get('/organizations')).expect(200);
        expect(data.map((one: { name: string }) => one.name)).toContain(name);

        (await at(i, ada).put('/users/me/data/turn', { value: i })).expect(200);
        expect((await at(i + 1, ada).get('/users/me/data/turn')).expect(200).value).toBe(i);

        (await at(i + 1, guest).post('/auth/logout')).expect(204);
        (await at(i + 2, guest).get('/auth/me')).problem(401, 'unauthenticated');
      }
    }));

  test('no session ends by being refreshed at one instance after the other', () =>
    underWrites(async () => {
      for (const i of [...TURNS, ...TURNS]) {
        ada.become((await at(i).post('/auth/refresh', { refreshToken: ada.refreshToken })).expect(200));
        (await at(i + 1, ada).get('/auth/me')).expect(200);
      }
    }));

  testOnCluster('a node that is behind has its readers wait until it is not', async () => {
    const behind = await createConnection(workerSettings(1).DATABASE_URL!);
    const waiting =
      "SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() AND command <> 'Sleep'";
    const isWaiting = async () => ((await behind.query(waiting))[0] as unknown[]).length > 0;
    try {
      for (const i of few(4)) {
        await behind.query('FLUSH TABLES WITH READ LOCK'); // takes in no more of what the others write
        const guest = await at(0).signIn(ada.user.email);
        (await at(0, ada).put('/users/me/data/turn', { value: -i })).expect(200);
        const reads = Promise.all([at(1, guest).get('/auth/me'), at(1, ada).get('/users/me/data/turn')]);
        await Promise.race([reads, eventually(isWaiting)]);
        await behind.query('UNLOCK TABLES');

        const [me, turn] = await reads;
        me.expect(200);
        expect(turn.expect(200).value).toBe(-i);
      }
    } finally {
      await behind.end();
    }
  });
});
