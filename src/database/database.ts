import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable } from '@nestjs/common';
import {
  DataSource,
  type EntityManager,
  type EntityMetadata,
  type EntityTarget,
  type FindOptionsWhere,
  type ObjectLiteral,
  type ObjectType,
  type QueryRunner,
  type ReplicationMode,
} from 'typeorm';
import type { ServerPool } from './pool/server-pool';
import { READ_ONLY, requireWriter } from './pool/writer';
import { Attempts } from './attempts';
import type { Mutex } from './sqlite/mutex';
import { type Parameter, Statements } from './statements/statements';

/** A connection or a pool of them, as mysql2 has it. */
type Executor = {
  execute(
    sql: string,
    parameters: Parameter[],
    done: (error: Error | null, result?: unknown[] | { affectedRows: number }) => void,
  ): void;
};
/** What has a turn to take. The tenant also by its name: lower floors know it by no other. Not ObjectType, which any function is. */
type Lockable<T extends { id: string; turn: number }> = (new () => T) | 'Organization';
type Transaction = { manager: EntityManager; afterCommit: (() => void)[] };

/** The database, and the transaction that the current call runs in. Repositories join it without being told. */
@Injectable()
export class Database {
  private readonly current = new AsyncLocalStorage<Transaction>();
  private readonly statements = new Map<unknown, Statements<ObjectLiteral>>();
  private readonly attempts = new Attempts();

  constructor(private readonly source: DataSource) {}

  get manager(): EntityManager {
    return this.current.getStore()?.manager ?? this.source.manager;
  }

  get isEmbedded(): boolean {
    return this.source.options.type === 'better-sqlite3';
  }

  /**
   * Runs `work` in the current transaction, or in a new one. It may run again after a deadlock, so it must leave no trace
   * outside the database: mail and calls go to the outbox. @throws whatever `work` throws, after a rollback.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    return this.current.getStore() ? work() : this.attempts.run(() => this.transactOnce(work));
  }

  /** Runs one statement that writes. Outside a transaction it is one of its own, and may be a deadlock's victim like any other. */
  async write<T>(statement: () => Promise<T>): Promise<T> {
    return this.current.getStore() ? statement() : this.attempts.run(statement);
  }

  /** Runs `wake` once the current transaction is committed; at once when there is none. It is not run after a rollback. */
  afterCommit(wake: () => void): void {
    const transaction = this.current.getStore();
    if (transaction) transaction.afterCommit.push(wake);
    else wake();
  }

  /**
   * Makes transactions that want this row take turns, on whichever node of a cluster they run: a read lock holds on one node alone, a
   * write is agreed upon by all. Part of a transaction, before whatever is judged in it is read: then what another one committed is seen,
   * or this one runs again. @throws Error outside a transaction
   */
  async lock<T extends { id: string; turn: number }>(entity: Lockable<T>, where: FindOptionsWhere<T>): Promise<void> {
    if (!this.current.getStore())
      throw new Error('A lock outside a transaction ends before anything is done under it.');
    await this.execute(...this.statementsOn<T>(entity).takeTurn(where));
  }

  /** The tables whose rows belong to a row of this one, each before those that its rows belong to, too. */
  tablesUnder(name: string): ObjectType<ObjectLiteral>[] {
    const top = this.source.entityMetadatas.find((one) => one.name === name)!;
    let rest = this.source.entityMetadatas.filter((one) => belongs(one, top));
    const sorted: typeof rest = [];
    while (rest.length > 0) {
      const free = rest.filter((one) => !rest.some((other) => other !== one && belongs(other, one)));
      sorted.push(...free);
      rest = rest.filter((one) => !free.includes(one));
    }
    return sorted.map(({ target }) => target as ObjectType<ObjectLiteral>);
  }

  /** The statements that need no query builder, on one table. */
  statementsOn<T extends ObjectLiteral>(entity: EntityTarget<T>): Statements<T> {
    let statements = this.statements.get(entity);
    if (!statements) this.statements.set(entity, (statements = new Statements(this.source, entity)));
    return statements as Statements<ObjectLiteral> as Statements<T>;
  }

  /** A read in plain SQL with `?` parameters; times in it go through `sqlTime`. Sees the current transaction. */
  select<T>(sql: string, parameters: Parameter[]): Promise<T[]> {
    return this.run('slave', sql, parameters) as Promise<T[]>;
  }

  /** A write in plain SQL, likewise; tells how many rows it matched. */
  async execute(sql: string, parameters: Parameter[]): Promise<number> {
    return (await this.write(() => this.run('master', sql, parameters))) as number;
  }

