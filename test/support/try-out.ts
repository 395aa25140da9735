import type { Answer } from './answer';
import { House } from './house';
import { Providers } from './market';
import { type Call, METRICS_TOKEN, RECIPES } from './matrix/recipes';
import { World } from './matrix/world';
import { exampleBody, type Operation, parametersIn, urlOf } from './operations';
import { standing } from './social/sign-in';
import type { Visitor } from './visitor';

/** Settings of a house in which nothing expires while everything is tried. */
export const PATIENT = {
  ACCESS_TOKEN_TTL: '24h',
  INVITE_TTL: '24h',
  MAIL_LIMIT: '1000000/1h',
  METRICS_TOKEN,
  REFUND_WINDOW: '36500d',
  OIDC_PROVIDERS: JSON.stringify([standing.entry]),
};

/** Such a house, with everyone outside whom it talks to. */
export async function openPatient(): Promise<House> {
  const providers = await Providers.open();
  const house = await House.open({ ...PATIENT, ...providers.settings });
  house.onClose(() => providers.close());
  return house;
}

/** Calls of the contract's operations that would succeed as they are, by someone who may do anything. */
export class TryOut {
  world: World;
  caller: Visitor;

  constructor(private readonly house: House) {}

  async open(): Promise<this> {
    this.world = await new World(this.house).found();
    this.caller = await this.world.newcomer('Owner', '');
    await this.house.promote(this.caller);
    return this;
  }

  /** A call that succeeds once, with objects of its own. */
  async of(operation: Operation): Promise<Attempt> {
    const { world, caller } = this;
    const self = operation.permission.startsWith('self');
    const made = await RECIPES[operation.id]!({ world, kind: 'Owner', permission: operation.permission, caller, self });
    const ids = { ...world.home.ids, ...(self && { userId: (made.caller ?? caller).user.id }), ...made.ids };
    const example = operation.body && { ...exampleBody(operation), ...made.body };
    return new Attempt(
      operation,
      made.caller ?? caller,
      ids,
      JSON.parse(JSON.stringify(example ?? null)),
      made.headers,
      made.text,
    );
  }
}

export class Attempt {
  constructor(
    readonly operation: Operation,
    readonly caller: Visitor,
    readonly ids: Record<string, string>,
    /** The body, if the operation takes one. */
    readonly body: Record<string, unknown> | null,
    private readonly headers: Call['headers'],
    private readonly text: Call['text'],
  ) {}

  /** `text` is sent as the body, `query` as it stands. */
  send({
    text,
    query,
    headers,
  }: { text?: string; query?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
    const { operation, caller, ids, body } = this;
    const json: Record<string, string> = body || text !== undefined ? { 'content-type': 'application/json' } : {};
    const url = urlOf(operation, ids) + (query === undefined ? '' : `?${query}`);
    return caller.call(operation.method, url, {
      body: text ?? (body ? JSON.stringify(body) : this.text),
      headers: { ...json, ...this.headers, ...headers },
    });
  }

  /** The same with another value in one place: `name`, or `list/0/name`. */
  with(pointer: string, value: unknown): Promise<Answer> {
    const body = structuredClone(this.body) as any;
    const steps = pointer.split('/');
    const last = steps.pop()!;
    if (steps.length > 0) body[steps[0]!] ??= structuredClone(exampleBody(this.operation)![steps[0]!]);
    const holder = steps.reduce((within, step) => within[step], body);
    Object.defineProperty(holder, last, { value, enumerable: true, configurable: true, writable: true }); // also `__proto__`
    return this.send({ text: JSON.stringify(body) });
  }

  /** Every place in the body that a value can be put, nested lists of objects included. */
  get pointers(): string[] {
    return Object.entries({ ...exampleBody(this.operation), ...this.body }).flatMap(([name, value]) => {
      const [first] = Array.isArray(value) ? value : [];
      const inner =
        typeof first === 'object' && first !== null ? Object.keys(first).map((key) => `${name}/0/${key}`) : [];
      return [name, ...inner];
    });
  }

  get queries(): string[] {
    return parametersIn(this.operation, 'query').map(({ name }) => name);
  }
}
