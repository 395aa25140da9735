import { SchedulerRegistry } from '@nestjs/schedule';
import type { House } from './house';

/** Has every scheduled job run once, now. */
export async function runJobs({ app }: House): Promise<void> {
  for (const job of app.get(SchedulerRegistry, { strict: false }).getCronJobs().values()) await job.fireOnTick();
}
