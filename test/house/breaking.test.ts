import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { breakingChanges, type Contract, withoutProse } from '../../src/cli/contract-comparison';
import { contract } from '../support/operations';

const clone = <T>(value: T): T => structuredClone(value);
const json = (schema: object) => ({ 'application/json': { schema } });

/** A contract with one of everything. */
const CATS = {
  paths: {
    '/cats': {
      get: {
        operationId: 'listCats',
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } }],
        responses: {
          200: {
            headers: { ETag: { $ref: '#/components/headers/ETag' } },
            content: json({ type: 'array', items: { $ref: '#/components/schemas/Cat' } }),
          },
          401: {},
        },
      },
      post: {
        operationId: 'addCat',
        requestBody: { required: true, content: json({ $ref: '#/components/schemas/NewCat' }) },
        responses: {
          201: { content: json({ $ref: '#/components/schemas/Cat' }) },
          404: { $ref: '#/components/responses/Missing' },
        },
      },
    },
  },
  components: {
    headers: { ETag: { required: true, schema: { type: 'string' } } },
    responses: {
      Missing: {
        headers: { ETag: { $ref: '#/components/headers/ETag' } },
        content: json({
          allOf: [
            { $ref: '#/components/schemas/Fault' },
            { type: 'object', properties: { code: { type: 'string', enum: ['no-cat'] } } },
          ],
        }),
      },
    },
    schemas: {
      Fault: {
        type: 'object',
        required: ['code'],
        properties: { code: { type: 'string', enum: ['no-cat', 'no-dog'] } },
      },
      Cat: {
        type: 'object',
        required: ['name', 'mother'],
        properties: {
          name: { type: 'string' },
          kind: { type: 'string', enum: ['house', 'wild'] },
          mother: { nullable: true, allOf: [{ $ref: '#/components/schemas/Cat' }] }, // holds itself
          born: { type: 'string', format: 'date-time' },
        },
      },
      NewCat: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 60 },
          kind: { type: 'string', enum: ['house', 'wild'] },
          tags: { type: 'array', maxItems: 5, items: { type: 'string', maxLength: 20 } },
          nickname: { type: 'string', nullable: true },
          path: { type: 'string', pattern: '^a\\/b$' },
          settings: { type: 'object', additionalProperties: true },
        },
      },
    },
  },
} as const;

type Cats = any; // its changes are what a careless hand might do
const changed = (change: (cats: Cats) => void): string[] => {
  const after = clone(CATS) as Cats;
  change(after);
  return breakingChanges(clone(CATS) as unknown as Contract, after);
};
const get = (cats: Cats) => cats.paths['/cats'].get;
const post = (cats: Cats) => cats.paths['/cats'].post;
const cat = (cats: Cats) => cats.components.schemas.Cat;
const newCat = (cats: Cats) => cats.components.schemas.NewCat;

