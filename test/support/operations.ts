import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import openapi from '../../openapi.yaml';
import type { Method } from './visitor';

export type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: unknown[];
  example?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
};
export type Parameter = { name: string; in: 'path' | 'query' | 'header'; schema: Schema; example?: unknown };

/** One operation of the contract. `permission`, `orStaff` and `orSelf` say who may call it. */
export type Operation = {
  id: string;
  method: Method;
  path: string;
  permission: string;
  orStaff?: string;
  orSelf: boolean;
  parameters: Parameter[];
  body?: Schema;
  /** Its body is bytes that someone signed: nobody here can make up another. */
  isSigned: boolean;
  document: Document;
};
type Document = {
  operationId: string;
  summary?: string;
  tags?: string[];
  'x-permission': string;
  'x-or-staff'?: string;
  'x-or-self'?: boolean;
  'x-raw-body'?: boolean;
  parameters?: Parameter[];
  requestBody?: {
    content: { 'application/json': { schema: Schema; examples?: Record<string, { value: Record<string, unknown> }> } };
  };
  security: Record<string, string[]>[];
  description: string;
  responses: Record<string, AnswerDocument>;
};
export type AnswerDocument = {
  $ref?: string;
  headers?: Record<string, { $ref?: string }>;
  content?: Record<string, { schema: Schema; examples?: Record<string, object> }>;
};
type Contract = {
  info: { version: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Document>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, AnswerDocument>;
    headers: Record<string, { required?: boolean; schema: Schema }>;
    examples: Record<string, { value: { status: number; code: string } }>;
    securitySchemes: Record<string, object>;
  };
};

export const contractText = readFileSync(join(__dirname, '../../openapi.yaml'), 'utf8');
export const contract = openapi as Contract;

/** Every operation, as openapi.yaml has it when the test runs. */
export const operations: Operation[] = Object.entries(contract.paths).flatMap(([path, verbs]) =>
  Object.entries(verbs).map(([verb, document]) => ({
    id: document.operationId,
    method: verb.toUpperCase() as Method,
    path,
    permission: document['x-permission'],
    orStaff: document['x-or-staff'],
    orSelf: document['x-or-self'] === true,
    parameters: document.parameters ?? [],
    body: document['x-raw-body'] ? undefined : resolve(document.requestBody?.content['application/json'].schema),
    isSigned: document['x-raw-body'] === true,
    document,
  })),
);

/** For test.each: an operation's name, and the operation. */
export const named = (some: Operation[] = operations): [string, Operation][] =>
  some.map((operation) => [operation.id, operation]);

export const parametersIn = ({ parameters }: Operation, place: Parameter['in']): Parameter[] =>
  parameters.filter((one) => one.in === place);

/** Whether it takes the organization from the header, not from the path. */
export const takesOrganization = (operation: Operation): boolean =>
  parametersIn(operation, 'header').some(({ name }) => name === 'Organization-Id');

/** An answer without the detour over `$ref`. */
export const answerOf = (answer: AnswerDocument | undefined): AnswerDocument =>
  (answer?.$ref ? contract.components.responses[answer.$ref.split('/').pop()!] : answer) ?? {};

/** The codes of the problems that an operation may give, by status. */
export const codesOf = ({ document }: Operation, status: string): string[] =>
  Object.keys(answerOf(document.responses[status]).content?.['application/problem+json']?.examples ?? {});

/** A schema without the detour over `$ref`. */
export function resolve(schema: Schema | undefined): Schema | undefined {
  if (!schema?.$ref) return schema;
  return contract.components.schemas[schema.$ref.split('/').pop()!];
}

/** What Swagger UI puts into "Try it out". */
export function exampleOf(schema: Schema | undefined): unknown {
  const { example, enum: values, type, items, properties } = resolve(schema) ?? {};
  if (example !== undefined) return example;
  if (values) return values[0];
  if (type === 'array') return [exampleOf(items)];
  if (properties)
    return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, exampleOf(property)]));
  return { integer: 0, boolean: true, object: {} }[type ?? ''] ?? 'string';
}

/** The example of a whole request body; nothing for an operation that takes none. */
export function exampleBody({ body, document }: Operation): Record<string, unknown> | undefined {
  const [whole] = Object.values(document.requestBody?.content['application/json'].examples ?? {});
  return whole?.value ?? (body && (exampleOf(body) as Record<string, unknown>));
}

/** The operation's path with these in place of its parameters, and this query. @throws Error when one has no value */
export function urlOf(
  { id, path }: Operation,
  ids: Record<string, string>,
  query: Record<string, string> = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (!ids[name]) throw new Error(`${id}: nothing is known about the path parameter ${name}.`);
    return ids[name];
  });
  const search = new URLSearchParams(query).toString();
  return search ? `${filled}?${search}` : filled;
}