  /** A read past all that wait for a connection, on one that is kept for questions about the server itself. */
  async ask<T>(sql: string): Promise<T[]> {
    return this.isEmbedded ? this.select(sql, []) : ((await prepared(this.pool?.aside, sql, [])) as T[]);
  }

  /**
   * Asks the server whether it takes writes: after a failover the one that we are still connected to does not. Then it is left. One of the
   * shared connections is asked, too, if it is free: it may still lead to the old one where ours was opened since.
   * @throws Error, READ_ONLY where it takes none
   */
  async requireWriter(): Promise<void> {
    if (this.isEmbedded) return;
    const asked = [requireWriter((sql) => this.ask(sql))];
    if (this.connections.idle) asked.push(requireWriter((sql) => this.select(sql, [])));
    await Promise.all(asked).catch((error: { code?: string }) => {
      if (error.code === READ_ONLY) this.pool?.leave();
      throw error;
    });
  }

  /** How often a transaction, or a statement of its own, ran again because another one stood in its way. */
  get retries(): number {
    return this.attempts.retries;
  }

  /** How many connections are at work, how many are not, and how many calls wait for one; of the embedded engine's writer there is one. */
  get connections(): { used: number; idle: number; waiting: number } {
    return this.lender!.figures;
  }

  /** Registers who hears how long each call waited for its connection, in seconds. */
  onWaited(hear: (seconds: number) => void): void {
    Object.assign(this.lender ?? {}, { onWaited: hear });
  }

  /** None while it is not connected: the contract is written without a database. */
  private get lender(): Mutex | ServerPool | undefined {
    return (this.source.driver as unknown as { mutex?: Mutex }).mutex ?? this.pool;
  }

  private get pool(): ServerPool | undefined {
    return (this.source.driver as unknown as { pool?: ServerPool }).pool;
  }

  /** See Attempts. */
  requireRoom(write: () => Promise<unknown>): Promise<void> {
    return this.attempts.requireRoom(write);
  }

  /** In the current transaction, or on a connection of its own. A server prepares each text once a connection. */
  private run(mode: ReplicationMode, sql: string, parameters: Parameter[]): Promise<unknown> {
    const inside = this.current.getStore()?.manager.queryRunner;
    if (this.isEmbedded) return this.runEmbedded(inside, mode, sql, parameters);
    return inside
      ? inside.connect().then((connection: Executor) => prepared(connection, sql, parameters))
      : prepared(this.pool, sql, parameters);
  }

  private async runEmbedded(
    inside: QueryRunner | undefined,
    mode: ReplicationMode,
    sql: string,
    parameters: Parameter[],
  ): Promise<unknown> {
    const runner = inside ?? this.source.createQueryRunner(mode);
    try {
      const { records, affected } = await runner.query(sql, parameters, true);
      return mode === 'slave' ? records : affected;
    } finally {
      if (!inside) await runner.release();
    }
  }

  private async transactOnce<T>(work: () => Promise<T>): Promise<T> {
    const afterCommit: (() => void)[] = [];
    const result = await this.source.transaction((manager) => this.current.run({ manager, afterCommit }, work));
    for (const wake of afterCommit) wake();
    return result;
  }
}

const belongs = ({ relations }: EntityMetadata, to: EntityMetadata): boolean =>
  relations.some(({ inverseEntityMetadata }) => inverseEntityMetadata === to);

/** The rows of a SELECT; of anything else, how many it matched. */
const prepared = (on: Executor | undefined, sql: string, parameters: Parameter[]): Promise<unknown> =>
  new Promise((resolve, reject) => {
    if (!on) throw new Error('Pool is closed.'); // in the words of mysql2, as while it closes
    on.execute(sql, parameters, (error, result) => {
      if (error) reject(error);
      else resolve(Array.isArray(result) ? result : result!.affectedRows);
    });
  });

/** A time as both SQL dialects compare it: `2026-01-31 23:59:59.000`, UTC. */
export const sqlTime = (time: Date): string => time.toISOString().replace('T', ' ').replace('Z', '');

const errorCode = (error: unknown): string => String((error as { code?: unknown }).code ?? '');

/** Whether an error says that a unique key stood in the way. */
export const isDuplicate = (error: unknown): boolean =>
  /^(ER_DUP_ENTRY|SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY))$/.test(errorCode(error));

/** Whether an error says that a row which a foreign key names is not there (any more). SQLite reports RESTRICT as a trigger's refusal. */
export const isMissingReference = (error: unknown): boolean =>
  /^(ER_NO_REFERENCED_ROW_2|ER_ROW_IS_REFERENCED_2|SQLITE_CONSTRAINT_(FOREIGNKEY|TRIGGER))$/.test(errorCode(error));
