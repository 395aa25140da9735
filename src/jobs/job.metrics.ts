import { Injectable } from '@nestjs/common';
import { Metrics } from '../telemetry/metrics';
import { type Tally, tallies } from './job';

/** What became of each job, by its name. */
@Injectable()
export class JobMetrics {
  constructor(metrics: Metrics) {
    const by = (figure: (tally: Tally) => number | undefined) => () =>
      Object.fromEntries(
        [...tallies].flatMap(([name, tally]) => {
          const value = figure(tally);
          return value === undefined ? [] : [[name, value]];
        }),
      );
    const label = 'name';
    metrics.counter(
      'job_runs_total',
      'Runs of a job that began.',
      by(({ runs }) => runs),
      label,
    );
    metrics.counter(
      'job_failures_total',
      'Runs of a job that failed.',
      by(({ failures }) => failures),
      label,
    );
    const last = by(({ succeededAt }) => succeededAt);
    metrics.gauge('job_last_success_timestamp_seconds', 'When a job last ran to its end.', last, label);
  }
}
