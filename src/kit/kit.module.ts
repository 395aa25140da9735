import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from './config';
import { KeyRing } from './crypto';
import { Database } from './db/database';
import { DatabaseMetrics } from './db/database.metrics';
import { ProblemFilter } from './errors/problem.filter';
import { ContractCheck } from './http/contract.check';
import { Idempotency } from './http/idempotency';
import { Routes } from './http/routes';
import { Serializer } from './http/serializer';
import { Validation } from './http/validation';
import { JobMetrics } from './jobs/job.metrics';
import { Leases } from './leases/leases';
import { Limits } from './limits/limits';
import { MailAllowance } from './limits/mail-allowance';
import { MailModule } from './mail/mail.module';
import { SystemMailer } from './mail/system-mailer';
import { Metrics } from './metrics';
import { DeadLetters } from './outbox/dead-letters';
import { Subscriptions } from './outbox/on';
import { Outbox } from './outbox/outbox';
import { OutboxMetrics } from './outbox/outbox.metrics';
import { OutboxWorker } from './outbox/outbox.worker';
import { JWT_KEYS, type Secrets } from './secrets';
import { Shutdown } from './shutdown';
import { Counters } from './throttle/counters';
import { MemoryCounters } from './throttle/memory-counters';

function countersOf({ REDIS_URL }: Config): Counters {
  if (!REDIS_URL) return new MemoryCounters();
  const { RedisCounters } = require('./throttle/redis-counters') as typeof import('./throttle/redis-counters');
  return new RedisCounters(REDIS_URL);
}

/** What tells of the tools. OpenTelemetry is loaded where it is asked for: a start would read four hundred files more. */
function watchersOf({ OTEL_EXPORTER_OTLP_ENDPOINT }: Config): Provider[] {
  const metrics = [DatabaseMetrics, OutboxMetrics, JobMetrics];
  if (!OTEL_EXPORTER_OTLP_ENDPOINT) return metrics;
  const { Telemetry } = require('./tracing/telemetry') as typeof import('./tracing/telemetry');
  return [...metrics, Telemetry];
}

/** The tools, for every module. */
@Module({})
export class KitModule {
  static of(config: Config, secrets: Secrets, source: DataSource): DynamicModule {
    const given = [
      { provide: CONFIG, useValue: config },
      { provide: KeyRing, useValue: secrets.ring },
      { provide: JWT_KEYS, useValue: secrets.jwt },
      { provide: Counters, useFactory: () => countersOf(config) },
    ];
    const tools = [
      Shutdown,
      Database,
      Outbox,
      Subscriptions,
      OutboxWorker,
      DeadLetters,
      SystemMailer,
      Routes,
      Serializer,
      Idempotency,
      Metrics,
      Limits,
      Leases,
      MailAllowance,
    ];
    const everywhere = [
      { provide: APP_PIPE, useClass: Validation },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ];
    const database = TypeOrmModule.forRootAsync({
      useFactory: () => ({ ...source.options, manualInitialization: true }),
      dataSourceFactory: async () => source,
    });
    return {
      module: KitModule,
      global: true,
      imports: [DiscoveryModule, ScheduleModule.forRoot(), database, MailModule.of(config)],
      providers: [...given, ...tools, ...everywhere, ...watchersOf(config), ContractCheck],
      exports: [...given, ...tools, MailModule],
    };
  }
}