test.each<[string, (cats: Cats) => void]>([
  ['GET /cats is gone', (cats) => delete cats.paths['/cats'].get],
  ['GET /cats is gone', (cats) => (cats.paths = { '/cats': { post: post(cats) } })],
  ['GET /cats was listCats, is findCats', (cats) => (get(cats).operationId = 'findCats')],
  ['GET /cats wants a caller who is signed in', (cats) => (get(cats).security = [{ bearer: [] }])],
  ['GET /cats wants a caller who is signed in', (cats) => (get(cats).security = [{ bearer: [] }, { key: [] }])],
  ['GET /cats, query limit is gone', (cats) => (get(cats).parameters = [])],
  ['GET /cats, query limit is required now', (cats) => (get(cats).parameters[0].required = true)],
  [
    'GET /cats, query kind is required now',
    (cats) => get(cats).parameters.push({ name: 'kind', in: 'query', required: true }),
  ],
  ['GET /cats, query limit: maximum is 50 now', (cats) => (get(cats).parameters[0].schema.maximum = 50)],
  ['GET /cats, query limit: minimum is 2 now', (cats) => (get(cats).parameters[0].schema.minimum = 2)],
  ['GET /cats, query limit: type was integer, is string', (cats) => (get(cats).parameters[0].schema.type = 'string')],
  ['GET /cats does not answer 401 any more', (cats) => delete get(cats).responses[401]],
  ['GET /cats may answer 202 now', (cats) => (get(cats).responses[202] = {})],
  ['GET /cats, 200 is not application/json any more', (cats) => (get(cats).responses[200].content = {})],
  [
    'GET /cats, 200: type was array, is object',
    (cats) => (get(cats).responses[200].content = json({ type: 'object' })),
  ],
  [
    'GET /cats, 200 may come without ETag now',
    (cats) => (get(cats).responses[200].headers = { ETag: { required: false } }),
  ],
  ['GET /cats, 200 may come without ETag now', (cats) => delete get(cats).responses[200].headers],
  ['POST /cats, 404 may come without ETag now', (cats) => delete cats.components.responses.Missing.headers],
  ['Fault.code can be missing now', (cats) => (cats.components.schemas.Fault.required = [])],
  [
    'Fault.code: type was string, is integer',
    (cats) =>
      (cats.components.responses.Missing.content = json({
        type: 'object',
        required: ['code'],
        properties: { code: { type: 'integer', enum: [1] } },
      })),
  ],
  ['POST /cats does not answer 404 any more', (cats) => delete cats.components.responses.Missing],
  ['GET /cats wants a body', (cats) => (get(cats).requestBody = { required: true, content: {} })],
  ['POST /cats takes no body any more', (cats) => delete post(cats).requestBody],
  ['POST /cats, body is not application/json any more', (cats) => (post(cats).requestBody.content = {})],
  ['Cat.born is gone', (cats) => delete cat(cats).properties.born],
  ['Cat.born: format was date-time, is date', (cats) => (cat(cats).properties.born.format = 'date')],
  ['Cat.name: type was string, is integer', (cats) => (cat(cats).properties.name.type = 'integer')],
  ['Cat.name can be null now', (cats) => (cat(cats).properties.name.nullable = true)],
  ['Cat.name can be missing now', (cats) => (cat(cats).required = ['mother'])],
  ['Cat.kind can be any value now', (cats) => delete cat(cats).properties.kind.enum],
  ['NewCat.tags is gone', (cats) => delete newCat(cats).properties.tags],
  ['NewCat.kind is required now', (cats) => newCat(cats).required.push('kind')],
  [
    'NewCat.colour is required now',
    (cats) => {
      newCat(cats).properties.colour = { type: 'string' };
      newCat(cats).required.push('colour');
    },
  ],
  ['NewCat.kind cannot be wild any more', (cats) => (newCat(cats).properties.kind.enum = ['house', 'tame'])],
  ['NewCat.name takes only certain values now', (cats) => (newCat(cats).properties.name.enum = ['Tom'])],
  ['NewCat.name: maxLength is 59 now', (cats) => (newCat(cats).properties.name.maxLength = 59)],
  ['NewCat.name: minLength is 2 now', (cats) => (newCat(cats).properties.name.minLength = 2)],
  ['NewCat.name: its pattern is another', (cats) => (newCat(cats).properties.name.pattern = '^[A-Z]')],
  ['NewCat.tags: maxItems is 4 now', (cats) => (newCat(cats).properties.tags.maxItems = 4)],
  ['NewCat.tags[]: maxLength is 10 now', (cats) => (newCat(cats).properties.tags.items.maxLength = 10)],
  ['NewCat.nickname: maxLength is 9 now', (cats) => (newCat(cats).properties.nickname.maxLength = 9)],
  ['NewCat.nickname cannot be null any more', (cats) => delete newCat(cats).properties.nickname.nullable],
  [
    'NewCat.settings does not take any field any more',
    (cats) => delete newCat(cats).properties.settings.additionalProperties,
  ],
])('a break: %s', (fault, change) => {
  expect(changed(change)).toEqual([fault]);
});

