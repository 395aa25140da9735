import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '../support/answer';
import type { House } from '../support/house';
import { QUERY_VALUES, VALUES } from '../support/hostile';
import { faultOf } from '../support/odd';
import { named, operations, parametersIn } from '../support/operations';
import { openPatient, TryOut } from '../support/try-out';

let house: House;
let tryOut: TryOut;

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
});
afterAll(() => house.close());
afterEach(() => expect(({} as { polluted?: unknown }).polluted).toBeUndefined());

/** No engine keeps these to the letter. */
const UNSTORABLE = ['NUL', 'half a character', 'the other half'];

const withBody = operations.filter(({ body }) => body);
const withQuery = operations.filter((operation) => parametersIn(operation, 'query').length > 0);
const withHeaders = operations.filter((operation) => parametersIn(operation, 'header').length > 0);

/** What was taken comes back as it was sent (MySQL sorts the members of an object), and so does whatever stood beside it. */
function changed(
  said: string,
  { status, body }: Answer,
  name: string,
  value: unknown,
  beside: object,
): string | undefined {
  if (status >= 300 || typeof body !== 'object') return undefined;
  if (name in body && !isDeepStrictEqual(body[name], value))
    return `${said} came back as ${JSON.stringify(body[name])}`;
  const other = Object.entries(beside).find(([key, sent]) => key !== name && key in body && !holds(body[key], sent));
  return other && `${said} came back with ${other[0]} ${JSON.stringify(body[other[0]])}`;
}

const holds = (got: any, sent: any): boolean =>
  typeof sent === 'object' && sent !== null
    ? Object.keys(sent).every((key) => holds(got?.[key], sent[key]))
    : got === sent;

test.each(named())('%s succeeds as the examples of the contract have it', async (_, operation) => {
  const answer = await (await tryOut.of(operation)).send();
  expect([answer.status, answer.status < 300 ? '' : answer.text]).toEqual([answer.status, '']);
});

test.each(named(withBody))('%s takes no field for what it is not', async (_, operation) => {
  const faults: (string | undefined)[] = [];
  let attempt = await tryOut.of(operation);
  for (const pointer of attempt.pointers) {
    for (const [name, value] of VALUES) {
      const said = `${pointer} = ${name}`;
      const answer = await attempt.with(pointer, value);
      faults.push(faultOf(said, answer, pointer));
      if (UNSTORABLE.includes(name) && answer.status < 300) faults.push(`${said} was taken`);
      faults.push(changed(said, answer, pointer, value, attempt.body!));
      if (answer.status < 300) attempt = await tryOut.of(operation); // it is used up
    }
  }
  expect(faults.filter(Boolean)).toEqual([]);
});

test.each(named(withQuery))('%s takes no query for what it is not', async (_, operation) => {
  const faults: (string | undefined)[] = [];
  let attempt = await tryOut.of(operation);
  const odd = (name: string) => [
    ...QUERY_VALUES.map((value) => `${name}=${value}`),
    `${name}=a&${name}=b`,
    `${name}[]=a`,
    `${name}[a]=b`,
    `${name}[__proto__][polluted]=true`,
  ];
  for (const name of attempt.queries) {
    for (const query of odd(name)) {
      const answer = await attempt.send({ query });
      faults.push(faultOf(query.slice(0, 80), answer, query.split(/=(?!.*\]=)/)[0]!));
      if (answer.status < 300 && operation.method !== 'GET') attempt = await tryOut.of(operation);
    }
  }
  for (const name of ['surprise', '__proto__[polluted]', 'constructor[prototype][polluted]', 'constructor']) {
    const answer = await attempt.send({ query: `${name}=1` });
    faults.push(
      answer.status === 422
        ? faultOf(name, answer, name)
        : `?${name}=1 was answered ${answer.status} ${answer.text.slice(0, 200)}`,
    );
  }
  expect(faults.filter(Boolean)).toEqual([]);
});

test.each(named(withHeaders))('%s takes no header for what it is not', async (_, operation) => {
  const attempt = await tryOut.of(operation);
  for (const { name } of parametersIn(operation, 'header')) {
    for (const value of [
      '',
      '"',
      '""',
      'W/"1"',
      '"1", "2"',
      '"-1"',
      '"999999999999"',
      '"1e3"',
      '\u00e9',
      'x'.repeat(5000),
      '__proto__',
    ]) {
      const answer = await attempt.send({ headers: { [name]: value } });
      expect([name, value, answer.status < 500 ? '' : answer.text]).toEqual([name, value, '']);
    }
  }
});
