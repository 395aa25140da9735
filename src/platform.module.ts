import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CONFIG, type Config } from './config/config';
import { KeyRing } from './kit/key-ring';
import { Database } from './database/database';
import { DatabaseMetrics } from './database/database.metrics';
import { ProblemFilter } from './http/server/problem.filter';
import { ContractCheck } from './http/contract/contract.check';
import { Idempotency } from './http/idempotency/idempotency';
import { Routes } from './http/contract/routes';
import { Serializer } from './http/server/serializer';
import { Validation } from './http/contract/validation';
import { JobMetrics } from './jobs/job.metrics';
import { Leases } from './database/leases/leases';
import { AccountLimits } from './rate-limit/account-limits';
import { MailAllowance } from './rate-limit/mail-allowance';
import { MailModule } from './mail/mail.module';
import { SystemMailer } from './mail/system-mailer';
import { Metrics } from './telemetry/metrics';
import { DeadLetters } from './outbox/dead-letters';
import { OutboxHandlers } from './outbox/outbox.handlers';
import { Outbox } from './outbox/outbox';
import { OutboxMetrics } from './outbox/outbox.metrics';
import { OutboxWorker } from './outbox/outbox.worker';
import { JWT_KEYS, type Secrets } from './config/secrets';
import { Shutdown } from './http/server/shutdown';
import { RateLimitStore } from './rate-limit/rate-limit.store';
import { MemoryStore } from './rate-limit/memory.store';

function countersOf({ REDIS_URL }: Config): RateLimitStore {
  if (!REDIS_URL) return new MemoryStore();
  const { RedisStore } = require('./rate-limit/redis.store') as typeof import('./rate-limit/redis.store');
  return new RedisStore(REDIS_URL);
}

/** What tells of the tools. OpenTelemetry is loaded where it is asked for: a start would read four hundred files more. */
function watchersOf({ OTEL_EXPORTER_OTLP_ENDPOINT }: Config): Provider[] {
  const metrics = [DatabaseMetrics, OutboxMetrics, JobMetrics];
  if (!OTEL_EXPORTER_OTLP_ENDPOINT) return metrics;
  const { Telemetry } = require('./telemetry/telemetry') as typeof import('./telemetry/telemetry');
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
      { provide: RateLimitStore, useFactory: () => countersOf(config) },
    ];
    const tools = [
      Shutdown,
      Database,
      Outbox,
      OutboxHandlers,
      OutboxWorker,
      DeadLetters,
      SystemMailer,
      Routes,
      Serializer,
      Idempotency,
      Metrics,
      AccountLimits,
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
