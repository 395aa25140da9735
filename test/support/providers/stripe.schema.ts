import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Ajv, { type ValidateFunction } from 'ajv';

const VECTORS = join(__dirname, '../../vectors/stripe');
const PAGE = ['limit', 'starting_after', 'ending_before', 'expand', 'created'];
/** What is read takes few parameters, and so do these changes; the others are in the types that Stripe publishes. */
const LISTS: Record<string, string[]> = {
  'GET /v1/checkout/sessions/{id}': ['expand'],
  'GET /v1/invoices/{id}': ['expand'],
  'GET /v1/payment_intents/{id}': ['expand'],
  'GET /v1/subscriptions/{id}': ['expand'],
  'GET /v1/invoice_payments': ['invoice', 'payment', 'status', ...PAGE],
  'GET /v1/disputes': ['payment_intent', 'charge', ...PAGE],
  'GET /v1/refunds': ['payment_intent', 'charge', ...PAGE],
  'GET /v1/charges': ['payment_intent', 'customer', 'transfer_group', ...PAGE],
  'GET /v1/invoices': ['subscription', 'customer', 'status', 'collection_method', 'due_date', ...PAGE],
  'POST /v1/invoices/{id}/void': ['expand'],
  'POST /v1/invoices/{id}': ['auto_advance', 'metadata', 'description', 'expand'],
};
/** As Stripe has it: a list is of a hundred at most, and nothing is made whole through more than four levels. */
const isTooMuch = ({ limit, expand = [] }: Record<string, any>): boolean =>
  Number(limit ?? 1) > 100 || expand.some((path: string) => path.split('.').length > 4);

/** What a checkout of ours never says, and what would take seconds to compile. */
const UNSAID = ['payment_method_options', 'payment_method_data', 'shipping_address_collection'];

const ajv = new Ajv({
  strict: false,
  coerceTypes: true, // a form knows texts only
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false },
});
const compiled = new Map<string, ValidateFunction>();

/** What Stripe would complain of in the parameters of a request; a parameter that it does not know, above all. */
export function complaintsAbout(operation: string, parameters: Record<string, unknown>): string | undefined {
  const known = LISTS[operation];
  if (known && isTooMuch(parameters)) return 'limit or expand';
  if (known) return Object.keys(parameters).find((name) => !known.includes(name));
  const validate = compiled.get(operation) ?? compile(operation);
  return validate(parameters) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'parameters' });
}

function compile(operation: string): ValidateFunction {
  if (!ajv.getSchema('stripe')) ajv.addSchema(readRequests(), 'stripe');
  const pointer = operation.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
  const validate = ajv.compile({
    $ref: `stripe#/definitions/StripeRequests/properties/${pointer.replaceAll(' ', '%20')}`,
  });
  compiled.set(operation, validate);
  return validate;
}

function readRequests(): object {
  const packed = readFileSync(join(VECTORS, 'stripe-request-params-2026-10-28.endive.schema.json.gz'));
  const schema = JSON.parse(gunzipSync(packed).toString('utf8'));
  const { properties } = schema.definitions['Checkout.SessionCreateParams'];
  for (const name of UNSAID) properties[name] = false;
  return schema;
}

/** An object as Stripe's own examples show it. */
export const example = (kind: string): Record<string, unknown> => structuredClone(examples()[kind]!);

let read: Record<string, Record<string, unknown>> | undefined;
const examples = () =>
  (read ??= JSON.parse(readFileSync(join(VECTORS, 'stripe-fixtures-2026-08.json'), 'utf8')).resources as NonNullable<
    typeof read
  >);
