import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SchedulerRegistry } from '@nestjs/schedule';
import type { DataSource } from 'typeorm';
import { createApp } from '../../src/app';
import { connect } from '../../src/data-source';
import { loadConfig } from '../../src/config/config';
import { type Settings, workerSettings } from './engines';

/** `log` holds what the app wrote, a JSON text a line. */
export type Running = { app: NestFastifyApplication; source: DataSource; log: string[] };

/** Everyone in the tests comes from one network. */
export const PLENTY = '1000000/1m';

/** The real app, ready for requests, on this worker's database. */
export async function start(settings: Settings = {}): Promise<Running> {
  const config = loadConfig({ NODE_ENV: 'test', RATE_LIMIT: PLENTY, ...workerSettings(), ...settings });
  const source = await connect(config);
  const log: string[] = [];
  try {
    const app = await createApp(config, source, { logTo: { write: (line) => void log.push(line) } });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    const jobs = app.get(SchedulerRegistry, { strict: false }).getCronJobs();
    for (const job of jobs.values()) await job.stop(); // the real time of day must not decide what a test sees
    return { app, source, log };
  } catch (error) {
    if (source.isInitialized) await source.destroy(); // else jest waits for the pool for ever
    throw error;
  }
}
