import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { connect } from '../../src/data-source';
import { loadConfig } from '../../src/config/config';
import { engine } from '../support/engines';
import { type Server, startServer } from '../support/server';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-tls-'));
const file = (name: string) => join(folder, `${name}.pem`);
let server: Server;

const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
const newKey = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(`${name}-key`)];

function makeAuthority(name: string): void {
  openssl('req', '-x509', ...newKey(name), '-out', file(name), '-days', '3650', '-subj', `/CN=${name}`);
}

/** The server's certificate, by the authority `ca`, for one name alone. */
function certify(name: string): void {
  openssl('req', ...newKey('server'), '-out', file('request'), '-subj', `/CN=${name}`);
  writeFileSync(file('names'), `subjectAltName=DNS:${name}`);
  const by = ['-CA', file('ca'), '-CAkey', file('ca-key'), '-CAcreateserial', '-extfile', file('names')];
  openssl('x509', '-req', '-in', file('request'), ...by, '-days', '3650', '-out', file('server'));
}

beforeAll(async () => {
  for (const name of ['ca', 'other']) makeAuthority(name);
  certify('localhost');
  const tls = [`--ssl-cert=${file('server')}`, `--ssl-key=${file('server-key')}`];
  server = await startServer(
    (globalThis as { SERVER?: string }).SERVER!,
    mkdtempSync(join(tmpdir(), 'tenantry-tls-server-')),
    { more: tls },
  );
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The cipher that the app's own connections have with these parameters, where `{ca}` is the path of one; empty in the clear. */
async function cipher(parameters: string, host = 'localhost'): Promise<string> {
  const query = parameters.replace(/\{(\w+)\}/, (_, name: string) => file(name));
  const DATABASE_URL = `${server.url.replace('127.0.0.1', host)}/mysql${query}`;
  const source = await connect(loadConfig({ NODE_ENV: 'test', DATABASE_URL }));
  try {
    const rows = await source.query<{ Value: string }[]>("SHOW STATUS LIKE 'Ssl_cipher'");
    return rows[0]!.Value;
  } finally {
    await source.destroy();
  }
}

describe(`DATABASE_URL on ${engine}`, () => {
  test.each(['', '?ssl-mode=DISABLED', '?sslmode=disable', '?ssl=false', '?ssl=0'])(
    '%s: in the clear',
    async (parameters) => {
      expect(await cipher(parameters)).toBe('');
    },
  );

  test.each(['?ssl-mode=REQUIRED', '?ssl-mode=required', '?sslmode=require'])(
    '%s: under TLS, with anyone',
    async (parameters) => {
      expect(await cipher(parameters)).not.toBe('');
    },
  );

  test.each([
    '?ssl-ca={ca}',
    '?ssl-mode=VERIFY_CA&ssl-ca={ca}',
    '?ssl-mode=VERIFY_IDENTITY&ssl-ca={ca}',
    '?sslmode=verify-full&ssl-ca={ca}',
    '?ssl=true&ssl-ca={ca}',
    '?ssl=1&ssl-ca={ca}',
  ])('%s: under TLS, with whom the authority knows', async (parameters) => {
    expect(await cipher(parameters)).not.toBe('');
  });

  test.each([
    '?ssl=true',
    '?ssl-mode=VERIFY_CA',
    '?sslmode=verify-ca',
    '?ssl-mode=VERIFY_CA&ssl-ca={other}',
    '?ssl-ca={other}',
  ])('%s: no connection with whom nobody vouches for', async (parameters) => {
    await expect(cipher(parameters)).rejects.toThrow(/^DATABASE_URL: no connection to localhost/);
  });

  test('the name in the certificate is looked at by VERIFY_IDENTITY alone, and is no address', async () => {
    expect(await cipher('?ssl-mode=VERIFY_CA&ssl-ca={ca}', '127.0.0.1')).not.toBe('');
    await expect(cipher('?ssl-mode=VERIFY_IDENTITY&ssl-ca={ca}', '127.0.0.1')).rejects.toThrow('a host by its name');

    certify('db.example.com');
    const admin = await createConnection(server.url);
    await admin.query('FLUSH SSL'); // reads the certificate again
    await admin.end();
    expect(await cipher('?ssl-mode=VERIFY_CA&ssl-ca={ca}')).not.toBe('');
    await expect(cipher('?ssl-mode=VERIFY_IDENTITY&ssl-ca={ca}')).rejects.toThrow(
      /no connection to localhost .*altnames/,
    );
  });
});
