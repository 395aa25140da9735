import { everyProblem, problem } from '../../src/kit/problem';
import { contract as generate } from '../../src/cli/openapi';
import { answerOf, codesOf, contract, contractText, named, operations, type Schema } from '../support/operations';

const { schemas, responses, examples } = contract.components;
const PROBLEM = 'application/problem+json';

beforeAll(() => generate()); // loads every module, and with it what it declares

test('a problem lists every code that there is, also those that no route gives', () => {
  const codes = everyProblem().map(({ code }) => code);
  expect(schemas.Problem!.properties!.code!.enum).toEqual(codes);
  expect(codes).toEqual(expect.arrayContaining(['method-not-allowed', 'headers-too-large', 'slug-taken']));
  for (const [name, { value }] of Object.entries(examples)) {
    const { code, status, title } = everyProblem().find((one) => one.code === name)!;
    expect(value).toMatchObject({ code, status, title, type: `/problems/${code}` });
  }
});

test('a code is declared once', () => {
  expect(() => problem(409, 'slug-taken', 'Again.')).toThrow('There is a problem slug-taken already.');
});

test('a client is told what to do with a code that it does not know', () => {
  expect(contractText).toContain('treat one that you do not know as its `status` says');
});

test.each(Object.entries(responses))('the answer %s gives the codes that it is named for', (name, response) => {
  const { schema, examples: shown } = response.content![PROBLEM]! as { schema: { allOf: Schema[] }; examples: object };
  const codes = schema.allOf[1]!.properties!.code!.enum as string[];
  expect(schema.allOf[0]).toEqual({ $ref: '#/components/schemas/Problem' });
  expect(Object.keys(shown)).toEqual(codes);
  if (name !== 'AnyRequest')
    expect(name.split(/Or(?=[A-Z])/).map((word) => word.toLowerCase())).toEqual(codes.map(plain));
});
const plain = (code: string) => code.replaceAll('-', '');

test.each(named())('%s has its problems from one place, and knows the code of each', (_, operation) => {
  for (const [status, answer] of Object.entries(operation.document.responses)) {
    const isProblem = answerOf(answer).content?.[PROBLEM] !== undefined;
    expect([status, Object.keys(answer)]).toEqual([
      status,
      isProblem ? ['$ref'] : expect.not.arrayContaining(['$ref']),
    ]);
    expect([status, codesOf(operation, status).length > 0]).toEqual([status, isProblem]);
    expect([status, isProblem]).toEqual([status, status === 'default' || Number(status) >= 400]);
  }
});

test.each(named())('%s describes the headers of every answer', (_, { document }) => {
  for (const [status, answer] of Object.entries(document.responses)) {
    const { headers = {} } = answerOf(answer);
    expect(Object.keys(headers)).toEqual(expect.arrayContaining(['X-Request-Id', 'Cache-Control']));
    if (status === '401') expect(headers).toHaveProperty('WWW-Authenticate');
    if (status === '429' || status === '503') expect(headers).toHaveProperty('Retry-After');
    for (const header of Object.values(headers))
      expect(contract.components.headers).toHaveProperty(header.$ref!.split('/').pop()!);
  }
});

test('no response is there that no operation gives', () => {
  const given = operations.flatMap(({ document }) => Object.values(document.responses).map(({ $ref }) => $ref));
  expect(Object.keys(responses).filter((name) => !given.includes(`#/components/responses/${name}`))).toEqual([]);
});
