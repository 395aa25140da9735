import { Injectable } from '@nestjs/common';
import { Metrics } from '../telemetry/metrics';
import { type Tally, tallies } from './job';

/** What became of each job, by its name. */
@Injectable()
export class JobMetrics {
  constructor(metrics: Metrics) {
    metrics.counter('job_runs_total', 'Runs of a job that began.', () => by('runs'), 'name');
    metrics.counter('job_failures_total', 'Runs of a job that failed.', () => by('failures'), 'name');
    const last = 'When a job last ran to its end.';
    metrics.gauge('job_last_success_timestamp_seconds', last, () => by('succeededAt'), 'name');
  }
}

/** This figure of every job that has it. */
const by = (figure: keyof Tally): Record<string, number> =>
  Object.fromEntries(
    [...tallies].flatMap(([name, { [figure]: value }]) => (value === undefined ? [] : [[name, value]])),
  );
