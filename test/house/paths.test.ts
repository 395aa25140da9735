import type { House } from '../support/house';
import { PATH_VALUES, PATHS } from '../support/hostile';
import { named, operations, parametersIn, urlOf } from '../support/operations';
import { raw, type RawAnswer } from '../support/raw';
import { type Attempt, openPatient, TryOut } from '../support/try-out';
import injection from '../vectors/header-injection.json';

let house: House;
let tryOut: TryOut;
let port: number;

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
  await house.app.listen(0, '127.0.0.1');
  port = Number(new URL(await house.app.getUrl()).port);
});
afterAll(() => house.close());

/** What is wrong with an answer: it is none, it blames us, or it has a header that came with the path. */
function faultOf(asked: string, { status, headers, text }: RawAnswer): string | undefined {
  const isAnswered = status >= 200 && status < 500;
  const isInjected = headers.some((header) => /^(set-cookie|x-injected)\s*:/i.test(header) || /[\r\n]/.test(header));
  return isAnswered && !isInjected
    ? undefined
    : `${asked.slice(0, 120)} was answered ${status} ${headers.join(' | ')} ${text.slice(0, 200)}`;
}

test.each(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE'])(
  '%s of an odd path is answered, never with a 5xx or a header of the sender',
  async (method) => {
    const faults: (string | undefined)[] = [];
    for (const path of [...PATHS, ...injection.crlf_urls, ...injection.crlf_urls.map((url) => `/auth/me${url}`)]) {
      faults.push(faultOf(`${method} ${path}`, await raw(port, method, path)));
    }
    expect(faults.filter(Boolean)).toEqual([]);
  },
);

const withPath = operations.filter((operation) => parametersIn(operation, 'path').length > 0);

test.each(named(withPath))('%s finds nothing under an odd id', async (_, operation) => {
  const { caller, ids, body }: Attempt = await tryOut.of(operation);
  const text = body ? JSON.stringify(body) : '';
  const headers: Record<string, string> = {
    Authorization: `Bearer ${caller.accessToken}`,
    ...(body && { 'Content-Type': 'application/json' }),
  };
  const faults: (string | undefined)[] = [];
  for (const { name } of parametersIn(operation, 'path')) {
    for (const value of [...PATH_VALUES, ...injection.crlf_urls.map((url) => url.slice(1))]) {
      const path = urlOf(operation, { ...ids, [name]: value });
      const answer = await raw(port, operation.method, path, headers, text);
      faults.push(faultOf(path, answer));
      if (name !== 'key' && ![400, 404].includes(answer.status))
        faults.push(`${path.slice(0, 120)} was answered ${answer.status} ${answer.text}`);
    }
  }
  expect(faults.filter(Boolean)).toEqual([]);
});
