import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Metrics } from '../../src/telemetry/metrics';
import { House } from '../support/house';
import { portOf, RawSocket } from '../support/socket';

const ORIGIN = 'https://app.example.com';
const HEADERS = [
  "content-security-policy: default-src 'none';",
  'x-content-type-options: nosniff',
  'x-frame-options: DENY',
  'referrer-policy: no-referrer',
  'cross-origin-resource-policy: same-origin',
  'x-request-id: ',
];
const POLICY = ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"];

const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const PRODUCTION = {
  NODE_ENV: 'production',
  ALLOW_EMBEDDED: 'true',
  APP_URL: ORIGIN,
  SMTP_URL: 'smtps://user:pw@127.0.0.1:9',
  MAIL_FROM: 'Acme <hello@example.com>',
  METRICS_TOKEN: 'a token for metrics',
  JWT_PRIVATE_KEY: String(ecKey),
  SECRET_KEYS: `k1:${randomBytes(32).toString('base64')}`,
};

const HASTY = { HEADER_TIMEOUT: '100ms' };

let house: House;
/** For who is to be found too slow; elsewhere nobody is, on any machine. */
let hasty: House;
beforeAll(async () => {
  const settings = { CORS_ORIGINS: ORIGIN, METRICS_TOKEN: 'a token for metrics' };
  [house, hasty] = [await House.open(settings), await House.open({ ...settings, ...HASTY })];
});
afterAll(async () => {
  await house.close();
  await hasty.close();
});
const houseFor = (status: number) => (status === 408 ? hasty : house);

