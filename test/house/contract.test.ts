import { contract } from '../../src/cli/openapi';
import { House } from '../support/house';
import {
  codesOf,
  contractText,
  contract as known,
  exampleBody,
  exampleOf,
  named,
  operations,
  parametersIn,
  urlOf,
} from '../support/operations';
import type { Visitor } from '../support/visitor';

let house: House;
let ada: Visitor;

beforeAll(async () => {
  house = await House.open();
  ada = await house.owner({ name: 'Ada' });
  await house.promote(ada);
});
afterAll(() => house.close());

test('openapi.yaml is what the code generates, to the letter', async () => {
  expect(contractText).toBe(await contract());
});

test('an operation has a name of its own', () => {
  expect(operations.length).toBeGreaterThan(50);
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length);
});

test.each(named())(
  '%s says what it is for, under which heading, and who may call it',
  (id, { document, permission }) => {
    expect(id).toMatch(/^[a-z][A-Za-z]+$/);
    expect(document.summary).toMatch(/^[A-Z].{3,}[^.]$/);
    expect(known.tags.map(({ name }) => name)).toEqual(expect.arrayContaining(document.tags ?? ['none']));
    expect(document.tags).toHaveLength(1);
    expect(permission).toMatch(/^(public|signed-in|self(, staff:\w+:\w+)?|staff:\w+:\w+|\w+:\w+)$/);
  },
);

test.each(named())('%s says what comes of it, in a few sentences', (_, { document: { summary, description = '' } }) => {
  expect(description).toMatch(/^[A-Z“`].{60,700}\.$/s);
  expect(description).not.toContain(summary);
});

test('no two operations say the same', () => {
  const said = operations.map(({ document }) => document.description);
  expect(said.filter((text, i) => said.indexOf(text) !== i)).toEqual([]);
});

test.each(named())('%s names what it refuses, unless it takes nothing from anyone', (_, operation) => {
  const { document, permission, parameters, body } = operation;
  const takesNothing = permission === 'public' && parameters.length === 0 && !body;
  const refusals = Object.keys(document.responses).filter((status) => status.startsWith('4'));
  if (!takesNothing) expect(refusals).not.toEqual([]);
  if (permission !== 'public') expect(refusals).toContain('401');
  if (body) expect(refusals).toEqual(expect.arrayContaining(['400', '413', '415', '422']));

  for (const status of Object.keys(document.responses).filter((one) => one.startsWith('4'))) {
    const codes = codesOf(operation, status);
    const statuses = codes.map((code) => String(known.components.examples[code]!.value.status));
    expect(statuses).toEqual(codes.length > 0 ? codes.map(() => status) : ['an example']);
  }
});

test.each(['updateUser', 'updateOrganization'])(
  'the example of %s is for everyone, not for staff alone',
  async (id) => {
    const operation = operations.find((one) => one.id === id)!;
    const grace = await house.owner();
    const url = urlOf(operation, { orgId: grace.organizationId, userId: 'me' });
    (await grace.put(url, exampleBody(operation))).expect(200);
  },
);

/** As Swagger UI sends it: every example of the contract, in the organization of someone who may do anything. */
test.each(named(operations.filter(({ isSigned }) => !isSigned)))('%s takes its own examples', async (_, operation) => {
  const values = (place: 'path' | 'query') =>
    Object.fromEntries(
      parametersIn(operation, place).map(({ name, example, schema }) => [name, String(example ?? exampleOf(schema))]),
    );
  const url = urlOf(operation, { ...values('path'), orgId: ada.organizationId }, values('query'));
  const caller = /^(logout|deleteUser|deleteOrganization|endOther)/.test(operation.id) ? house.visitor() : ada;

  const answer = await caller.call(operation.method, url, { body: exampleBody(operation) });
  if ([400, 413, 415, 422].includes(answer.status))
    throw new Error(`${operation.method} ${url} was answered ${answer.text}`);
  expect(answer.status).toBeLessThan(500);
});
