import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { contract, contractText } from '../support/operations';
import { House } from '../support/house';

const ORIGIN = 'https://app.example.com';

let house: House;
beforeAll(async () => {
  house = await House.open({ CORS_ORIGINS: ORIGIN });
});
afterAll(() => house.close());

const ask = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  house.app.inject({ method, url, headers });

const READERS: Record<string, (body: Buffer) => string> = {
  br: (body) => brotliDecompressSync(body).toString(),
  gzip: (body) => gunzipSync(body).toString(),
  identity: (body) => body.toString(),
};

describe.each(['/openapi.json', '/openapi.yaml'])('%s', (url) => {
  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['gzip;q=0.8, br;q=0.2', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['deflate', 'identity'],
    ['gzip;q=0', 'identity'],
    ['identity', 'identity'],
    ['', 'identity'],
    ['nonsense;;q=,,', 'identity'],
  ])('goes out to who takes "%s" as %s', async (accepted, coding) => {
    const { headers, rawPayload, statusCode } = await ask(url, { 'accept-encoding': accepted });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ vary: 'Origin, Accept-Encoding', 'cache-control': 'no-cache' });
    expect(headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
    const text = READERS[coding]!(rawPayload);
    if (url.endsWith('yaml')) expect(text).toBe(contractText);
    else expect(JSON.parse(text)).toEqual(contract);
    if (coding !== 'identity') expect(rawPayload.length).toBeLessThan(text.length / 5);
  });

  test('has a tag for each coding, and is not sent to who has it', async () => {
    const tags = new Set<string>();
    for (const coding of ['br', 'gzip', 'identity']) {
      const tag = String((await ask(url, { 'accept-encoding': coding })).headers.etag);
      tags.add(tag);
      for (const method of ['GET', 'HEAD'] as const) {
        const again = await ask(url, { 'accept-encoding': coding, 'if-none-match': tag }, method);
        expect([again.statusCode, again.payload, again.headers.etag]).toEqual([304, '', tag]);
        expect(again.headers).toMatchObject({ vary: 'Origin, Accept-Encoding', 'cache-control': 'no-cache' });
        expect(again.headers['content-encoding']).toBeUndefined();
      }
      expect((await ask(url, { 'accept-encoding': coding, 'if-none-match': '"another"' })).statusCode).toBe(200);
    }
    expect(tags.size).toBe(3);
  });

  test('tells caches of both that it differs by', async () => {
    const own = await ask(url, { origin: ORIGIN });
    expect(own.headers).toMatchObject({ vary: 'Origin, Accept-Encoding', 'access-control-allow-origin': ORIGIN });
  });
});

test('the contract has the version of the release', () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  expect(contract.info.version).toBe(version);
});

test('the documentation loads the contract, and does not hold another copy of it', async () => {
  const { payload } = await ask('/docs/swagger-ui-init.js');
  expect(payload).toContain('"swaggerUrl": "/openapi.json"');
  expect(payload).not.toContain('operationId:');
  expect(payload.length).toBeLessThan(5000);
});
