import { clientAddress, readAddress, trusting } from '../../src/http/connections/client-address';
import { House } from '../support/house';
import { PASSWORD, type Visitor } from '../support/visitor';

const PROXY = '10.9.0.1';
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:]+)$/;

let house: House;
beforeAll(async () => {
  house = await House.open({ TRUST_PROXY: '10.9.0.0/16,fd00:9::/32,2001:db8:ffff::7' });
});
afterAll(() => house.close());

/** What a proxy may say, and the address in it. */
const READ: [string, string | undefined][] = [
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:51234', '203.0.113.7'],
  [' 203.0.113.7 ', '203.0.113.7'],
  ['"203.0.113.7:80"', '203.0.113.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['"[2001:db8::1]:443"', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['[fe80::1%25eth0]:443', 'fe80::1'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['[::FFFF:cb00:7107]:9', '203.0.113.7'],
  ...[
    '',
    ' ',
    'unknown',
    '_hidden',
    'localhost',
    'example.com:80',
    '203.0.113.256',
    '203.0.113',
    '0xcb.0.0x71.7',
    '0313.0.0161.07',
    '3405803783',
    '203.0.113.7:port',
    '203.0.113.7:123456',
    '203.0.113.7 203.0.113.8',
    '203.0.113.7/32',
    '[203.0.113.7]',
    '[2001:db8::1',
    '2001:db8::1]:443',
    '2001:db8:::1',
    '[]:80',
    '<script>alert(1)</script>',
    "' OR 1=1 --",
    '\u00e9',
    'x'.repeat(8000),
    `${' '.repeat(200)}203.0.113.7`,
    `fe80::1%${'x'.repeat(200)}`,
  ].map((text): [string, undefined] => [text, undefined]),
];

test.each(READ)('%j is read as %j', (text, address) => {
  expect(readAddress(text)).toBe(address);
});

/** What the header says to us, and who is taken for the client. */
const CHAINS: [string | undefined, string][] = [
  [undefined, PROXY],
  ['', PROXY],
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:51234', '203.0.113.7'],
  ['198.51.100.1, 203.0.113.7:1', '203.0.113.7'],
  ['198.51.100.1, 203.0.113.7, 10.9.0.2', '203.0.113.7'],
  ['203.0.113.7, [fd00:9::5]:80, ::ffff:10.9.0.2', '203.0.113.7'],
  ['203.0.113.7, 2001:DB8:FFFF:0::7', '203.0.113.7'],
  ['10.9.0.5, 10.9.0.4', '10.9.0.5'],
  ['garbage', PROXY],
  ['203.0.113.7, garbage', PROXY],
  ['203.0.113.7, garbage, 10.9.0.3', '10.9.0.3'],
  ['203.0.113.7,', PROXY],
  [`203.0.113.7, ${'x'.repeat(5000)}`, PROXY],
  [`${'198.51.100.1, '.repeat(600)}203.0.113.7`, '203.0.113.7'],
  [`203.0.113.7${', 10.9.0.2'.repeat(600)}`, '10.9.0.2'],
];

test.each(CHAINS)('a trusted proxy that says %j names %s', (said, address) => {
  const trusts = trusting(['10.9.0.0/16', 'fd00:9::/32', '2001:db8:ffff::7']);
  expect(clientAddress(PROXY, said, trusts)).toBe(address);
  expect(clientAddress(`::ffff:${PROXY}`, said, trusts)).toBe(address);
  expect(clientAddress('192.0.2.1', said, trusts)).toBe('192.0.2.1'); // who is no proxy is not asked
  expect(clientAddress(PROXY, said, trusting([]))).toBe(PROXY);
  expect(clientAddress(PROXY, said, trusting(['::ffff:10.9.0.0/112']))).toMatch(ADDRESS);
  expect(clientAddress(undefined, said, trusts)).toMatch(ADDRESS);
});

/** Someone behind the proxy, of whom it says this. */
const behind = (said: string, visitor = house.visitor()): Visitor => {
  const call = visitor.call.bind(visitor);
  visitor.ip = PROXY;
  visitor.call = (method, path, more = {}) =>
    call(method, path, { ...more, headers: { 'x-forwarded-for': said, ...more.headers } });
  return visitor;
};

test('nothing but an address is stored, counted or logged, whatever stands in the header', async () => {
  const logged = house.log.length;
  for (const [said] of [...READ, ...CHAINS]) {
    const ada = behind(encodable(said ?? ''), await house.user());
    await ada.signIn(ada.user.email);
    await behind(encodable(said ?? '')).post('/auth/login', { email: ada.user.email, password: 'not this one' });
    (await ada.put('/users/me', { name: 'Ada' })).expect(200);
  }
  const rows = [
    ...(await house.query('SELECT ip FROM sessions')),
    ...(await house.query('SELECT ip FROM activity_logs WHERE ip IS NOT NULL')),
    ...house.log
      .slice(logged)
      .map((line) => JSON.parse(line))
      .filter(({ status }) => status),
  ];
  expect(rows.length).toBeGreaterThan(200);
  expect(rows.filter(({ ip }) => !ADDRESS.test(ip))).toEqual([]);
});

/** As a header may hold it. */
const encodable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?');

test('a port does not make another network or another device', async () => {
  const few = await House.open({ TRUST_PROXY: PROXY, RATE_LIMIT: '20/1m' });
  const from = (port: number) =>
    Object.assign(few.visitor(), { ip: PROXY }).get('/.well-known/jwks.json', {
      'x-forwarded-for': `203.0.113.7:${port}`,
    });
  const statuses: number[] = [];
  for (let port = 1000; port < 1025; port++) statuses.push((await from(port)).status);
  await few.close();
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);

  const ada = behind('203.0.113.7:1000', await house.user());
  const device = 'an agent of one device';
  ada.userAgent = device;
  await ada.signIn(ada.user.email);
  const before = (await house.mailsTo(ada.user.email)).length;
  for (let port = 1001; port < 1004; port++) {
    const again = Object.assign(behind(`203.0.113.7:${port}`), { userAgent: device });
    (await again.post('/auth/login', { email: ada.user.email, password: PASSWORD })).expect(200);
  }
  expect((await house.mailsTo(ada.user.email)).length).toBe(before);
});

test('of a User-Agent the beginning is kept, wherever it is', async () => {
  const ada = await house.user();
  ada.userAgent = 'Mozilla '.repeat(1500);
  await ada.signIn(ada.user.email);
  (await ada.put('/users/me', { name: 'Ada' })).expect(200);
  const held = [
    ...(await house.query('SELECT user_agent FROM sessions WHERE user_id = ?', [ada.user.id])),
    ...(await house.query('SELECT user_agent FROM activity_logs WHERE actor_id = ?', [ada.user.id])),
  ];
  expect(held.map(({ user_agent }) => user_agent.length).filter((length) => length > 255)).toEqual([]);
});
