import { performance } from 'node:perf_hooks';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SECOND } from '../../../kit/clock';
import { Database } from '../../../database/database';
import { READ_ONLY } from '../../../database/pool/writer';
import { Shutdown } from '../../../http/server/shutdown';
import { nameOf, remedyFor } from '../../../database/pool/remedies';
import { Idempotency } from '../../../http/idempotency/idempotency';
import { within } from '../../../kit/timeout';
import { NotReady } from './system.errors';

const PATIENCE = 2 * SECOND;

/** Whether this instance can serve: it is not about to stop, and its database answers and has the tables that this version wants. */
@Injectable()
export class ReadinessService {
  private readonly logger = new Logger(ReadinessService.name);

  constructor(
    private readonly db: Database,
    private readonly source: DataSource,
    private readonly shutdown: Shutdown,
    private readonly idempotency: Idempotency,
  ) {}

  /** @throws NotReady, saying what is missing; the log says more */
  async check(): Promise<void> {
    if (this.shutdown.hasBegun) throw new NotReady({ detail: 'This instance is stopping.', retryAfter: 5 });
    await this.ask('database', () => this.db.requireWriter());
    await this.ask('room', () => this.db.requireRoom(() => this.idempotency.tryRoom()));
    const applied = await this.ask('migrations', () => this.applied());
    const pending = this.source.migrations
      .map(({ name, constructor }) => name ?? constructor.name)
      .filter((name) => !applied.has(name));
    if (pending.length > 0)
      throw new NotReady({ detail: `Migrations have yet to run: ${pending.join(', ')}.`, retryAfter: 5 });
  }

  private async ask<T>(check: string, question: () => Promise<T>): Promise<T> {
    const asked = performance.now();
    try {
      return await within(PATIENCE, question());
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      this.logger.warn({ check, code, reason: message, milliseconds: Math.round(performance.now() - asked) });
      throw new NotReady({ detail: detailOf(error), retryAfter: 5 });
    }
  }

  /** The names of the migrations that have run. TypeORM's own answer would take the embedded engine's writer. */
  private async applied(): Promise<Set<string>> {
    const table = this.source.options.migrationsTableName ?? 'migrations';
    try {
      const rows = await this.db.ask<{ name: string }>(`SELECT name FROM ${table}`);
      return new Set(rows.map(({ name }) => name));
    } catch (error) {
      if (isMissingTable(error)) return new Set();
      throw error;
    }
  }
}

function detailOf(error: unknown): string {
  const name = nameOf(error);
  if (name === READ_ONLY) return 'The database takes no writes.';
  return remedyFor(error) === 'room' ? `The database takes no writes (${name}).` : 'The database does not answer.';
}

const isMissingTable = (error: unknown): boolean => {
  const { code, message } = error as { code?: string; message: string };
  return code === 'ER_NO_SUCH_TABLE' || message.includes('no such table');
};
