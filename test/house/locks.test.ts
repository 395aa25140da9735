import { Database } from '../../src/database/database';
import { Organization } from '../../src/modules/organizations/records/organization.entity';
import { Payment } from '../../src/modules/payments/ledger/records/payment.entity';
import { Session } from '../../src/modules/auth/sessions/session.entity';
import { User } from '../../src/modules/users/user.entity';
import { isEmbedded } from '../support/engines';
import { House } from '../support/house';

const NOBODY = { id: '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55' };

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house.close());

/** `npm run types` decides the rule: a call that compiles all the same is an error. */
test('what has a turn to take can be locked, and what has none does not compile', async () => {
  const db = house.app.get(Database);
  await db.transaction(async () => {
    await db.lock(Organization, NOBODY);
    await db.lock(Payment, NOBODY);
    await db.lock(User, NOBODY);
    await db.lock('Organization', NOBODY);
    // @ts-expect-error -- a row that only a read lock would hold
    await expect(db.lock(Session, NOBODY)).rejects.toThrow('turn');
    // @ts-expect-error -- by its name, of which the compiler knows no columns
    await expect(db.lock('Session', NOBODY)).rejects.toThrow('turn');
  });
});

test('a lock outside a transaction is refused', async () => {
  await expect(house.app.get(Database).lock(User, NOBODY)).rejects.toThrow('outside a transaction');
});

/** With an older snapshot a lock would be given, and what is read after it be what was before. */
test('whoever was given a lock reads what was committed until then', async () => {
  if (isEmbedded) return; // one writer, which begins with the lock
  for (const variable of ['transaction_isolation', 'tx_isolation']) {
    const [said] = await house.query('SHOW VARIABLES WHERE Variable_name = ?', [variable]);
    if (said) expect(said.Value).toBe('READ-COMMITTED');
  }
});
