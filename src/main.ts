import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app';
import { connect } from './data-source';
import { SECOND } from './kit/clock';
import { type Config, isEmbedded, loadConfig } from './config/config';
import { migrate } from './database/migrate';
import { hostsIn } from './config/settings/server-url';
import { smtpTransport } from './mail/smtp.mailer';
import { warningsOf } from './config/production';
import { Shutdown } from './http/server/shutdown';

/** How long requests that run may take to finish, once nothing new is taken. */
const GRACE = 30 * SECOND;

/** Percent that the heap may grow beyond what lives before V8 collects all of it. By itself it goes by the memory of the machine. */
const GROWTH = 100;

async function main() {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig();
  const source = await connect(config);
  await migrate(source);
  const app = await createApp(config, source);
  for (const warning of warningsOf(config)) Logger.warn(warning, 'Settings');
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => void stop(app, config));
  await app.listen(config.PORT, config.HOST);
  if (config.NODE_ENV !== 'production') console.log(greeting(config));
}

/** Leaves when SHUTDOWN_DELAY is over, or when it is told again. */
async function stop(app: NestFastifyApplication, { SHUTDOWN_DELAY }: Config) {
  if (!(await app.get(Shutdown).begin(SHUTDOWN_DELAY))) return;
  setTimeout(() => process.exit(1), GRACE).unref();
  await app.close().catch(fail);
  process.exit();
}

const greeting = (config: Config) => `
  Tenantry is ready.
    API          ${config.APP_URL}
    Swagger UI   ${config.APP_URL}/docs
    Contract     ${config.APP_URL}/openapi.yaml
    Mail         ${smtpTransport(config) ? 'sent over SMTP' : `${config.APP_URL}/dev/mailbox`}
    Database     ${isEmbedded(config) ? config.DATABASE_URL.slice('sqlite:'.length) : hostsIn(config.DATABASE_URL)}
`;

/** In words that name the setting to change. */
const reasonOf = ({ code, port, message }: Error & { code?: string; port?: number }): string =>
  code === 'EADDRINUSE' ? `PORT: ${port} is taken; stop what listens there, or set another` : message;

function fail(reason: unknown): never {
  console.error(reason);
  process.exit(1);
}

main().catch((error: Error) => fail(reasonOf(error)));
