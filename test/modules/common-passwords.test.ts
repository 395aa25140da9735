import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { House } from '../support/house';
import { PASSWORD_ROUTES } from '../support/password-routes';

const COMMON = readFileSync(join(__dirname, '../vectors/top3000-8plus.txt'), 'utf8').trim().split('\n');
const BATCH = 60;

describe('the 3,000 commonest passwords', () => {
  let house: House;

  beforeAll(async () => {
    house = await House.open({ SIGNUP_POLICY: 'open' });
  });
  afterAll(() => house.close());

  test('are 3,000, and all long enough to be refused for this alone', () => {
    expect(new Set(COMMON).size).toBe(3000);
    expect(COMMON.filter((password) => [...password].length < 8)).toEqual([]);
  });

  test.each(Object.entries(PASSWORD_ROUTES))('are refused by %s', async (_route, { start, pointer, done }) => {
    const { email, set } = await start(house);
    const accepted: string[] = [];
    for (let i = 0; i < COMMON.length; i += BATCH) {
      const batch = COMMON.slice(i, i + BATCH);
      const answers = await Promise.all(batch.map((password) => set(password)));
      answers.forEach((answer, j) => {
        const isRefused = answer.status === 422 && answer.body.errors[0].pointer === pointer;
        if (!isRefused) accepted.push(`${batch[j]}: ${answer.status}`);
      });
    }
    expect(accepted).toEqual([]);

    (await set('nine umbrellas on a winter beach')).expect(done); // none of them used the link up
    await house.visitor().signIn(email, 'nine umbrellas on a winter beach');
  });
});
