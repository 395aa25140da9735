/* What of a contract (OpenAPI 3.0) clients lean on, and what may not change under them. */

export type Schema = {
  $ref?: string;
  type?: string;
  format?: string;
  pattern?: string;
  nullable?: boolean;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: unknown;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
} & Partial<Record<(typeof UPPER | typeof LOWER)[number], number>>;
type Content = Record<string, { schema?: Schema }>;
type Parameter = { name: string; in: string; required?: boolean; schema?: Schema };
type Header = { $ref?: string; required?: boolean; schema?: Schema };
type Answer = { $ref?: string; headers?: Record<string, Header>; content?: Content };
type Operation = {
  operationId: string;
  security?: object[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  responses: Record<string, Answer>;
};
export type Contract = {
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    responses?: Record<string, Answer>;
    headers?: Record<string, Header>;
  };
};

/** A request must go on being taken, an answer must go on being understood. */
type Side = 'request' | 'answer';

const UPPER = ['maxLength', 'maximum', 'maxItems', 'maxProperties'] as const;
const LOWER = ['minLength', 'minimum', 'minItems', 'minProperties'] as const;

/**
 * What a client of `before` would trip over in `after`, one line each. Whatever is only added is no break: new operations, optional
 * parameters and fields, further fields in an answer, further values of an enum in it.
 */
export const breakingChanges = (before: Contract, after: Contract): string[] => new Comparison(before, after).found();

class Comparison {
  private readonly faults = new Set<string>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly before: Contract,
    private readonly after: Contract,
  ) {}

  found(): string[] {
    for (const [path, verbs] of Object.entries(this.before.paths)) {
      for (const [verb, was] of Object.entries(verbs)) {
        const is = this.after.paths[path]?.[verb];
        if (is) this.operations(`${verb.toUpperCase()} ${path}`, was, is);
        else this.faults.add(`${verb.toUpperCase()} ${path} is gone`);
      }
    }
    return [...this.faults];
  }

  private operations(where: string, was: Operation, is: Operation): void {
    this.fault(was.operationId !== is.operationId, `${where} was ${was.operationId}, is ${is.operationId}`);
    this.fault(!wantsCaller(was) && wantsCaller(is), `${where} wants a caller who is signed in`);
    this.parameters(where, was.parameters ?? [], is.parameters ?? []);
    this.bodies(where, was.requestBody, is.requestBody);
    this.answers(where, was.responses, is.responses);
  }

  private bodies(where: string, was: Operation['requestBody'], is: Operation['requestBody']): void {
    this.fault(was && !is, `${where} takes no body any more`);
    this.fault(is?.required && !was?.required, `${where} wants a body`);
    if (was && is) this.contents(`${where}, body`, was.content, is.content, 'request');
  }

  private answers(where: string, before: Operation['responses'], after: Operation['responses']): void {
    for (const [status, named] of Object.entries(before)) {
      const [was, is] = [answerOf(named, this.before), answerOf(after[status], this.after)];
      this.fault(!is, `${where} does not answer ${status} any more`);
      if (!is) continue;
      this.contents(`${where}, ${status}`, was!.content ?? {}, is.content ?? {}, 'answer');
      const always = Object.keys(was!.headers ?? {}).filter((name) => isSure(was!, name, this.before));
      for (const name of always)
        this.fault(!isSure(is, name, this.after), `${where}, ${status} may come without ${name} now`);
    }
    for (const status of Object.keys(after))
      this.fault(status.startsWith('2') && !before[status], `${where} may answer ${status} now`);
  }

  private parameters(where: string, before: Parameter[], after: Parameter[]): void {
    const find = (some: Parameter[], one: Parameter) => some.find((it) => it.in === one.in && it.name === one.name);
    for (const was of before) {
      const is = find(after, was);
      this.fault(!is, `${where}, ${was.in} ${was.name} is gone`);
      if (is) this.schemas(`${where}, ${was.in} ${was.name}`, was.schema ?? {}, is.schema ?? {}, 'request');
    }
    for (const is of after)
      this.fault(is.required && !find(before, is)?.required, `${where}, ${is.in} ${is.name} is required now`);
  }

  private contents(where: string, before: Content, after: Content, side: Side): void {
    for (const [type, was] of Object.entries(before)) {
      const is = after[type];
      this.fault(!is, `${where} is not ${type} any more`);
      if (is) this.schemas(where, was.schema ?? {}, is.schema ?? {}, side);
    }
  }

  private schemas(place: string, before: Schema, after: Schema, side: Side): void {
    const [was, is] = [resolved(before, this.before), resolved(after, this.after)];
    if (side === 'request') this.fault(was.nullable && !is.nullable, `${place} cannot be null any more`);
    else this.fault(is.nullable && !was.nullable, `${place} can be null now`);

    const name = nameOf(before);
    const pair = `${side} ${name} ${nameOf(after)}`;
    const isWhole = [before, after].every(({ allOf = [] }) => allOf.length < 2);
    if (name && isWhole && this.seen.has(pair)) return; // a named shape is compared once, also one that holds itself
    this.seen.add(pair);
    this.shapes(name ?? place, was, is, side);
  }

  private shapes(where: string, was: Schema, is: Schema, side: Side): void {
    for (const key of ['type', 'format'] as const)
      this.fault(was[key] !== is[key], `${where}: ${key} was ${was[key] ?? 'free'}, is ${is[key] ?? 'free'}`);
    if (side === 'request') this.narrowed(where, was, is);
    else this.widened(where, was, is);
    if (was.items && is.items) this.schemas(`${where}[]`, was.items, is.items, side);
    for (const [field, property] of Object.entries(was.properties ?? {})) {
      const now = is.properties?.[field];
      this.fault(!now, `${where}.${field} is gone`); // from a request, too: what is not known is refused
      if (now) this.schemas(`${where}.${field}`, property, now, side);
    }
  }

  /** A request that was taken is refused. */
  private narrowed(where: string, was: Schema, is: Schema): void {
    this.fault(is.pattern && plain(is.pattern) !== plain(was.pattern), `${where}: its pattern is another`);
    this.fault(was.additionalProperties && !is.additionalProperties, `${where} does not take any field any more`);
    for (const name of missing(is.required, was.required)) this.faults.add(`${where}.${name} is required now`);
    const refused = was.enum ? missing(was.enum, is.enum ?? was.enum) : [];
    for (const value of refused) this.faults.add(`${where} cannot be ${String(value)} any more`);
    this.fault(is.enum && !was.enum, `${where} takes only certain values now`);
    for (const limit of UPPER)
      this.fault((is[limit] ?? Infinity) < (was[limit] ?? Infinity), `${where}: ${limit} is ${is[limit]} now`);
    for (const limit of LOWER)
      this.fault((is[limit] ?? -Infinity) > (was[limit] ?? -Infinity), `${where}: ${limit} is ${is[limit]} now`);
  }

  /** An answer holds what its reader does not expect. */
  private widened(where: string, was: Schema, is: Schema): void {
    this.fault(was.enum && !is.enum, `${where} can be any value now`);
    for (const name of missing(was.required, is.required)) this.faults.add(`${where}.${name} can be missing now`);
  }

  private fault(isOne: unknown, fault: string): void {
    if (isOne) this.faults.add(fault);
  }
}

