import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { documentRoute, PROBLEM_SCHEMA } from './kit/openapi/documentation';
import { untype } from './kit/http/fields';
import { Routes } from './kit/http/routes';

const ABOUT = `Sign-up and sign-in, organizations with members, roles and e-mail invitations; payments, messages, content.

Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`. Lists are pages by \`cursor\`, newest first. \`PUT\` changes the fields that are
sent. What belongs to another organization answers 404, like what does not exist. Where no \`{orgId}\` is in the path, the header
\`Organization-Id\` names the organization.`;

const TAGS = {
  Auth: 'Sign-up, sign-in, mailed links that prove a mailbox or sign in',
  'Social login': 'Sign-in through Google, GitHub, Microsoft or any OpenID Connect issuer',
  Passwords: 'Set and change',
  Sessions: 'Tokens and the devices they live on',
  Users: 'People: profile, settings, documents',
  Organizations: 'Tenants',
  Members: 'Who belongs to an organization, and as what',
  Roles: 'What members may do',
  Invites: 'Bringing people in by e-mail',
  Pages: 'What an organization shows the world: texts in Markdown',
  Posts: 'Its blog, with a feed',
  Waitlist: 'People who wait to be invited',
  Plans: 'What is sold',
  Payments: 'Checkouts with Stripe, Flutterwave and Lemon Squeezy, the ledger, the subscription',
  Notifications: 'What a person is told, also as it happens',
  Messages: 'Mails that an organization sends, and what became of them',
  Templates: 'The words of its mails',
  Activity: 'Who did what to what, when and from where',
  Versions: 'Which version of the application runs, and which ran before',
  System: 'Health and metrics',
};

/** The contract, as the code has it. */
export function describe(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Tenantry')
    .setDescription(ABOUT)
    .setVersion('1.0')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .setOpenAPIVersion('3.0.3')
    .addServer('/', 'Where this document is served')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'The `accessToken` of a sign-up, a login or a refresh.',
    });
  for (const [name, description] of Object.entries(TAGS)) about.addTag(name, description);

  const document = SwaggerModule.createDocument(app, about.build(), {
    operationIdFactory: (_controller, method) => method,
  });
  const operations = new Map(
    Object.values(document.paths)
      .flatMap((path) => Object.values(path))
      .map((operation) => [operation.operationId, operation]),
  );
  for (const route of app.get(Routes).all()) {
    const operation = operations.get(route.method);
    if (operation) documentRoute(operation, route);
  }
  Object.values(document.components!.schemas!).forEach((schema) => untype(schema as Record<string, unknown>));
  document.components!.schemas!.Problem = PROBLEM_SCHEMA as never;
  return document;
}
