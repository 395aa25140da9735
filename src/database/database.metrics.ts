import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SECOND } from '../kit/clock';
import { Metrics } from '../telemetry/metrics';
import { Database } from './database';
import type { Mutex } from './sqlite/mutex';

type Taken = (...given: unknown[]) => void;
/** What lends connections: the pool, or on the embedded engine the turns of its one writer. */
type Lender = { pool?: { getConnection(taken: Taken): void }; mutex?: Mutex };

/** How busy the connections to the database are, and how often transactions met. */
@Injectable()
export class DatabaseMetrics {
  constructor(metrics: Metrics, db: Database, source: DataSource) {
    const connections = () => {
      const { used, idle } = db.connections;
      return { used, idle };
    };
    metrics.gauge(
      'database_pool_connections',
      'Connections to the database, by whether they are used.',
      connections,
      'state',
    );
    metrics.gauge('database_pool_waiting', 'Calls that wait for a connection.', () => db.connections.waiting);
    metrics.counter('database_retries_total', 'Transactions that met another one, and ran again.', () => db.retries);
    const waits = metrics.histogram('database_pool_wait_seconds', 'Time until a connection was there.');
    if (waits) timeWaits(source.driver as unknown as Lender, (seconds) => waits.observe(seconds));
  }
}

function timeWaits({ pool, mutex }: Lender, tell: (seconds: number) => void): void {
  const since = (begin: number) => tell((performance.now() - begin) / SECOND);
  if (pool) {
    const lend = pool.getConnection.bind(pool);
    pool.getConnection = (taken) => {
      const begin = performance.now();
      lend((...given) => {
        since(begin);
        taken(...given);
      });
    };
  }
  if (mutex) {
    const acquire = mutex.acquire.bind(mutex);
    mutex.acquire = (timeout) => {
      const begin = performance.now();
      return acquire(timeout).finally(() => since(begin));
    };
  }
}
