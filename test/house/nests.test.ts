import type { House } from '../support/house';
import { exampleOf, named, operations, type Schema, resolve } from '../support/operations';
import { openPatient, TryOut } from '../support/try-out';

let house: House;
let tryOut: TryOut;

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
});
afterAll(() => house.close());

/** What may stand in a list of objects, or for the list, instead of what it wants. */
const NESTS: unknown[] = [
  [[]],
  [[[]]],
  [[{}]],
  [[[{}]]],
  [[], {}],
  [null],
  [[null]],
  ['x'],
  [['x']],
  [0],
  [[0]],
  [true],
  {},
  { 0: {} },
  { length: 1 },
  [{ a: [[]] }],
  [{ a: { b: [] } }],
];
/** The same, with what it wants inside. */
const wrapped = (fine: unknown): unknown[] => [[fine], [[fine]], [[[fine]]], { 0: fine }, [{ 0: fine }]];

/** Each place of a shape, with what the contract gives as an example of it. */
function* places(schema: Schema | undefined, within: string[] = []): Generator<[string[], unknown]> {
  for (const [name, property] of Object.entries(resolve(schema)?.properties ?? {})) {
    yield [[...within, name], exampleOf(property)];
    const { items, properties } = resolve(property) ?? {};
    if (properties) yield* places(property, [...within, name]);
    if (items) {
      yield [[...within, name, '0'], exampleOf(items)];
      yield* places(items, [...within, name, '0']);
    }
  }
}

test.each(named(operations.filter(({ body }) => body)))(
  '%s takes no nest for anything, and breaks at none',
  async (_, operation) => {
    const faults: string[] = [];
    let attempt = await tryOut.of(operation);
    for (const [path, fine] of places(operation.body)) {
      for (const value of [...NESTS, ...wrapped(fine)]) {
        const body: any = structuredClone(attempt.body ?? {});
        path.slice(0, -1).reduce((at, step, i) => (at[step] ??= /^\d+$/.test(path[i + 1]!) ? [] : {}), body)[
          path.at(-1)!
        ] = value;
        const answer = await attempt.send({ text: JSON.stringify(body) });
        const said = `${path.join('/')} = ${JSON.stringify(value)?.slice(0, 80)} was answered ${answer.status} ${answer.text.slice(0, 200)}`;
        if (answer.status >= 500) faults.push(said);
        if (
          answer.status === 422 &&
          answer.body.code === 'validation-failed' &&
          !answer.body.errors.some(({ pointer }: { pointer: string }) => pointer.startsWith(`#/${path[0]}`))
        )
          faults.push(said);
        if (answer.status < 300) attempt = await tryOut.of(operation);
      }
    }
    expect(faults).toEqual([]);
  },
);
