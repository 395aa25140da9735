import { createLog, nestLog } from '../../src/http/server/log';
import type { House } from '../support/house';
import { named, operations, parametersIn } from '../support/operations';
import { openPatient, TryOut } from '../support/try-out';

let house: House;
let tryOut: TryOut;

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
});
afterAll(() => house.close());

const LONG = 33_000;
/** Names that would mean something in a regular expression, fill a log, or name every object's own machinery. */
const NAMES: [string, string][] = [
  ['33,000 characters', 'x'.repeat(LONG)],
  ['33,000 brackets', '('.repeat(LONG)],
  ['33,000 emoji', '🦀'.repeat(LONG / 2)],
  ['a pattern', '^(a+)+$[\\]{1,2}*?|'],
  ['a NUL', 'a\0b'],
  ['nothing', ''],
];
/** What every object has by birth, without what reaches its machinery: that is refused everywhere. */
const INBORN = Object.getOwnPropertyNames(Object.prototype).filter((name) => !/^(__proto__|constructor)$/.test(name));

const MOST_LOGGED = 10_000; // characters, of all that a request may leave
const MOST_ANSWERED = 2_000;

test.each(named(operations.filter(({ body }) => body)))(
  '%s refuses a name that is no name of its own, and says so in a few words',
  async (_, operation) => {
    const attempt = await tryOut.of(operation);
    for (const [said, name] of [...NAMES, ...INBORN.map((inborn): [string, string] => [inborn, inborn])]) {
      const logged = house.log.length;
      const answer = await attempt.with(name, 1);
      expect([said, answer.status]).toEqual([said, 422]);
      expect(answer.text.length).toBeLessThan(MOST_ANSWERED);
      expect(house.log.slice(logged).join('').length).toBeLessThan(MOST_LOGGED);
    }
  },
);

const nests = (pointers: string[]) => [
  ...new Set(pointers.filter((it) => it.includes('/')).map((it) => it.replace(/[^/]+$/, ''))),
];

test.each(named(operations.filter(({ body }) => body)))(
  '%s refuses such a name inside a list, too',
  async (_, operation) => {
    const attempt = await tryOut.of(operation);
    for (const nest of nests(attempt.pointers))
      for (const name of [...INBORN, 'x'.repeat(LONG)]) {
        const answer = await attempt.with(nest + name, 1);
        expect([nest, name.slice(0, 40), answer.status]).toEqual([nest, name.slice(0, 40), 422]);
        expect(answer.text.length).toBeLessThan(MOST_ANSWERED);
      }
  },
);

test.each(named(operations.filter((operation) => parametersIn(operation, 'query').length > 0)))(
  '%s refuses such a name in its query',
  async (_, operation) => {
    const attempt = await tryOut.of(operation);
    for (const name of [...INBORN, 'x'.repeat(12_000), '(%5B'.repeat(1000)]) {
      const answer = await attempt.send({ query: `${name}=1` });
      expect([name.slice(0, 40), answer.status]).toEqual([name.slice(0, 40), 422]);
      expect(answer.text.length).toBeLessThan(MOST_ANSWERED);
    }
  },
);

test('five thousand unknown fields are answered by the first hundred', async () => {
  const body = Object.fromEntries(Array.from({ length: 4900 }, (_, i) => [`field-${i}-${'x'.repeat(30)}`, i]));
  const { errors } = (await house.visitor().post('/auth/login', body)).problem(422, 'validation-failed');
  expect(errors).toHaveLength(100);
});

test('a name at the bound is kept, one above it refused, in a document as elsewhere', async () => {
  const ada = await house.user();
  const put = (name: string) => ada.put('/users/me/data/names', { value: { deep: [{ [name]: 1 }] } });
  (await put('x'.repeat(256))).expect(200);
  const { errors } = (await put('x'.repeat(257))).problem(422, 'validation-failed');
  expect(errors).toEqual([
    { pointer: expect.stringMatching(/^#\/value\/deep\/0\/x+…$/), detail: 'is a name of more than 256 characters' },
  ]);
});

/** A value under every name that an object has by birth, at every depth. */
const inborn = (): any =>
  Object.fromEntries(INBORN.map((name) => [name, { [name]: [{ [name]: name, toString: null, valueOf: 1 }] }]));

test('what clients keep comes back whole, whatever its keys are called', async () => {
  const ada = await house.owner();
  for (const value of [inborn(), [inborn()]]) {
    expect((await ada.put('/users/me/data/odd', { value })).expect(200).value).toEqual(value);
    expect((await ada.get('/users/me/data/odd')).expect(200).value).toEqual(value);
  }
  expect((await ada.put('/users/me', { profile: inborn() })).expect(200).profile).toEqual(inborn());
  expect((await ada.get('/users/me')).expect(200).profile).toEqual(inborn());
  expect((await ada.put('/organizations/:org', { settings: inborn() })).expect(200).settings).toEqual(inborn());
  expect((await ada.get('/organizations/:org')).expect(200).settings).toEqual(inborn());
  expect(
    (await ada.put(`/organizations/:org/members/${ada.user.id}`, { settings: inborn() })).expect(200).settings,
  ).toEqual(inborn());
});

test('what a template is given arrives under any name', async () => {
  const ada = await house.owner();
  const variables = ['toString', 'valueOf', 'hasOwnProperty'].map((name) => ({ name, type: 'string' }));
  const words = { key: 'odd', locale: 'en', subject: 'Odd', text: '{{toString}} {{valueOf}} {{hasOwnProperty}}' };
  const { id } = (await ada.post('/messages/templates', { ...words, variables })).expect(201);
  const render = (values: object) => ada.post(`/messages/templates/${id}/preview`, { variables: values });
  const given = { toString: 'one', valueOf: 'two', hasOwnProperty: 'three' };
  expect((await render(given)).expect(200).text).toContain('one two three');
  const missing = (await render({})).problem(422, 'validation-failed').errors;
  expect(missing.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
    variables.map(({ name }) => `#/variables/${name}`),
  );
});

test('a line of the log has a bound, whatever an error says and whatever is logged beside it', () => {
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const long = '"\\\u0001'.repeat(300_000);
  const deep = { a: { b: [{ c: long }, long] }, [long]: 1 };
  log.info(long);
  log.info(deep, long);
  log.child(deep).warn({ err: new Error(long) }, long);
  log.error(new Error(long));
  nestLog(log).error(long, long, long);
  nestLog(log).error({ err: Object.assign(new TypeError(long), { code: long }) });
  nestLog(log).warn({ err: long, deep });
  expect(lines.map((line) => [line.length < 9000, typeof JSON.parse(line).time])).toEqual(
    lines.map(() => [true, 'string']),
  );

  const plain = 'x'.repeat(100_000);
  log.error(Object.assign(new Error(plain), { stack: `Error: ${plain}\n    at here (file.ts:1:2)` }));
  expect(JSON.parse(lines.at(-1)!).err.stack).toMatch(/at here \(file\.ts:1:2\)$/);
});
