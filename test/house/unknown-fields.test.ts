import type { Answer } from '../support/answer';
import type { House } from '../support/house';
import { rowsOf } from '../support/matrix/snapshot';
import { faultOf } from '../support/odd';
import { named, operations } from '../support/operations';
import { openPatient, TryOut } from '../support/try-out';
import massAssignment from '../vectors/mass-assignment-keys.json';

let house: House;
let tryOut: TryOut;

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
});
afterAll(() => house.close());
afterEach(() => expect(({} as { polluted?: unknown }).polluted).toBeUndefined());

/** The keys that every framework has been tricked with, each naming another tenant or a right that one has not. */
function smuggled({ fjord }: TryOut['world']): [string, unknown][] {
  const text = JSON.stringify(massAssignment.keys)
    .replaceAll('<other org>', fjord.id)
    .replaceAll('<victim>', fjord.ids.userId!)
    .replace('<id of another tenant row>', fjord.ids.roleId!);
  return Object.entries(JSON.parse(text) as object);
}

test.each(named(operations.filter(({ body }) => body)))(
  '%s refuses every field that it does not name, and changes nothing',
  async (_, operation) => {
    const { world } = tryOut;
    const attempt = await tryOut.of(operation);
    const rows = () => Promise.all([world.home, world.fjord].map((tenant) => rowsOf(house, tenant)));
    const before = await rows();
    const answers: string[] = [];
    const refused = (pointer: string, answer: Answer) => {
      if (answer.status !== 422) answers.push(`${pointer} was answered ${answer.status} ${answer.text}`);
      else answers.push(faultOf(pointer, answer, pointer) ?? '');
    };

    const nests = attempt.pointers
      .filter((pointer) => pointer.includes('/'))
      .map((pointer) => pointer.replace(/[^/]+$/, ''));
    for (const [key, value] of smuggled(world)) {
      if (!operation.body!.properties![key]) refused(key, await attempt.with(key, value));
      for (const nest of new Set(nests))
        if (!attempt.pointers.includes(nest + key)) refused(nest + key, await attempt.with(nest + key, value));
    }
    refused('surprise', await attempt.with('surprise', 'party'));

    expect(answers.filter(Boolean)).toEqual([]);
    expect(answers.length).toBeGreaterThan(50);
    expect(await rows()).toEqual(before);
  },
);
