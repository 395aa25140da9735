import { Injectable } from '@nestjs/common';
import { Metrics } from '../telemetry/metrics';
import { Database } from './database';

/** How busy the connections to the database are, and how often transactions met. */
@Injectable()
export class DatabaseMetrics {
  constructor(metrics: Metrics, db: Database) {
    const byState = () => {
      const { used, idle } = db.connections;
      return { used, idle };
    };
    const connections = 'Connections to the database, by whether they are used.';
    metrics.gauge('database_pool_connections', connections, byState, 'state');
    metrics.gauge('database_pool_waiting', 'Calls that wait for a connection.', () => db.connections.waiting);
    metrics.counter('database_retries_total', 'Transactions that met another one, and ran again.', () => db.retries);
    const waits = metrics.histogram('database_pool_wait_seconds', 'Time until a connection was there.');
    if (waits) db.onWaited((seconds) => waits.observe(seconds));
  }
}
