import Mustache from 'mustache';
import { type Fault, ValidationFailed } from '../../kit/problem';

/** What a template may name: a text to show or, for a section, a truth. */
export type Variable = { name: string; type: 'string' | 'boolean' };
export type Values = Readonly<Record<string, string | boolean>>;

export const MAX_SOURCE = 65_536;
const MAX_RENDERED = 262_144;
const MAX_DEPTH = 3;
const MAX_TAG = 250; // Mustache looks for the end of a tag in quadratic time

type Kind = 'text' | 'name' | '#' | '^' | '!';
type Token = [kind: Kind, value: string, start: number, end: number, inner?: Token[]];

/** Mustache keeps what it parsed for good, unless it is told not to: that would be a leak that any tenant could fill. */
const parser = Object.assign(new Mustache.Writer(), { templateCache: undefined });

/** What is wrong with a template, and at which character of it. */
class Mistake extends Error {
  constructor(
    readonly at: number,
    what: string,
  ) {
    super(what);
  }
}

/**
 * A text in the part of Mustache that can do no harm: names, sections and inverted sections on truths, comments. It sees nothing but
 * the values of the names that were declared; there is no raw output, no partial, no other delimiter, no path, no function.
 */
export class Template {
  private constructor(private readonly tokens: Token[]) {}

  /** @throws ValidationFailed at `pointer` with the line and column of the mistake */
  static parse(source: string, declared: readonly Variable[], pointer: string): Template {
    if (Buffer.byteLength(source) > MAX_SOURCE) throw fault(pointer, `must be at most ${MAX_SOURCE} bytes of UTF-8`);
    try {
      requirePlainTags(source);
      const tokens = parser.parse(source) as unknown as Token[];
      check(tokens, new Map(declared.map(({ name, type }) => [name, type])), MAX_DEPTH);
      return new Template(tokens);
    } catch (error) {
      const { at, message } = asMistake(error);
      throw fault(pointer, `${placeOf(source, at)}: ${message}`);
    }
  }

  /** The text with its values in it, each through `escape`; what has no value is empty. @throws ValidationFailed at `pointer` when it grows too large */
  render(values: Values, escape: (text: string) => string, pointer: string): string {
    const view: Record<string, string | boolean> = Object.assign(Object.create(null), values);
    const parts: string[] = [];
    let size = 0;
    const write = (tokens: Token[]): void => {
      for (const [kind, value, , , inner] of tokens) {
        if (inner && (view[value] === true) === (kind === '#')) write(inner);
        if (kind !== 'text' && kind !== 'name') continue;
        const part = kind === 'text' ? value : escape(String(view[value] ?? ''));
        if ((size += part.length) > MAX_RENDERED)
          throw fault(pointer, `must not become more than ${MAX_RENDERED} characters`);
        parts.push(part);
      }
    };
    write(this.tokens);
    return parts.join('');
  }
}

const FORBIDDEN: Record<string, string> = {
  '{': 'text is always escaped: write {{name}} with two braces',
  '&': 'text is always escaped: write {{name}} without &',
  '>': 'a template cannot include another',
  '=': 'the delimiters stay {{ and }}',
};

/** Refuses what has no place here before anything parses it. */
function requirePlainTags(source: string): void {
  for (let at = source.indexOf('{{'); at >= 0; at = source.indexOf('{{', at)) {
    const end = source.indexOf('}}', at);
    if (end < 0) throw new Mistake(at, 'this tag is not closed');
    if (end - at > MAX_TAG) throw new Mistake(at, `a tag must be closed within ${MAX_TAG} characters`);
    const forbidden = FORBIDDEN[source.slice(at + 2, end).trimStart()[0] ?? ''];
    if (forbidden) throw new Mistake(at, forbidden);
    at = end + 2;
  }
}

function check(tokens: Token[], declared: Map<string, Variable['type']>, depth: number): void {
  for (const [kind, name, start, , inner] of tokens) {
    if (kind === 'text' || kind === '!') continue;
    if (kind !== 'name' && kind !== '#' && kind !== '^') throw new Mistake(start, 'this is not allowed here');
    const type = declared.get(name);
    if (!type) throw new Mistake(start, `"${name}" is not one of its variables: ${listOf(declared)}`);
    if (kind === 'name' && type !== 'string')
      throw new Mistake(start, `"${name}" is true or false: use it as {{#${name}}}…{{/${name}}}`);
    if (kind !== 'name' && type !== 'boolean')
      throw new Mistake(start, `"${name}" is a text: a section wants true or false`);
    if (inner && depth === 0) throw new Mistake(start, `sections may be nested ${MAX_DEPTH} deep`);
    if (inner) check(inner, declared, depth - 1);
  }
}

const listOf = (declared: Map<string, unknown>): string => [...declared.keys()].join(', ') || 'it has none';

/** Mustache says where at the end of its message. */
function asMistake(error: unknown): { at: number; message: string } {
  if (error instanceof Mistake) return error;
  const [, message, at] = /^(Un(?:closed|opened) (?:tag|section).*) at (\d+)$/s.exec((error as Error).message) ?? [];
  if (message === undefined) throw error;
  return { at: Number(at), message: message.replace(/^U/, 'u') };
}

function placeOf(source: string, at: number): string {
  const before = source.slice(0, at).split('\n');
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

const fault = (pointer: string, detail: string) => new ValidationFailed({ errors: [{ pointer, detail }] });

/** The values given for what was declared: every text must be there, a truth that is not is false. @throws ValidationFailed naming each fault */
export function valuesFor(declared: readonly Variable[], given: object, pointer: string): Values {
  const types = new Map(declared.map(({ name, type }) => [name, type]));
  const faults: Fault[] = [];
  const add = (name: string, detail: string) => faults.push({ pointer: `${pointer}/${pointerOf(name)}`, detail });
  for (const name of Object.keys(given))
    if (!types.has(name)) add(name, `is not one of its variables: ${listOf(types)}`);
  const values = declared.map(({ name, type }): [string, string | boolean] => {
    const value: unknown = Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined;
    if (type === 'boolean' && value === undefined) return [name, false];
    if (typeof value !== type) add(name, type === 'string' ? 'must be a text' : 'must be true or false');
    return [name, value as string | boolean];
  });
  if (faults.length > 0) throw new ValidationFailed({ errors: faults });
  return Object.fromEntries(values);
}

/** As a part of a JSON pointer in a URI fragment (RFC 6901, 3 and 6). */
const pointerOf = (name: string) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
