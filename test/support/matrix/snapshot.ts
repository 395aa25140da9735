import type { House } from '../house';
import type { Tenant } from './tenant';

/** Tables whose rows are nobody's in particular. */
const OF_THE_PLATFORM = [
  'idempotency_keys',
  'leases',
  'outbox_messages',
  'payment_events',
  'plans',
  'rate_limits',
  'versions',
];

/** How much mail went to an organization's people. (The mailbox forgets: ask before it is full.) */
export async function mailOf(house: House, { canary, keeper, colleague }: Tenant): Promise<number> {
  const addresses = [keeper.user.email, colleague.user.email, `${canary}-invited@example.com`];
  const mails = await Promise.all(addresses.map((address) => house.mailsTo(address)));
  return mails.flat().length;
}

/** Every row of an organization and of its people, once nothing that began before is still to come. */
export async function rowsOf(house: House, { id, canary }: Tenant): Promise<Record<string, unknown>> {
  await house.settled();
  const people = await house.query<{ id: string }>('SELECT id FROM users WHERE email LIKE ?', [`${canary}%`]);
  const all = (table: string, column: string, ids: string[]) =>
    house.query(`SELECT * FROM ${table} WHERE ${column} IN (${ids.map(() => '?').join()}) ORDER BY id`, ids);
  const userIds = people.map((person) => person.id);
  const roles = await all('roles', 'organization_id', [id]);

  const rows: Record<string, unknown> = {};
  for (const { tableName, columns } of house.source.entityMetadatas) {
    const has = (name: string) => columns.some(({ databaseName }) => databaseName === name);
    if (has('organization_id')) rows[tableName] = await all(tableName, 'organization_id', [id]);
    else if (has('user_id')) rows[tableName] = await all(tableName, 'user_id', userIds);
    else if (has('role_id'))
      rows[tableName] = await all(
        tableName,
        'role_id',
        roles.map((role) => role.id),
      );
    else if (tableName === 'users' || tableName === 'organizations')
      rows[tableName] = await all(tableName, 'id', [id, ...userIds]);
    else if (!OF_THE_PLATFORM.includes(tableName))
      throw new Error(`Whose are the rows of ${tableName}? Tell this snapshot.`);
  }
  return rows;
}