const wantsCaller = ({ security = [] }: Operation): boolean =>
  security.length > 0 && security.every((one) => Object.keys(one).length > 0); // `{}`: or nobody

/** The name of a shape that is written elsewhere; beside `nullable` the reference hides in an allOf. */
const nameOf = ({ $ref, allOf }: Schema): string | undefined => lastOf($ref ?? allOf?.[0]?.$ref);
const lastOf = (reference?: string): string | undefined => reference?.split('/').pop();
const missing = <T>(from: T[] = [], others: T[] = []): T[] => from.filter((one) => !others.includes(one));

/** A slash may be escaped, and means the same. */
const plain = (pattern?: string): string | undefined => pattern?.replaceAll('\\/', '/');

const answerOf = (answer: Answer | undefined, { components }: Contract): Answer | undefined =>
  answer?.$ref ? components.responses?.[lastOf(answer.$ref)!] : answer;

function isSure({ headers = {} }: Answer, name: string, { components }: Contract): boolean {
  const header = headers[name];
  return (header?.$ref ? components.headers?.[lastOf(header.$ref)!] : header)?.required === true;
}

/** A schema without its detours: what several parts say of one property, they say together. */
function resolved(schema: Schema, contract: Contract): Schema {
  const { $ref, allOf = [], ...own } = schema;
  const parts = [...($ref ? [contract.components.schemas[nameOf({ $ref })!] ?? {}] : []), ...allOf];
  return [...parts.map((part) => resolved(part, contract)), own].reduce(together, {});
}

const together = (one: Schema, other: Schema): Schema => ({
  ...one,
  ...other,
  ...(one.required && other.required && { required: [...one.required, ...other.required] }),
  ...(one.properties && other.properties && { properties: allTogether(one.properties, other.properties) }),
});

const allTogether = (some: Record<string, Schema>, others: Record<string, Schema>): Record<string, Schema> => ({
  ...some,
  ...Object.fromEntries(Object.entries(others).map(([name, other]) => [name, together(some[name] ?? {}, other)])),
});

const PROSE = new Set(['description', 'summary', 'example', 'examples', 'tags', 'title', 'info', 'servers']);

/** The contract without its prose: what is compared, and kept of a release. */
export function withoutProse(node: unknown, namesAreOurs = false): unknown {
  if (Array.isArray(node)) return node.map((one) => withoutProse(one));
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => namesAreOurs || !(PROSE.has(key) || key.startsWith('x-')));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, withoutProse(value, key === 'properties' && !namesAreOurs)]),
  );
}
