import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { Routes } from './http/contract/routes';
import { documentRoute, type Operation } from './http/openapi/documentation';
import { HEADERS } from './http/openapi/headers';
import { ProblemResponses, problemSchema } from './http/openapi/problems';
import { correctSchemas } from './http/openapi/schemas';
import { currentRelease } from './config/release';

const ABOUT = `Sign-up and sign-in, organizations with members, roles and e-mail invitations; payments, messages, content.

Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`. There will be more codes, and more fields and values in answers: a client
passes over what it does not know, and treats a problem with a code that it does not know as its \`status\` says. What may become of any request is
in \`default\`; a path that is not there answers 404 \`not-found\`, another method of one that is 405 \`method-not-allowed\` with the header \`Allow\`.

Lists are pages by \`cursor\`, newest first. \`PUT\` changes the fields that are sent. What belongs to another organization answers 404, like what
does not exist. Where no \`{orgId}\` is in the path, the header \`Organization-Id\` names the organization.

Besides the headers that an answer lists, each carries \`Content-Security-Policy\`, \`X-Content-Type-Options\`, \`X-Frame-Options\`,
\`Referrer-Policy\` and \`Cross-Origin-Resource-Policy\`, in production \`Strict-Transport-Security\`; where pages
of other origins may call, \`Vary\`, and for them the \`Access-Control-…\` of CORS.`;

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
    .setVersion(currentRelease().version)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .setOpenAPIVersion('3.0.3')
    .addServer('/', 'Where this document is served')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'The `accessToken` of a sign-up, a login or a refresh.',
    })
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The setting METRICS_TOKEN.' }, 'metrics');
  for (const [name, description] of Object.entries(TAGS)) about.addTag(name, description);

  const document = SwaggerModule.createDocument(app, about.build(), {
    operationIdFactory: (_controller, method) => method,
  });
  const problems = new ProblemResponses();
  const routes = new Map(
    app
      .get(Routes)
      .all()
      .map((route) => [route.method, route]),
  );
  for (const path of Object.values(document.paths)) {
    for (const [verb, operation] of Object.entries(path) as [Verb, Operation][]) {
      documentRoute(operation, routes.get(operation.operationId!)!, problems);
      path[verb] = inOrder(operation, READING);
    }
  }
  Object.assign(document.components!.schemas!, { Problem: problemSchema() });
  Object.assign(document.components!, { ...problems.components(), headers: HEADERS });
  correctSchemas(document);
  return inOrder(document, ['openapi', 'info', 'servers', 'tags', 'paths', 'components']);
}

type Verb = 'get' | 'post' | 'put' | 'delete';

/** As a person reads of an operation: what it is and who may first, what comes of it last. */
const READING = [
  'operationId',
  'summary',
  'description',
  'tags',
  'x-permission',
  'x-or-staff',
  'x-or-self',
  'security',
];

const inOrder = <T extends object>(node: T, first: string[]): T => {
  const rank = (key: string) => (key === 'responses' ? Infinity : first.indexOf(key) + 1 || first.length + 1);
  return Object.fromEntries(Object.entries(node).sort(([one], [other]) => rank(one) - rank(other))) as T;
};
