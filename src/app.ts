import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { DestinationStream } from 'pino';
import type { DataSource } from 'typeorm';
import { AppModule } from './app.module';
import { describe } from './document';
import type { Config } from './kit/config';
import { allowOrigins } from './kit/http/cors';
import { freshExamples } from './kit/http/fresh-examples';
import { Serializer } from './kit/http/serializer';
import { addHooks, createServer } from './kit/http/server';
import { createLog, nestLog } from './kit/log';
import { escapeHtml } from './kit/mail/html';
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
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: escapeHtml(`${config.APP_NAME} API`),
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, plugins: [freshExamples] },
  });
  return app;
}
