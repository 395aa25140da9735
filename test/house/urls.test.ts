import type { House } from '../support/house';
import { type Operation, operations, parametersIn, resolve } from '../support/operations';
import { openPatient, TryOut } from '../support/try-out';

/** Schemes that run something, read something, or borrow the origin of what they wrap; and what is no address. */
const BAD = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  ' javascript:alert(1)',
  'vbscript:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'blob:http://127.0.0.1:3000/01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55',
  'filesystem:http://127.0.0.1:3000/temporary/x',
  'view-source:http://127.0.0.1:3000/',
  'file:///etc/passwd',
  'ftp://127.0.0.1:3000/',
  'ws://127.0.0.1:3000/',
  'about:blank',
  'intent://127.0.0.1:3000/#Intent;scheme=http;end',
  'myapp://signed-in',
  'http://ada:pw@127.0.0.1:3000/',
  'http://ada@127.0.0.1:3000/',
  '//127.0.0.1:3000/',
  '/signed-in',
  'http:',
  'http://',
  'http://[::1',
  '',
];

const isUrl = (name: string) => /ur[il]$/i.test(name);

/** Every place in a body that takes a URL, one level of objects down. */
const placesIn = ({ body }: Operation): string[] =>
  Object.entries(body?.properties ?? {}).flatMap(([name, schema]) => [
    ...(isUrl(name) ? [name] : []),
    ...Object.keys(resolve(allOf(schema))?.properties ?? {})
      .filter(isUrl)
      .map((inner) => `${name}/${inner}`),
  ]);
const allOf = (schema: any) => schema.allOf?.[0] ?? schema;

let house: House;
let tryOut: TryOut;

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
});
afterAll(() => house.close());

const inBodies = operations.flatMap((operation) => placesIn(operation).map((place) => ({ operation, place })));
const inQueries = operations.flatMap((operation) =>
  parametersIn(operation, 'query').flatMap(({ name }) => (isUrl(name) ? [{ operation, name }] : [])),
);

test('the contract takes URLs in these places', () => {
  const names = [...inBodies.map(({ place }) => place), ...inQueries.map(({ name }) => name)];
  expect([...new Set(names)].sort()).toEqual([
    'cancelUrl',
    'redirectUri',
    'seo/canonicalUrl',
    'seo/imageUrl',
    'successUrl',
  ]);
});

test.each(inBodies.map((one) => [one.operation.id, one.place, one] as const))(
  '%s takes no %s but of the web',
  async (_, place, { operation }) => {
    const attempt = await tryOut.of(operation);
    for (const url of BAD) {
      const { errors } = (await attempt.with(place, url)).problem(422, 'validation-failed');
      expect([url, errors.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([url, [`#/${place}`]]);
    }
  },
);

test.each(inQueries.map((one) => [one.operation.id, one.name, one] as const))(
  '%s takes no %s but of the web',
  async (_, name, { operation }) => {
    const attempt = await tryOut.of(operation);
    for (const url of BAD) {
      const answer = await attempt.send({ query: new URLSearchParams({ [name]: url }).toString() });
      expect([url, answer.problem(422, 'validation-failed').errors[0].pointer]).toEqual([url, `#/${name}`]);
    }
  },
);
