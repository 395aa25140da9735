import { parse } from 'yaml';
import { contract, contractText } from '../support/operations';
import { Schemas } from '../support/schema';

type Node = Record<string, any>;

/** Every object in the contract for which this holds, by where it stands. */
function all(holds: (node: Node) => boolean, node: unknown = contract, place = '#'): [string, Node][] {
  if (typeof node !== 'object' || node === null) return [];
  const inside = Object.entries(node).flatMap(([key, value]) => all(holds, value, `${place}/${key}`));
  return !Array.isArray(node) && holds(node as Node) ? [[place, node as Node], ...inside] : inside;
}

const schemas = new Schemas(contract.components.schemas);

describe('null', () => {
  const Cat = { type: 'object', properties: { name: { type: 'string' } } };
  const ofCats = new Schemas({ Cat });

  test.each<[string, object]>([
    ['an enum that does not list it', { type: 'string', enum: ['new-device', 'off'], nullable: true }],
    ['a reference beside nullable', { type: 'object', nullable: true, allOf: [{ $ref: '#/components/schemas/Cat' }] }],
    ['nullable within a part of an allOf alone', { allOf: [Cat, { ...Cat, nullable: true }] }],
    ['a list of what cannot be null', { type: 'array', items: { type: 'string' } }],
  ])('is refused by %s', (_, schema) => {
    expect(ofCats.misfit(schema, null)).toBeDefined();
  });

  test('fits wherever the contract says nullable', () => {
    const nullable = all(({ nullable: may }) => may === true);
    expect(nullable.length).toBeGreaterThan(50);
    const refused = nullable.filter(([, schema]) => schemas.misfit(schema, null) !== undefined);
    expect(refused.map(([place]) => place)).toEqual([]);
  });

  test('says who says nullable: where no enum lists it, and nothing stands beside a reference', () => {
    const enums = all((node) => Array.isArray(node.enum) && node.enum.includes(null) !== (node.nullable === true));
    expect(enums.map(([place]) => place)).toEqual([]);
    const beside = all((node) => '$ref' in node && Object.keys(node).length > 1);
    expect(beside.map(([place]) => place)).toEqual([]);
  });
});

const patterns = [...new Set(all((node) => typeof node.pattern === 'string').map(([, { pattern }]) => pattern))];

describe.each(patterns)('the pattern %s', (pattern) => {
  test('is plain ECMAScript', () => {
    expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });

  test('escapes nothing without need: generators write it between quotes, or between slashes of their own', () => {
    expect(pattern).not.toMatch(/\\\//);
    const classes = pattern.match(/\[(?:\\.|[^\]\\])*\]/g) ?? [];
    expect(classes.filter((one: string) => /\\[^\]\\^dDsSwWnrtux-]/.test(one))).toEqual([]);
  });

  test('holds nothing that RE2, Go and Rust lack: no look around, no reference back', () => {
    expect(pattern).not.toMatch(/\(\?[^:]|\\[1-9kpP]/);
  });
});

test('openapi.yaml says the same in YAML 1.1, which most generators read: there `off` is no text', () => {
  expect(parse(contractText, { version: '1.1' })).toEqual(parse(contractText));
});
