const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What our own API means by a format; a contract that uses another one fails. */
export const FORMATS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': (text: string) => MOMENT.test(text) && !Number.isNaN(Date.parse(text)),
  email: /^[^\s@A-Z]+@[^\s@A-Z]+$/,
  uri: (text: string) => URL.canParse(text),
} as const;

/** OpenAPI 3.0 as JSON Schema: `nullable` becomes one more type, and an object holds nothing that its schema does not name. */
export function strict(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(strict);
  if (typeof node !== 'object' || node === null) return node;

  const keywords = Object.entries(node).filter(([key, value]) => !key.startsWith('x-') && !isNullable(key, value));
  const schema = Object.fromEntries(keywords.map(([key, value]) => [key, strict(value)]));
  if (schema.properties) schema.additionalProperties ??= false;
  return Object.entries(node).some(([key, value]) => isNullable(key, value))
    ? { anyOf: [schema, { type: 'null' }] }
    : schema;
}

const isNullable = (key: string, value: unknown): boolean => key === 'nullable' && value === true;