const host = 'Host: x\r\n';
const json = `${host}Content-Type: application/json\r\n`;
const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\n${host}${more}\r\n`;
const post = (path: string, body: string, more = '') =>
  `POST ${path} HTTP/1.1\r\n${json}${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const large = 'x'.repeat(300_000);

type Kind = [what: string, sent: string, status: number];

/** Answers that Node, its parser or Fastify give before any route is asked. */
const UNREAD: Kind[] = [
  ['nonsense', 'nonsense\r\n\r\n', 400],
  ['a handshake of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400],
  ['an unknown method', `FOO / HTTP/1.1\r\n${host}\r\n`, 400],
  ['an HTTP that there is not', `GET / HTTP/9.9\r\n${host}\r\n`, 400],
  ['a line without a version that is one', `GET / HTP/1.1\r\n${host}\r\n`, 400],
  ['no Host', 'GET /health/live HTTP/1.1\r\n\r\n', 400],
  ['a header with a NUL', `GET / HTTP/1.1\r\n${host}X-A: a\0b\r\n\r\n`, 400],
  ['a header that goes on', `GET / HTTP/1.1\r\n${host}X-A: a\r\n b\r\nX B: c\r\n\r\n`, 400],
  ['two lengths', `POST /auth/login HTTP/1.1\r\n${json}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `, 400],
  [
    'a length and chunks',
    `POST /auth/login HTTP/1.1\r\n${json}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['chunks that are none', `POST /auth/login HTTP/1.1\r\n${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
  [
    'extensions of chunks without end',
    `POST /auth/login HTTP/1.1\r\n${json}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}\r\n`,
    413,
  ],
  ['a head that is too large', get('/', `X-Large: ${'x'.repeat(17_000)}\r\n`), 431],
  ['a URL that is too large', get(`/${'x'.repeat(17_000)}`), 431],
  ['a head that never ends', 'GET / HTTP/1.1\r\nX-', 408],
  ['an expectation that nobody meets', get('/health/live', 'Expect: miracles\r\n'), 417],
  ['CONNECT', `CONNECT example.com:443 HTTP/1.1\r\n${host}\r\n`, 400],
  ['a URL that cannot be decoded', get('/%zz'), 400],
];

/** Answers of the app. */
const READ: Kind[] = [
  ['an upgrade', get('/health/live', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'), 200],
  [
    'an upgrade to HTTP/2',
    get('/health/live', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n'),
    200,
  ],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\n${host}\r\n`, 204],
  ['TRACE', `TRACE /health/live HTTP/1.1\r\n${host}\r\n`, 405],
  ['PROPFIND', `PROPFIND / HTTP/1.1\r\n${host}\r\n`, 405],
  ['HTTP/1.0', 'GET /health/live HTTP/1.0\r\n\r\n', 200],
  ['a URL of another host', get('http://evil.example/auth/me'), 401],
  ['what is not there', get('/nowhere'), 404],
  ['a body that is too large', post('/auth/login', large), 413],
  [
    'chunks that are too large',
    `POST /auth/login HTTP/1.1\r\n${json}Transfer-Encoding: chunked\r\n\r\n493e0\r\n${large}\r\n0\r\n\r\n`,
    413,
  ],
  ['a body that is no JSON', post('/auth/login', '{'), 400],
  [
    'a body of another kind',
    `POST /auth/login HTTP/1.1\r\n${host}Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx`,
    415,
  ],
  [
    'a form',
    `POST /auth/login HTTP/1.1\r\n${host}Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1\r\n\r\nx`,
    415,
  ],
  ['fields that are wrong', post('/auth/login', '{}'), 422],
  ['nobody', get('/auth/me'), 401],
  ['what a token is wanted for', get('/metrics'), 401],
  ['our front door', get('/'), 302],
  ['a JSON answer', get('/.well-known/jwks.json'), 200],
  ['a HEAD', `HEAD /health/live HTTP/1.1\r\n${host}\r\n`, 200],
  ['nothing to say', post('/auth/reset-password', '{"email":"nobody@example.com"}'), 202],
  [
    'a preflight',
    `OPTIONS /auth/login HTTP/1.1\r\n${host}Origin: ${ORIGIN}\r\nAccess-Control-Request-Method: POST\r\n\r\n`,
    204,
  ],
  ['the contract', get('/openapi.json'), 200],
  ['the contract as YAML', get('/openapi.yaml'), 200],
  ['the documentation', get('/docs'), 200],
  ['the documentation with a slash', get('/docs/'), 200],
  ['its script', get('/docs/swagger-ui-init.js'), 200],
  ...[
    'swagger-ui.css',
    'swagger-ui-bundle.js',
    'swagger-ui-standalone-preset.js',
    'favicon-16x16.png',
    'favicon-32x32.png',
  ].map((file): Kind => [file, get(`/docs/${file}`), 200]),
  ['a part of a file', get('/docs/swagger-ui.css', 'Range: bytes=0-9\r\n'), 206],
  ['no part of a file', get('/docs/swagger-ui.css', 'Range: bytes=99999999-\r\n'), 400],
  ['the page of a link', get('/links/invite'), 200],
  ['the mailbox', get('/dev/mailbox', 'Accept: text/html\r\n'), 200],
];

const askedFor = async (sent: string, of = house) => {
  const socket = (await RawSocket.open(await portOf(of))).listen().send(sent);
  await socket.until(/\r\n\r\n/);
  socket.socket.destroy();
  const [head = '', body = ''] = socket.heard.split('\r\n\r\n');
  const [first = '', ...headers] = head.split('\r\n');
  return { status: Number(first.split(' ')[1]), headers, head: head.toLowerCase(), body };
};

const lacks = ({ headers, head }: { headers: string[]; head: string }): string[] => {
  const policies = headers.filter((header) => /^content-security-policy:/i.test(header));
  return [
    ...HEADERS.filter((header) => !head.includes(`\r\n${header.toLowerCase()}`)),
    ...POLICY.filter((part) => policies.length !== 1 || !policies[0]!.includes(part)),
  ];
};

test.each(UNREAD)('%s is refused as a problem, with the headers of every answer', async (_, sent, status) => {
  const asked = houseFor(status);
  const answer = await askedFor(sent, asked);
  expect([answer.status, lacks(answer)]).toEqual([status, []]);
  expect(answer.head).toContain('content-type: application/problem+json');
  const problem = JSON.parse(answer.body);
  expect(problem).toMatchObject({ status, code: expect.any(String), title: expect.any(String) });
  expect(answer.head).toContain(`x-request-id: ${problem.instance}`);
  const logged = asked.log.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId === problem.instance);
  expect(logged).toEqual([expect.objectContaining({ status, ip: '127.0.0.1' })]);
});

test.each(READ)('%s is answered with the headers of every answer', async (_, sent, status) => {
  const answer = await askedFor(sent);
  expect([answer.status, lacks(answer)]).toEqual([status, []]);
  if (status >= 400) expect(answer.head).toContain('content-type: application/problem+json');
  expect(JSON.parse(house.log.at(-1)!)).toMatchObject({ ip: '127.0.0.1' });
});

test('so is a fault of ours', async () => {
  const text = jest.spyOn(house.app.get(Metrics), 'text').mockRejectedValueOnce(new Error('a fault'));
  const answer = await askedFor(get('/metrics', 'Authorization: Bearer a token for metrics\r\n'));
  text.mockRestore();
  expect([answer.status, lacks(answer)]).toEqual([500, []]);
});

test('so is a stream', async () => {
  const { accessToken } = await house.owner();
  const answer = await askedFor(get('/notifications/stream', `Authorization: Bearer ${accessToken}\r\n`));
  expect([answer.status, lacks(answer)]).toEqual([200, []]);
});

test('in production each has HSTS, also those that no route gives', async () => {
  const [safe, short] = [await House.open(PRODUCTION), await House.open({ ...PRODUCTION, ...HASTY })];
  for (const [what, sent, status] of [...UNREAD, ...READ.filter(([name]) => !/preflight|mailbox/.test(name))]) {
    const answer = await askedFor(sent, status === 408 ? short : safe);
    expect([what, answer.status]).toEqual([what, status]);
    expect([what, answer.head]).toEqual([what, expect.stringContaining('strict-transport-security: max-age=31536000')]);
  }
  await safe.close();
  await short.close();
});

const HIDDEN = [
  'package.json',
  'README.md',
  'LICENSE',
  'NOTICE',
  'index.js',
  'absolute-path.js',
  'swagger-initializer.js',
  'swagger-ui.js.map',
  'swagger-ui-bundle.js.map',
  'oauth2-redirect.html',
  'log.bundle-sizes.swagger-ui.txt',
  'node_modules/.package-lock.json',
  '%70ackage.json',
  './package.json',
  '../package.json',
  '..%2fpackage.json',
  '%2e%2e/package.json',
  '//package.json',
  'docs/package.json',
  'swagger-ui.css/../package.json',
];
test.each(HIDDEN)('/docs/%s is not there', async (file) => {
  for (const method of ['GET', 'HEAD']) {
    const answer = await askedFor(`${method} /docs/${file} HTTP/1.1\r\n${host}\r\n`);
    expect([answer.status < 500 && answer.status >= 400, lacks(answer)]).toEqual([true, []]);
  }
});
