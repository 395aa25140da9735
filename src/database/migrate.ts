import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type DataSource, MigrationExecutor } from 'typeorm';
import { SECOND } from '../kit/clock';
import type { Lent } from './pool/link';

const LEASE = 30; // seconds, by the database's clock; renewed three times in it
const LOOK = SECOND / 2;

/**
 * Runs what has not run yet; of several instances that start at once, one does and the others wait for it, on whichever nodes of a
 * cluster they are. @throws Error naming the migration that failed
 */
export async function migrate(source: DataSource): Promise<void> {
  const isShared = source.options.type !== 'better-sqlite3';
  const turn = isShared ? new MigrationTurn(source) : undefined;
  while ((await pending(source)).length > 0)
    if (turn && !(await turn.take())) await pause(LOOK);
    else await run(source).finally(() => turn?.giveBack());
}

/** The names of the migrations that have not run yet. */
export async function pending(source: DataSource): Promise<string[]> {
  const done = await source.query<{ name: string }[]>('SELECT name FROM migrations').catch(() => []);
  const names = new Set(done.map(({ name }) => name));
  return source.migrations.map(({ name }) => name!).filter((name) => !names.has(name));
}

async function run(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    const connection: Partial<Lent> = await runner.connect();
    await connection.unbind?.();
    const migrations = Object.assign(new MigrationExecutor(source, runner), { transaction: 'each' });
    await migrations.executePendingMigrations();
  } catch (error) {
    const failed = (await pending(source)).at(0) ?? 'unknown';
    throw new Error(
      `Migration ${failed} failed: ${(error as Error).message}. Those before it are in place; mend the cause and start again.`,
      { cause: error },
    );
  } finally {
    await runner.release();
  }
}

/**
 * Whose turn it is: a lease in a row that all nodes agree on. A lock by name holds on one node, a row's lock ends with the first
 * statement that changes a table, and both outlive nobody who dies.
 */
class MigrationTurn {
  private readonly owner = randomUUID();
  private renewing?: NodeJS.Timeout;

  constructor(private readonly source: DataSource) {}

  async take(): Promise<boolean> {
    await this.source.query(
      'CREATE TABLE IF NOT EXISTS migration_turns (id int PRIMARY KEY, owner varchar(36) NOT NULL, ends_at datetime(3) NOT NULL)',
    );
    await this.source.query("INSERT IGNORE INTO migration_turns VALUES (1, '', UTC_TIMESTAMP(3))").catch(unlessBeaten);
    const isOurs = await this.write("(owner = '' OR ends_at < UTC_TIMESTAMP(3))", this.owner);
    if (isOurs) this.renewing = setInterval(() => void this.renew().catch(() => {}), (LEASE / 3) * SECOND);
    return isOurs;
  }

  async giveBack(): Promise<void> {
    clearInterval(this.renewing);
    await this.write('owner = ?', '', this.owner).catch(() => {}); // then it ends by itself
  }

  private renew = (): Promise<boolean> => this.write('owner = ?', this.owner, this.owner);

  private async write(where: string, ...parameters: string[]): Promise<boolean> {
    const sql = `UPDATE migration_turns SET owner = ?, ends_at = UTC_TIMESTAMP(3) + INTERVAL ${LEASE} SECOND WHERE ${where}`;
    const { affectedRows } = await this.source.query(sql, parameters).catch(unlessBeaten);
    return affectedRows === 1;
  }
}

/** On a cluster the first to commit stands, and the others hear of a deadlock. */
function unlessBeaten(error: Error & { code?: string }): { affectedRows: number } {
  if (error.code === 'ER_LOCK_DEADLOCK') return { affectedRows: 0 };
  throw error;
}