test.each<[string, (cats: Cats) => void]>([
  ['another path', (cats) => (cats.paths['/dogs'] = cats.paths['/cats'])],
  ['a parameter that may be left out', (cats) => get(cats).parameters.push({ name: 'kind', in: 'query' })],
  ['a wider limit', (cats) => (get(cats).parameters[0].schema.maximum = 200)],
  ['no limit', (cats) => delete newCat(cats).properties.name.maxLength],
  ['a field in an answer', (cats) => (cat(cats).properties.colour = { type: 'string' })],
  ['a value in an answer', (cats) => cat(cats).properties.kind.enum.push('tame')],
  ['an answer that is always there', (cats) => cat(cats).required.push('born')],
  ['a field that may be left out', (cats) => (newCat(cats).properties.colour = { type: 'string' })],
  ['a field that need not be sent', (cats) => (newCat(cats).required = [])],
  ['a value that may be sent', (cats) => newCat(cats).properties.kind.enum.push('tame')],
  ['a bearer that may be left out', (cats) => (get(cats).security = [{}, { bearer: [] }])],
  ['a header', (cats) => (post(cats).responses[201].headers = { ETag: { required: true } })],
  ['the pattern without needless escapes', (cats) => (newCat(cats).properties.path.pattern = '^a/b$')],
  ['a code', (cats) => cats.components.schemas.Fault.properties.code.enum.push('no-bird')],
  [
    'a code of an answer',
    (cats) =>
      cats.components.responses.Missing.content['application/json'].schema.allOf[1].properties.code.enum.push('no-dog'),
  ],
  [
    'the codes of an answer',
    (cats) => cats.components.responses.Missing.content['application/json'].schema.allOf.pop(),
  ],
  [
    'an answer that is written in place',
    (cats) => (post(cats).responses[404] = clone(CATS.components.responses.Missing)),
  ],
  [
    'an answer under another name',
    (cats) => {
      cats.components.responses.Gone = clone(CATS.components.responses.Missing);
      post(cats).responses[404].$ref = '#/components/responses/Gone';
    },
  ],
  ['a refusal', (cats) => (post(cats).responses[409] = {})],
  [
    'a name for what was written in place',
    (cats) => {
      cats.components.schemas.Kitten = clone(CATS.components.schemas.Cat);
      post(cats).responses[201].content = json({ $ref: '#/components/schemas/Kitten' });
    },
  ],
])('no break: %s', (_, change) => {
  expect(changed(change)).toEqual([]);
});

describe('openapi.released.yaml', () => {
  const released: Contract = parse(readFileSync(join(__dirname, '../../openapi.released.yaml'), 'utf8'));

  test('is kept by openapi.yaml', () => {
    expect(breakingChanges(released, contract as unknown as Contract)).toEqual([]);
  });

  test('holds all that is compared, and no prose', () => {
    expect(withoutProse(released)).toEqual(released);
    expect(breakingChanges(contract as unknown as Contract, contract as unknown as Contract)).toEqual([]);
    expect(breakingChanges(withoutProse(contract) as Contract, contract as unknown as Contract)).toEqual([]);
  });

  test('would not survive the loss of any operation or of any field', () => {
    const unnoticed: string[] = [];
    const { schemas } = released.components;
    for (const [name, shape] of Object.entries(schemas)) {
      const components = { schemas: { ...schemas, [name]: { ...shape, properties: {} } } };
      const faults = breakingChanges(released, { ...released, components });
      const fields = Object.keys(shape.properties ?? {}).map((field) => `${name}.${field} is gone`);
      unnoticed.push(...fields.filter((fault) => !faults.includes(fault)));
    }
    for (const path of Object.keys(released.paths)) {
      const { [path]: _gone, ...paths } = released.paths;
      if (breakingChanges(released, { ...released, paths }).length === 0) unnoticed.push(path);
    }
    expect(unnoticed).toEqual([]);
  });
});
