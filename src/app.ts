import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream } from 'pino';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module';
import { describe } from './document';
import type { Config } from './config/config';
import { allowOrigins } from './http/server/cors';
import { Serializer } from './http/server/serializer';
import { addHooks, createServer } from './http/server/server';
import { serveDocs } from './http/docs/docs';
import { createLog, nestLog } from './http/server/log';
import { loadSecrets } from './config/secrets';

/** Assembles the HTTP app. The server, the tests and the contract generator all start here. */
export async function createApp(
  config: Config,
  source: DataSource,
  { logTo }: { logTo?: DestinationStream } = {},
): Promise<NestFastifyApplication> {
  const log = createLog(config.LOG_LEVEL, logTo);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.of(config, loadSecrets(config), source),
    createServer(config, log),
    {
      logger: nestLog(log),
      abortOnError: false,
      bodyParser: false,
    },
  );
  allowOrigins(app, config.CORS_ORIGINS, log); // first: what is asked from elsewhere is answered alike on every path
  addHooks(app, config, log);

  const document = describe(app);
  app.get(Serializer).use(document);
  serveDocs(app, document, config.APP_NAME);
  return app;
}
