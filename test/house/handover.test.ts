import { unconnected } from '../../src/data-source';
import { freshAddress } from '../support/fresh';
import { House } from '../support/house';

/** What is a person's, table by table: dead after the first proof of the mailbox by somebody else, or kept, and why that opens no door. */
const DEAD = ['sessions', 'trusted_devices', 'one_time_tokens', 'user_settings'];
const KEPT: Record<string, string> = {
  user_data: 'documents, which only the person reads',
  user_org: 'places: the mail that tells of the proof names them, with how many others belong there',
  user_role: 'as the places',
  payments: 'who paid: a fact of the organization',
  notifications: 'what the person was told',
  social_accounts: 'only accounts with a proved mailbox have any',
};

test('every table that is about a person says what becomes of it when somebody else proves the mailbox', async () => {
  const source = unconnected();
  await (source as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
  const personal = source.entityMetadatas
    .filter(({ columns }) => columns.some(({ propertyName }) => propertyName === 'userId'))
    .map(({ tableName }) => tableName);
  expect(personal.sort()).toEqual([...DEAD, ...Object.keys(KEPT)].sort());
});

test('what is said to be dead is', async () => {
  const house = await House.open({ SIGNUP_POLICY: 'open' });
  const email = freshAddress('ada');
  const mallory = await house.user({ email, verified: false });
  (await mallory.put('/users/me/settings', { loginAlerts: 'off' })).expect(200);
  await house.visitor().signIn(email);
  const idsIn = async (table: string): Promise<string[]> =>
    (await house.query(`SELECT id FROM ${table} WHERE user_id = ?`, [mallory.user.id])).map(({ id }) => id);
  const before = new Map<string, string[]>();
  for (const table of DEAD) before.set(table, await idsIn(table));
  for (const table of DEAD) expect([table, before.get(table)!.length > 0]).toEqual([table, true]);

  (await house.visitor().post('/auth/magic-link', { email })).expect(202);
  const token = await house.tokenFor(email, 'magic-link');
  (await house.visitor().post('/auth/magic-link/verify', { token })).expect(200);
  for (const table of DEAD) {
    const left = (await idsIn(table)).filter((id) => before.get(table)!.includes(id));
    expect([table, left]).toEqual([table, []]);
  }
  await house.close();
});
