import { House } from '../support/house';

const APP = 'https://app.example.com';
const PERMISSION = /^access-control-/;

describe.each([
  ['no origin is allowed', {}],
  ['an origin is allowed', { CORS_ORIGINS: APP }],
])('where %s', (_, settings) => {
  let house: House;

  beforeAll(async () => {
    house = await House.open(settings);
  });
  afterAll(() => house.close());

  const preflight = (origin: string, path = '/auth/login', method = 'POST') =>
    house.visitor().call('OPTIONS', path, {
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization' },
      contract: false,
    });
  const permissions = ({ headers }: { headers: object }) =>
    Object.keys(headers).filter((name) => PERMISSION.test(name));
  const told = () => house.log.filter((line) => line.includes('CORS_ORIGINS'));

  test.each([
    'https://evil.example',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.example',
    'https://APP.example.com',
    'null',
  ])('a preflight from %s is answered without permission, and the log names origin and setting', async (origin) => {
    const before = told().length;
    const answer = await preflight(origin);
    expect(answer.status).toBe(204);
    expect(permissions(answer)).toEqual([]);
    expect(answer.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-request-id': expect.any(String) });
    const lines = told().slice(before);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`CORS_ORIGINS does not name ${origin}`);
  });

  test('so is one for what is not there; a long origin does not fill the log', async () => {
    expect((await preflight('https://evil.example', '/nowhere', 'PATCH')).status).toBe(204);
    const before = told().length;
    await preflight(`https://${'a'.repeat(5000)}.example`);
    expect(told()[before]!.length).toBeLessThan(500);
  });

  test('what is no preflight is answered as ever, without permission', async () => {
    const answer = await house.visitor().get('/auth/providers', { origin: 'https://evil.example' });
    answer.expect(200);
    expect(permissions(answer).filter((name) => name !== 'access-control-expose-headers')).toEqual([]);
    const asked = await house.visitor().call('OPTIONS', '/auth/login', { contract: false }); // which methods there are
    expect(asked.status).toBe(204);
    expect(asked.headers).not.toHaveProperty('access-control-allow-origin');
  });

  if ('CORS_ORIGINS' in settings)
    test('the origin that is named may call, and is not written of', async () => {
      const before = told().length;
      const answer = await preflight(APP);
      expect(answer.status).toBe(204);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': APP,
        'access-control-allow-methods': expect.stringContaining('DELETE'),
        'access-control-allow-headers': 'authorization',
      });
      expect((await house.visitor().get('/auth/providers', { origin: APP })).headers).toMatchObject({
        'access-control-allow-origin': APP,
        'access-control-expose-headers': expect.stringContaining('Retry-After'),
      });
      expect(told()).toHaveLength(before);
    });
});
