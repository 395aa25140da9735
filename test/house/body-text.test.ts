import { gzipSync } from 'node:zlib';
import { lossyNumber } from '../../src/http/fields/exact-numbers';
import { House } from '../support/house';
import { portOf } from '../support/socket';
import type { Visitor } from '../support/visitor';

let house: House;
let ada: Visitor;

beforeAll(async () => {
  house = await House.open();
  ada = await house.owner();
});
afterAll(() => house.close());

const json = { 'content-type': 'application/json' };

describe('a body', () => {
  const bytes = async (body: Buffer, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${await portOf(house)}/users/me`, {
      method: 'PUT',
      body: new Uint8Array(body),
      headers: { authorization: `Bearer ${ada.accessToken}`, ...json, ...headers },
    });
    return { status: answer.status, body: (await answer.json()) as any };
  };

  test.each([
    ['Latin-1', Buffer.from('{"name":"Zo\u00eb"}', 'latin1')],
    ['UTF-16', Buffer.from('\ufeff{"name":"Zo\u00eb"}', 'utf16le')],
    ['half a character', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xf0, 0x9f]), Buffer.from('"}')])],
    ['a surrogate', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])],
    ['an overlong slash', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
  ])('in %s is refused', async (_, body) => {
    for (const headers of [json, { 'content-type': 'application/json; charset=iso-8859-1' }]) {
      const answer = await bytes(body, headers);
      expect([answer.status, answer.body.code, answer.body.detail]).toEqual([
        400,
        'bad-request',
        'The body is not UTF-8.',
      ]);
    }
  });

  test('behind a byte order mark is read', async () => {
    const answer = await bytes(Buffer.from('\ufeff{"name":"Zo\u00eb"}'));
    expect([answer.status, answer.body.name]).toEqual([200, 'Zo\u00eb']);
  });

  test.each(['gzip', 'br', 'deflate', 'zstd', 'identity, gzip', 'x-unknown'])(
    'encoded as %s is refused',
    async (encoding) => {
      const answer = await bytes(gzipSync('{"name":"Ada"}'), { 'content-encoding': encoding });
      expect([answer.status, answer.body.code]).toEqual([415, 'not-json']);
      expect(answer.body.detail).toContain('Content-Encoding');
    },
  );

  test('that says it is not encoded is read', async () => {
    expect((await bytes(Buffer.from('{"name":"Ada"}'), { 'content-encoding': 'identity' })).status).toBe(200);
  });
});

describe('a number', () => {
  const KEPT = [
    '0',
    '-0',
    '1.0',
    '1.50',
    '1e3',
    '1E-7',
    '100000000000000000000',
    '9007199254740991',
    '9007199254740992',
    '0.1',
    '3.141592653589793',
    '1e308',
    '1.7976931348623157e308',
    '5e-324',
    '0e999999',
    '-12.5e-3',
    '1000000000000000000000000',
  ];
  const LOST = [
    '12345678901234567890',
    '9007199254740993',
    '-9007199254740993',
    '0.1234567890123456789',
    '3.14159265358979323846',
    '1e400',
    '-1e309',
    '1e-400',
    '1.00000000000000000001',
    `1${'0'.repeat(500)}`,
    `0.${'0'.repeat(5000)}1`,
    '1e99999999999999999999',
  ];

  test.each(LOST)('%s is refused where it stands, since another would be kept', async (number) => {
    expect(lossyNumber(number)).toBeDefined();
    const send = (value: string) => ada.put('/users/me/data/numbers', `{"value":${value}}`, json);
    const places: [string, string][] = [
      [number, '#/value'],
      [`{"a/b":[1,"${number}",${number}]}`, '#/value/a~1b/2'],
      [`["\\"",{"\\\\":${number}}]`, '#/value/1/\\'],
    ];
    for (const [value, pointer] of places)
      expect((await send(value)).problem(422, 'validation-failed').errors).toEqual([
        { pointer, detail: expect.stringContaining('digits') },
      ]);
  });

  test.each(KEPT)('%s is kept', async (number) => {
    expect(lossyNumber(number)).toBeUndefined();
    (await ada.put('/users/me/data/numbers', `{"value":[${number},"${'9'.repeat(40)}"]}`, json)).expect(200);
    const [value, text] = (await ada.get('/users/me/data/numbers')).expect(200).value;
    expect([value + 0, text]).toEqual([Number(number) + 0, '9'.repeat(40)]);
  });

  test('is looked for in one pass, however it is written', () => {
    const long = `[${'9'.repeat(250_000)}]`;
    const zeros = `[${'0.0000000000000000000000001,'.repeat(9000)}1]`;
    const quotes = `["${'\\"'.repeat(120_000)}"]`;
    expect([long, zeros, quotes].map((text) => lossyNumber(text) === undefined)).toEqual([false, true, true]);
  });
});
