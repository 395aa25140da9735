import type { House } from '../support/house';
import { call, cellsOf, faultOf, isDenied, textOf, unknownTo } from '../support/matrix/cells';
import { unsaidOf } from '../support/matrix/logged';
import { RECIPES } from '../support/matrix/recipes';
import { mailOf, rowsOf } from '../support/matrix/snapshot';
import { KINDS } from '../support/matrix/verdict';
import { World } from '../support/matrix/world';
import { engine } from '../support/engines';
import { named, type Operation, operations } from '../support/operations';
import { openPatient } from '../support/try-out';

/*
 * Generated from openapi.yaml: every operation × every kind of caller × references of one's own, of another tenant, and to nothing, in
 * path, query and body. What must become of each call follows from the operation's permission alone.
 */
let house: House;
let world: World;
let before: unknown[];
let mailBefore: number[];
const checked: string[] = [];
let nothing: string | undefined;

beforeAll(async () => {
  house = await openPatient();
  world = await new World(house).found().then((founded) => founded.gather());
  [before, mailBefore] = [await rows(), await mail()];
});
afterAll(() => house.close());

const rows = () => Promise.all([world.home, world.fjord].map((tenant) => rowsOf(house, tenant)));
const mail = () => Promise.all([world.home, world.fjord].map((tenant) => mailOf(house, tenant)));

/** Makes those calls of an operation, and lists what is wrong with the answers. */
async function faults(operation: Operation, denied: boolean): Promise<string[]> {
  const found: (string | undefined)[] = [];
  const answers = new Map<string, string>();
  for (const cell of cellsOf(operation, world).filter((one) => isDenied(one) === denied)) {
    const { kind, place, verdict } = cell;
    const answer = await call(cell, world);
    const text = textOf(answer, place.sent);
    checked.push(`${operation.id} × ${kind}`);
    answers.set(`${kind} at ${place.name}`, text);
    found.push(faultOf(cell, answer, world));
    if (denied) found.push(unsaidOf(cell, answer.body.instance, house.log, world));

    const twin = place.like && answers.get(`${kind} at ${place.like}`);
    if (twin && twin !== text && verdict !== 'allowed as staff')
      found.push(`${kind} can tell ${place.like} from ${place.name}: ${twin} is not ${text}`);
    if (answer.status === 404) nothing ??= text;
    if (answer.status === 404 && text !== nothing)
      found.push(`${kind} at ${place.name} gets another 404 than everyone: ${text}`);
  }
  return found.filter((fault) => fault !== undefined);
}

test('every operation can be tried: there is a recipe for it, and none for one that is gone', () => {
  expect(operations.map((operation) => unknownTo(world, operation)).filter(Boolean)).toEqual([]);
  expect(Object.keys(RECIPES).filter((id) => !operations.some((operation) => operation.id === id))).toEqual([]);
});

describe('kept out', () => {
  test.each(named())('%s', async (_, operation) => {
    expect(await faults(operation, true)).toEqual([]);
  });

  test('of all those calls, none changed a row or sent a mail', async () => {
    expect(await rows()).toEqual(before);
    expect(await mail()).toEqual(mailBefore);
  });
});

describe('let in', () => {
  test.each(named())('%s', async (_, operation) => {
    expect(await faults(operation, false)).toEqual([]);
  });

  test('of all those calls, none changed a row of another organization', async () => {
    expect((await rows())[1]).toEqual(before[1]);
  });
});

test('every operation met every kind of caller', () => {
  process.stderr.write(
    `Access matrix on ${engine}: ${checked.length} cells, ${operations.length} operations × ${KINDS.length} kinds of callers.\n`,
  );
  expect(new Set(checked).size).toBe(operations.length * KINDS.length);
  expect(checked.length).toBeGreaterThan(operations.length * KINDS.length);
});
