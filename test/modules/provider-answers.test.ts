import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ask } from '../../src/http/client/ask';
import { ProviderApi } from '../../src/modules/payments/providers/port/provider-api';
import { ProviderAway } from '../../src/modules/payments/providers/port/providers.errors';
import { StripeProvider } from '../../src/modules/payments/providers/stripe.provider';

const MIB = 1024 * 1024;
let answer: RequestListener;
const hungUp: ServerResponse[] = [];
const server = createServer((request, response) => {
  response.on('close', () => response.writableFinished || hungUp.push(response));
  answer(request, response);
});
let url: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => hungUp.splice(0));

/** Goes on for ever, as fast as it is taken. */
const endless: RequestListener = (_, response) => {
  const more = () => void (response.writable && response.write(Buffer.alloc(64 * 1024, 'x'), more));
  response.writeHead(200, { 'content-type': 'application/json' });
  more();
};
/** A byte, and then no more. */
const stuck: RequestListener = (_, response) => void response.writeHead(200).write('{');
const packed: RequestListener = (_, response) =>
  void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * MIB)));

describe('the answer of a server that is not ours', () => {
  test('is there whole', async () => {
    answer = (_, response) => void response.writeHead(201, { 'x-said': 'yes' }).end('{"a":1}');
    const got = await ask(url, { within: 60_000 });
    expect([got.status, got.headers.get('x-said'), await got.text()]).toEqual([201, 'yes', '{"a":1}']);
    answer = (_, response) => void response.writeHead(204).end();
    expect((await ask(url, { within: 60_000 })).status).toBe(204);
  });

  test.each([
    ['endless', () => endless],
    ['large once it is unpacked', () => packed],
  ])('that is %s is let go of', async (_what, how) => {
    answer = how();
    await expect(ask(url, { within: 60_000 })).rejects.toThrow('larger than 1 MiB');
  });

  test('has a time to be there in, to its last byte', async () => {
    answer = stuck;
    await expect(ask(url, { within: 50 })).rejects.toThrow();
  });

  test('is as good as none to whoever asks a provider', async () => {
    answer = endless;
    await expect(new ProviderApi(url, {}).get('/payments/1')).rejects.toThrow(ProviderAway);
    await expect(new ProviderApi(url, {}).send('POST', '/payments')).rejects.toThrow(ProviderAway);
    const stripe = new StripeProvider({ STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_API_URL: url });
    await expect(stripe.cancelSubscription('sub_1')).rejects.toThrow(ProviderAway);
    expect(hungUp.length).toBeGreaterThanOrEqual(3);
  });
});
