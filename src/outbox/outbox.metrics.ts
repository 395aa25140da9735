import { Injectable } from '@nestjs/common';
import { clock, SECOND } from '../kit/clock';
import { Database, sqlTime } from '../database/database';
import { Rows } from '../database/rows';
import { Metrics } from '../telemetry/metrics';
import { OutboxMessage } from './outbox-message.entity';

const MOST = 10_000; // that are counted: a scrape must not take longer the more there are

/** What waits in the outbox, of all instances together. */
@Injectable()
export class OutboxMetrics {
  private readonly messages: Rows<OutboxMessage>;

  constructor(
    metrics: Metrics,
    private readonly db: Database,
  ) {
    this.messages = new Rows(db, OutboxMessage);
    const now = () => sqlTime(clock.now());
    const due = 'Messages that wait to be delivered now; counted up to 10,000.';
    metrics.gauge('outbox_due_messages', due, () => this.count('due_at <= ?', now()));
    metrics.gauge('outbox_oldest_due_seconds', 'How long the first of them has been due.', () => this.oldest());
    const dead = 'Messages that were given up on; counted up to 10,000.';
    metrics.gauge('outbox_dead_letters', dead, () => this.count('due_at IS NULL'));
  }

  private async count(which: string, ...parameters: string[]): Promise<number> {
    const some = `SELECT 1 AS one FROM outbox_messages WHERE ${which} LIMIT ${MOST}`;
    const [counted] = await this.db.select<{ n: number }>(`SELECT COUNT(*) AS n FROM (${some}) AS some`, parameters);
    return Number(counted!.n);
  }

  private async oldest(): Promise<number> {
    const now = clock.now();
    const first = 'WHERE t.due_at <= ? ORDER BY t.due_at LIMIT 1';
    const [oldest] = await this.messages.query(first, [sqlTime(now)], { id: true, dueAt: true });
    return oldest ? (now.getTime() - oldest.dueAt!.getTime()) / SECOND : 0;
  }
}
