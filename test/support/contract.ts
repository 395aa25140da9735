import type { Answer } from './answer';
import { type AnswerDocument, answerOf, contract } from './operations';
import { Schemas } from './schema';

/** Of the transport, and of every answer whatsoever: the contract's first words name them. `content-type` is said by `content`. */
const UNLISTED =
  /^(connection|content-(length|type)|date|keep-alive|transfer-encoding|vary|access-control-.*|content-security-policy|x-content-type-options|x-frame-options|referrer-policy|cross-origin-resource-policy|strict-transport-security)$/;

const { paths, components } = contract;
const schemas = new Schemas(components.schemas);

const routes = Object.keys(paths)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`) }))
  .sort((a, b) => a.path.split('{').length - b.path.split('{').length); // `/users/me` before `/users/{userId}`

/**
 * @throws Error unless openapi.yaml names the operation and this status of it, describes the body to its last property (of a problem, also
 * its code), and lists each header. `default` stands for what may become of any request.
 */
export function checkContract(method: string, url: string, answer: Answer): void {
  const { status, text } = answer;
  const verb = method.toLowerCase();
  const asked = url.split('?')[0]!;
  const path = routes.find((route) => route.pattern.test(asked) && paths[route.path]![verb])?.path;
  if (!path) throw new Error(`openapi.yaml has no ${method} ${asked}`);

  const { [status]: named, default: anywhere } = paths[path]![verb]!.responses;
  const faults = [named, anywhere].filter(Boolean).map((response) => faultOf(answerOf(response), answer));
  if (faults.every(Boolean))
    throw new Error(`openapi.yaml, ${method} ${path}, ${status}, ${faults[0]}\nThe answer was ${text}`);
}

function faultOf({ content = {}, headers = {} }: AnswerDocument, answer: Answer): string | undefined {
  const { type, text, body } = answer;
  const sent = Object.keys(answer.headers).filter((name) => answer.headers[name] !== undefined);
  const known = Object.keys(headers).map((name) => name.toLowerCase());
  const unknown = sent.filter((name) => !UNLISTED.test(name) && !known.includes(name));
  if (unknown.length > 0) return `lists no header ${unknown.join(', ')}`;
  for (const [name, header] of Object.entries(headers)) {
    const { required, schema } = components.headers[header.$ref!.split('/').pop()!]!;
    const value = answer.headers[name.toLowerCase()];
    if (value === undefined && required) return `promises the header ${name}`;
    const misfit =
      value === undefined ? undefined : schemas.misfit(schema, schema.type === 'integer' ? Number(value) : value);
    if (misfit) return `describes another ${name}: ${misfit}`;
  }
  if (text === '' && Object.keys(content).length === 0) return undefined;
  if (!content[type]) return `names no body of type "${type}"`;
  const misfit = schemas.misfit(content[type].schema, body);
  return misfit && `describes another body: ${misfit}`;
}
