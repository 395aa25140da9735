import { Database } from '../../src/database/database';
import { engine } from '../support/engines';
import { House } from '../support/house';

test(`what ${engine} counts and compares comes as numbers, however wide it makes them`, async () => {
  const house = await House.open();
  const db = house.app.get(Database);
  const sql = 'SELECT COUNT(*) AS many, EXISTS (SELECT 1) AS told, CASE WHEN 1 = 1 THEN 1 ELSE 0 END AS chosen';
  expect(await db.select(sql, [])).toEqual([{ many: 1, told: 1, chosen: 1 }]);
  expect(await house.query(sql)).toEqual([{ many: 1, told: 1, chosen: 1 }]);
  await house.close();
});
