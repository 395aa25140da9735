import { AsyncLocalStorage } from 'node:async_hooks';
import { DataSource, type DataSourceOptions, type QueryRunner, type ReplicationMode } from 'typeorm';
import { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import { Mutex } from './mutex';
import { Turns } from './event-loop';

/*
 * TypeORM's own SQLite driver gives every request the same connection, so that one request's rollback erases another's
 * acknowledged insert (typeorm#1884). Here each request has a query runner of its own; one of them at a time is the writer, from
 * BEGIN IMMEDIATE to COMMIT or ROLLBACK; SELECTs outside a transaction read the last commit through a second connection (WAL).
 * SQLite answers at once, so a request never waits, and one after the other would keep the event loop: see Turns.
 */

/** How long a request waits for the writer, milliseconds. */
const BUSY_AFTER = 15_000;

type Connection = {
  inTransaction: boolean;
  prepare(sql: string): { run(): unknown };
  function(name: string, options: object, call: (value: unknown) => unknown): void;
  close(): void;
};
type Statements = Map<string, unknown>;

/** The runner whose transaction the current call is inside of. */
const insideOf = new AsyncLocalStorage<EmbeddedRunner>();

class EmbeddedRunner extends BetterSqlite3QueryRunner {
  private owns = false;
  private rolledBack = false;

  constructor(
    private readonly embedded: EmbeddedDriver,
    private readonly readsOnly: boolean,
  ) {
    super(embedded);
    // a prepared statement belongs to its connection, not to the runner
    (this as unknown as { stmtCache: Statements }).stmtCache = readsOnly
      ? embedded.readStatements
      : embedded.writeStatements;
  }

  override connect(): Promise<Connection> {
    return Promise.resolve(this.readsOnly ? this.embedded.reader! : this.embedded.writer);
  }

  override async startTransaction(): Promise<void> {
    if (!this.owns) await this.lock();
    try {
      await super.startTransaction();
    } catch (error) {
      if (this.transactionDepth === 0) this.unlock();
      throw error;
    }
  }

  override async commitTransaction(): Promise<void> {
    try {
      await super.commitTransaction(); // a failed COMMIT keeps the lock: the caller rolls back under it
    } finally {
      if (this.transactionDepth === 0) this.unlock();
    }
  }

  override async rollbackTransaction(): Promise<void> {
    const outermost = this.transactionDepth <= 1; // also when SQLite has rolled back by itself
    this.rolledBack ||= outermost;
    try {
      await super.rollbackTransaction();
    } finally {
      if (outermost) this.unlock();
    }
  }

  override async release(): Promise<void> {
    const dangling = this.owns && !this.rolledBack && this.embedded.writer.inTransaction;
    this.unlock();
    await super.release();
    this.isReleased = true;
    if (dangling) throw new Error('A query runner was released inside its transaction, which was rolled back.');
  }

  override async query(sql: string, parameters: unknown[] = [], structured = false) {
    const text = sql === 'BEGIN TRANSACTION' ? 'BEGIN IMMEDIATE' : sql; // take the write lock now, not at the first write
    if (this.readsOnly) await this.embedded.turns.take();
    if (this.readsOnly || this.owns) return super.query(text, parameters, structured as true);
    await this.lock();
    try {
      return await super.query(text, parameters, structured as true);
    } finally {
      this.unlock();
    }
  }

  private async lock() {
    if (insideOf.getStore()?.owns) {
      throw new Error(
        'A query outside the open transaction would wait for it for ever: use the manager of the transaction.',
      );
    }
    await this.embedded.mutex.acquire(BUSY_AFTER);
    this.owns = true;
    await this.embedded.turns.take(); // before a transaction, never within: the next writer waits for it
  }

  private unlock() {
    if (!this.owns) return;
    this.owns = false;
    this.transactionDepth = 0;
    this.isTransactionActive = false;
    try {
      if (this.embedded.writer.inTransaction) this.embedded.writer.prepare('ROLLBACK').run(); // never hand on an open transaction
    } finally {
      this.embedded.mutex.release();
    }
  }
}

class EmbeddedDriver extends BetterSqlite3Driver {
  readonly mutex = new Mutex();
  readonly turns = new Turns();
  readonly writeStatements: Statements = new Map();
  readonly readStatements: Statements = new Map();
  reader?: Connection;

  get writer(): Connection {
    return this.databaseConnection as Connection;
  }

  /** Reads ask for 'slave'. */
  override createQueryRunner(mode: ReplicationMode): QueryRunner {
    return new EmbeddedRunner(this, mode === 'slave' && this.reader !== undefined) as unknown as QueryRunner;
  }

  override async connect(): Promise<void> {
    this.supportedDataTypes.push('mediumtext'); // SQLite itself takes any type with `text` in its name for text
    await super.connect();
    const { database } = this.options as { database: string };
    if (database !== ':memory:') this.reader = new this.sqlite(database, { readonly: true, timeout: 5000 });
    for (const connection of [this.writer, ...(this.reader ? [this.reader] : [])])
      connection.function('lower', { deterministic: true }, lower);
  }

  override async disconnect(): Promise<void> {
    this.reader?.close();
    this.reader = undefined;
    this.readStatements.clear();
    this.writeStatements.clear();
    await super.disconnect();
  }
}

/** SQLite's own knows the letters of ASCII alone; a server's knows all. */
const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** A DataSource on an embedded SQLite file: one writer, any number of readers, transactions that never mix. */
export class EmbeddedDataSource extends DataSource {
  constructor(options: DataSourceOptions) {
    super(options);
    (this as { driver: unknown }).driver = new EmbeddedDriver(this);
    const manager = this.manager as unknown as { transaction: (...given: any[]) => Promise<unknown> };
    const transaction = manager.transaction.bind(manager);
    manager.transaction = (work: (manager: { queryRunner: EmbeddedRunner }) => Promise<unknown>) =>
      transaction((inner: { queryRunner: EmbeddedRunner }) => insideOf.run(inner.queryRunner, () => work(inner)));
  }

  override defaultReplicationModeForReads(): ReplicationMode {
    return 'slave';
  }
}
