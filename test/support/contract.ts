import Ajv from 'ajv';
import contract from '../../openapi.yaml';
import type { Answer } from './answer';
import { FORMATS, strict } from './schema';

type Response = { content?: Record<string, { schema: object; examples?: Record<string, unknown> }> };
type Contract = {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
  components: { schemas: Record<string, object> };
};

const PROBLEM = 'application/problem+json';

const { paths, components } = strict(contract) as Contract;

const ajv = new Ajv({ allErrors: true, strictTypes: false, formats: FORMATS, keywords: ['example'] });
for (const [name, schema] of Object.entries(components.schemas)) ajv.addSchema(schema, `#/components/schemas/${name}`);

const routes = Object.keys(paths)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`) }))
  .sort((a, b) => a.path.split('{').length - b.path.split('{').length); // `/users/me` before `/users/{userId}`

/**
 * @throws Error unless openapi.yaml names the operation, this status of it and, for a problem, its code, and describes the body to
 * its last property. `default` stands for what may break anywhere: 5xx alone.
 */
export function checkContract(method: string, url: string, answer: Answer): void {
  const { status, type, text } = answer;
  const verb = method.toLowerCase();
  const asked = url.split('?')[0]!;
  const path = routes.find((route) => route.pattern.test(asked) && paths[route.path]![verb])?.path;
  if (!path) throw new Error(`openapi.yaml has no ${method} ${asked}`);

  const { [status]: named, default: anywhere } = paths[path]![verb]!.responses;
  const response = named ?? (status >= 500 ? anywhere : undefined) ?? fail(`names no ${status}`);
  if (!response.content && text === '') return;

  const { schema } = response.content?.[type] ?? fail(`names no body of type "${type}" for ${status}`);
  const describes = ajv.compile(schema); // once for each: Ajv remembers the schemas that it has seen
  const { body } = answer;
  if (!describes(body)) fail(`describes another body: ${ajv.errorsText(describes.errors, { dataVar: 'it' })}`);

  const codes = [...codesOf(response), ...(status >= 500 ? codesOf(anywhere) : [])];
  if (type === PROBLEM && !codes.includes(answer.body.code)) fail(`names no "${answer.body.code}" for ${status}`);

  function fail(what: string): never {
    throw new Error(`openapi.yaml, ${method} ${path}, ${what}\nThe answer was ${status} ${text}`);
  }
}

/** The contract gives an example of each problem, by its code. */
const codesOf = (response?: Response): string[] => Object.keys(response?.content?.[PROBLEM]?.examples ?? {});
