import { Injectable, Logger } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { clock, SECOND } from '../../kit/clock';
import { Database } from '../../database/database';
import { Job } from '../../jobs/job';
import { Metrics } from '../../telemetry/metrics';

const TOLERATED = 2; // seconds

/** Compares this machine's clock with the database's: what one instance dates, the others judge by clocks of their own. */
@Injectable()
export class ClockJob {
  private readonly logger = new Logger(ClockJob.name);
  /** Seconds that this machine is ahead; undefined while it could not be told. */
  private difference?: number;
  private isOff = false;

  constructor(
    private readonly db: Database,
    metrics: Metrics,
  ) {
    const help = 'How far the clock of this process is ahead of that of the database.';
    metrics.gauge('database_clock_difference_seconds', help, () => this.difference ?? unknown());
  }

  @Job('clock.compare', CronExpression.EVERY_MINUTE)
  async compare(): Promise<void> {
    this.difference = await this.measure().catch(() => undefined); // readiness says that the database is away
    if (this.difference !== undefined) this.tell(this.difference);
  }

  /** What may be no more than the time that the answer took is no difference. */
  private async measure(): Promise<number> {
    if (this.db.isEmbedded) return 0; // one machine, one clock
    const asked = clock.now().getTime();
    const [{ now }] = (await this.db.select<{ now: Date }>('SELECT UTC_TIMESTAMP(3) AS now', [])) as [{ now: Date }];
    const answered = clock.now().getTime();
    return (Math.max(0, asked - now.getTime()) + Math.min(0, answered - now.getTime())) / SECOND;
  }

  /** Once for each change. */
  private tell(seconds: number): void {
    const wasOff = this.isOff;
    this.isOff = Math.abs(seconds) > TOLERATED;
    if (this.isOff && !wasOff)
      this.logger.warn({ seconds }, "This clock and the database's differ: see to both (NTP).");
    if (!this.isOff && wasOff) this.logger.warn({ seconds }, "This clock and the database's agree again.");
  }
}

/** A gauge that cannot be read is left out. */
const unknown = (): never => {
  throw new Error('The clocks could not be compared.');
};
