import type { Connection, ConnectionOptions } from 'mysql2';
import { SECOND } from '../../kit/clock';
import type { Server } from '../../config/settings/server-url';
import { requireWriter } from './writer';

/** How long it may take to connect: to the only server there is, and to one where the next may answer instead. */
const ALONE = 10 * SECOND;
const AMONG_OTHERS = 2 * SECOND;

/** A node that lost its quorum answers what wants no table. */
const NODE = 'SELECT 1 FROM migrations LIMIT 1';

type Ask = (sql: string) => Promise<Record<string, unknown>[]>;
type Opening = { options?: ConnectionOptions; beginning?: string[]; bound?: number };

/**
 * A connection on which `beginning` has run. Of several servers, to the first that answers, takes writes and has not been left by its
 * cluster; each connection looks anew. @throws Error, as the last server said it
 */
export async function open(servers: Server[], opening: Opening = {}): Promise<Connection> {
  const [only] = servers;
  if (servers.length === 1) return begin(only!, opening, ALONE);

  let said: unknown;
  for (const server of servers) {
    try {
      return await begin(server, opening, AMONG_OTHERS);
    } catch (error) {
      said = error;
    }
  }
  throw said;
}

async function begin(
  server: Server,
  { options, beginning = [], bound = ALONE }: Opening,
  within: number,
): Promise<Connection> {
  const timeout = Math.min(bound, within);
  const connection = await connect({ ...options, ...server, connectTimeout: timeout });
  const ask: Ask = async (sql) => (await connection.promise().query({ sql, timeout }))[0] as never;
  try {
    for (const sql of beginning) await ask(sql);
    if (within === AMONG_OTHERS) await requireFit(ask);
    return connection;
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

async function requireFit(ask: Ask): Promise<void> {
  await requireWriter(ask);
  await ask(NODE).catch((error: { code?: string }) => {
    if (error.code !== 'ER_NO_SUCH_TABLE') throw error;
  });
}

function connect(options: ConnectionOptions): Promise<Connection> {
  const { createConnection } = require('mysql2') as typeof import('mysql2');
  const connection = createConnection(options);
  return new Promise((resolve, reject) => {
    connection.on('error', reject); // for good: nobody else may be listening when it is lost
    connection.once('connect', () => resolve(connection));
  });
}
