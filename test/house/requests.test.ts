import type { House } from '../support/house';
import { named, operations, urlOf } from '../support/operations';
import { portOf } from '../support/socket';
import { openPatient, TryOut } from '../support/try-out';
import type { Method, Visitor } from '../support/visitor';

let house: House;
let tryOut: TryOut;
let ada: Visitor;

beforeAll(async () => {
  house = await openPatient();
  tryOut = await new TryOut(house).open();
  ada = await house.owner();
});
afterAll(() => house.close());

describe('a HEAD', () => {
  test.each(named(operations.filter(({ method, id }) => method === 'GET' && id !== 'streamNotifications')))(
    'of %s is answered as its GET, without a body',
    async (_, operation) => {
      const { caller, ids } = await tryOut.of(operation);
      const [asked, sent] = [urlOf(operation, ids), { contract: false } as const];
      const got = await caller.call('GET', asked, sent);
      const head = await caller.call('HEAD', asked, sent);
      expect([head.status, head.text, head.type]).toEqual([got.status, '', got.type]);
      const tag = got.headers.etag;
      if (!String(got.headers['cache-control']).includes('stale')) return;
      for (const method of ['GET', 'HEAD'] as const) {
        const again = await caller.call(method, asked, { ...sent, headers: { 'if-none-match': String(tag) } });
        expect([again.status, again.text, again.headers.etag]).toEqual([304, '', tag]);
      }
    },
  );

  test('of the stream opens none', async () => {
    for (let i = 0; i < 12; i++)
      await fetch(`http://127.0.0.1:${await portOf(house)}/notifications/stream`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${ada.accessToken}` },
      });
    (await ada.get('/notifications/stream')).expect(200);
  });
});

describe('a method that there is not', () => {
  const ID = '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55';
  const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
  const paths = [...new Set(operations.map(({ path }) => path))];

  test.each(paths)('of %s is answered by those that there are', async (path) => {
    const url = path.replace(/\{\w+\}/g, ID);
    const has = (method: Method, one = path) =>
      operations.some((operation) => operation.method === method && matches(operation.path, one));
    for (const method of METHODS.filter((one) => !has(one))) {
      const answer = await house.visitor().call(method, url, { contract: false });
      answer.problem(405, 'method-not-allowed');
      const allowed = String(answer.headers.allow).split(', ');
      expect(allowed).toEqual(expect.arrayContaining(METHODS.filter((one) => has(one))));
      expect(allowed).not.toContain(method);
      expect(allowed.includes('HEAD')).toBe(allowed.includes('GET'));
    }
    const options = await house.visitor().call('OPTIONS', url, { contract: false });
    expect([options.status, options.headers.allow]).toEqual([204, expect.any(String)]);
  });

  const matches = (pattern: string, path: string) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);

  test.each(['/nowhere', '/auth', '/organizations/x/nowhere', '/auth/login/more'])(
    'of %s, where nothing is, is 404',
    async (path) => {
      for (const method of [...METHODS, 'OPTIONS'] as const)
        (await house.visitor().call(method, path, { contract: false })).problem(404, 'not-found');
    },
  );
});

test.each(['/organizations/', '/auth/me/', '/docs/', '/health/live/', '/organizations/:org/roles/', '/users/me/'])(
  '%s, with a slash at its end, is the same',
  async (path) => {
    const [without, with_] = [
      await ada.call('GET', path.slice(0, -1), { contract: false }),
      await ada.call('GET', path, { contract: false }),
    ];
    expect([with_.status, with_.type]).toEqual([200, without.type]);
    (await ada.call('PATCH', path, { contract: false })).problem(405, 'method-not-allowed');
  },
);

describe('If-Match', () => {
  const put = (tag: string) => ada.put('/organizations/:org', { name: 'Acme' }, { 'if-match': tag });
  const version = async () => Number(/\d+/.exec(String((await ada.get('/organizations/:org')).headers.etag))![0]);

  test('names one of several, weak or strong', async () => {
    const lists = [
      (v: number) => `"${v}"`,
      (v: number) => `W/"${v}"`,
      (v: number) => `"1000", "${v}"`,
      (v: number) => `"${v}","x", W/"7777"`,
      (v: number) => ` "another" ,  W/"${v}" `,
      () => '*',
      (v: number) => `${'"9999", '.repeat(50)}"${v}"`,
    ];
    for (const list of lists) (await put(list(await version()))).expect(200);
  });

  test('names none of them: 412', async () => {
    const now = await version();
    for (const tag of [
      '"9999"',
      'W/"9999"',
      '"9998", W/"9999"',
      '',
      '""',
      'x',
      `${now}`,
      `w/"${now}"`,
      `"${now}`,
      `"${now}x"`,
      '"*"',
      ',',
    ])
      (await put(tag)).problem(412, 'precondition-failed');
    expect(await version()).toBe(now);
  });
});
