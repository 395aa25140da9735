import type { House } from '../support/house';
import { named, operations } from '../support/operations';
import { type Attempt, openPatient, TryOut } from '../support/try-out';

let house: House;
let tryOut: TryOut;

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
});
afterAll(() => house.close());

const MEGA = 256 * 1024;
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** JSON that no route takes, and why. */
const REFUSED: [string, string][] = [
  ['[]', 'must be a JSON object'],
  ['"text"', 'must be a JSON object'],
  ['1', 'must be a JSON object'],
  ['true', 'must be a JSON object'],
  [nested(33), 'must not be nested deeper than 32'],
  [nested(100_000), 'must not be nested deeper than 32'],
  [`{"a":${nested(32)}}`, 'must not be nested deeper than 32'],
  [`[${'0,'.repeat(5000)}0]`, 'must not hold more than 5000 values'],
  ['{"a":{"__proto__":{"polluted":true}}}', 'is not a name that can be used'],
  ['{"a":[{"constructor":{"prototype":{"polluted":true}}}]}', 'is not a name that can be used'],
];
const padded = (attempt: Attempt, bytes: number) => {
  const text = JSON.stringify(attempt.body);
  return text + ' '.repeat(bytes - Buffer.byteLength(text));
};

test.each(named(operations.filter(({ body }) => body)))(
  '%s reads JSON of a bounded size and depth, and nothing else',
  async (_, operation) => {
    const attempt = await tryOut.of(operation);
    for (const text of ['{"a":', '{', 'nonsense', "{'a':1}", '{"a":1}}', '\0', '['.repeat(100_000)]) {
      (await attempt.send({ text })).problem(400, 'bad-request');
    }
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'nonsense',
    ]) {
      (await attempt.send({ headers: { 'content-type': type } })).problem(415, 'not-json');
    }
    (await attempt.send({ text: padded(attempt, MEGA + 1) })).problem(413, 'too-large');

    for (const [text, rule] of REFUSED) {
      const [fault] = (await attempt.send({ text })).problem(422, 'validation-failed').errors;
      expect([text.slice(0, 20), fault.detail]).toEqual([text.slice(0, 20), rule]);
    }
    for (const text of ['null', '']) expect((await attempt.send({ text })).status).toBeLessThan(500);

    const fresh = await tryOut.of(operation);
    expect((await fresh.send({ text: padded(fresh, MEGA) })).status).toBeLessThan(300);
  },
);
