import Ajv from 'ajv';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What our own API means by a format; a contract that uses another one fails. */
const FORMATS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'date-time': (text: string) => MOMENT.test(text) && !Number.isNaN(Date.parse(text)),
  email: /^[^\s@A-Z]+@[^\s@A-Z]+$/,
  password: true,
} as const;

/**
 * Holds values against schemas of OpenAPI 3.0 as a strict client does: an object has nothing that its schema does not name, and
 * `nullable`, which is Ajv's to judge, adds null to the type beside it alone: neither to an enum nor to what an allOf refers to.
 */
export class Schemas {
  private readonly ajv = new Ajv({ allErrors: true, strictTypes: false, formats: FORMATS, keywords: ['example'] });
  private readonly compiled = new WeakMap<object, ReturnType<Ajv['compile']>>();

  constructor(components: Record<string, object>) {
    for (const [name, schema] of Object.entries(components))
      this.ajv.addSchema(closed(schema) as object, `#/components/schemas/${name}`);
  }

  /** What is wrong with a value; undefined where it fits. */
  misfit(schema: object, value: unknown): string | undefined {
    let fits = this.compiled.get(schema);
    if (!fits) this.compiled.set(schema, (fits = this.ajv.compile(closed(schema) as object)));
    return fits(value) ? undefined : this.ajv.errorsText(fits.errors, { dataVar: 'it' });
  }
}

function closed(node: unknown, isPart = false): unknown {
  if (Array.isArray(node)) return node.map((one) => closed(one));
  if (typeof node !== 'object' || node === null) return node;
  const schema: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (key.startsWith('x-')) continue;
    schema[key] = key === 'allOf' ? value.map((part: unknown) => closed(part, true)) : closed(value);
  }
  if (schema.properties && !isPart) schema.additionalProperties ??= false; // a part leaves the rest to the others
  return schema;
}
