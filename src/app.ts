import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DestinationStream } from 'pino';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module';
import { describe } from './document';
import type { Config } from './kit/config';
import { allowOrigins } from './kit/http/cors';
import { Serializer } from './kit/http/serializer';
import { addHooks, createServer } from './kit/http/server';
import { serveDocs } from './kit/openapi/docs';
import { createLog, nestLog } from './kit/log';
import { loadSecrets } from './kit/secrets';

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
