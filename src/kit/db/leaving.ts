import type { Pool, PoolConnection } from 'mysql2';
import { remedyFor } from './remedies';

type Done = (error: Error | null, ...rest: unknown[]) => void;
type Statement = (...given: unknown[]) => unknown;

const leaving = new WeakMap<object, () => void>();

/**
 * Has every connection of a pool begin with these statements, and none outlive the server's service: once one of them hears that the
 * server cannot serve, all that are there are closed, those at work when they come back. The next may reach another server.
 */
export function tend(pool: Pool, beginning: string[]): Pool {
  const idle = new Set<PoolConnection>();
  let era = 0;
  const leave = () => {
    era++;
    for (const connection of idle) connection.destroy();
    idle.clear();
  };
  leaving.set(pool, leave);
  pool.on('acquire', (connection) => void idle.delete(connection));
  pool.on('release', (connection) => void idle.add(connection));
  pool.on('connection', (connection) => {
    const born = era;
    const release = connection.release.bind(connection);
    connection.release = () => (born < era ? connection.destroy() : release()); // not sooner: others may wait for its answers
    for (const end of ['error', 'end']) connection.on(end, () => void idle.delete(connection));
    listen(connection, (error) => {
      if (born === era && remedyFor(error) === 'elsewhere') leave();
    });
    for (const statement of beginning) connection.query(statement, (error) => error && leave());
  });
  return pool;
}

/** Closes every connection that is there by now. */
export const leave = (pool: object): void => leaving.get(pool)?.();

/** Hears every error of a statement. */
function listen(connection: PoolConnection, hear: (error: unknown) => void): void {
  const statements = connection as unknown as Record<'query' | 'execute', Statement>;
  for (const kind of ['query', 'execute'] as const) {
    const run = statements[kind].bind(connection);
    statements[kind] = (...given) => {
      const done = given.pop() as Done; // nobody asks without one
      return run(...given, ((error, ...rest) => {
        if (error) hear(error);
        done(error, ...rest);
      }) satisfies Done);
    };
  }
}
