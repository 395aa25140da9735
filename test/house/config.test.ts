import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig, settings } from '../../src/config/config';
import { senderFrom } from '../../src/kit/text/email-sender';
import { warningsOf } from '../../src/config/production';
import { loadSecrets } from '../../src/config/secrets';

type Name = keyof typeof settings;
type Env = Record<string, string | undefined>;

const names = Object.keys(settings) as Name[];
const keyOf = (namedCurve: string) =>
  String(generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }));
const PRODUCTION: Env = {
  NODE_ENV: 'production',
  APP_URL: 'https://app.example.com',
  DATABASE_URL: 'mysql://tenantry:pw@db/tenantry',
  SMTP_URL: 'smtps://user:pw@mail.example.com:465',
  MAIL_FROM: 'Acme <hello@acme.example>',
  JWT_PRIVATE_KEY: keyOf('P-256'),
  FLUTTERWAVE_SECRET_KEY: 'FLWSECK-of-someone',
  FLUTTERWAVE_WEBHOOK_HASH: 'nobody will guess this one',
  SECRET_KEYS: `k1:${randomBytes(32).toString('base64')}`,
};

/** Nothing goes over the network in the clear. */
const SAFE = { DATABASE_URL: 'mysql://tenantry:pw@db/tenantry?ssl-mode=VERIFY_IDENTITY' };

/** What the app says when it is started with these settings; undefined when it starts. */
function refusal(env: Env): string | undefined {
  try {
    return void loadSecrets(loadConfig(env));
  } catch (error) {
    return (error as Error).message;
  }
}

const NOT_OF_THE_WEB = [
  'ftp://app.example.com',
  'ws://app.example.com',
  'file:///etc/hosts',
  'javascript:alert(1)//',
  'data:text/html,',
  'blob:https://app.example.com/',
  'filesystem:https://app.example.com/',
  'myapp://links/',
  'https://ada:hunter2@app.example.com',
];
const KEY = randomBytes(32).toString('base64');
/** Keys of 32 bytes that no chance made. */
const MADE_UP = [
  Buffer.alloc(32),
  Buffer.alloc(32, 0xff),
  Buffer.alloc(32, 'ab'),
  Buffer.alloc(32, randomBytes(16)),
  Buffer.from(Array.from({ length: 32 }, (_, i) => i)),
  Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - 3 * i)),
  Buffer.concat([Buffer.alloc(24), randomBytes(8)]),
  Buffer.from('change-me-change-me-change-me-32'),
  Buffer.from('The quick brown fox jumps over 1'),
  Buffer.from('0123456789abcdef0123456789abcdef'),
];

const ACME = { id: 'acme', name: 'Acme', issuer: 'https://id.acme.example', clientId: 'tenantry' };

/** For each setting something that it must not be; `any text` for those that may be anything. A new setting belongs in here. */
const BAD: Record<Name, string[] | 'any text'> = {
  NODE_ENV: ['staging', 'prod\nuction'],
  HOST: ['not a host', '1.2.3.4.5.6/7'],
  PORT: ['0', '65536', 'http', '30\n00'],
  APP_NAME: ['two\nlines', 'a'.repeat(61)],
  APP_URL: ['app.example.com', 'not a url', 'https://app.example.com/?x', ...NOT_OF_THE_WEB],
  LINK_URL_TEMPLATE: [
    'https://app.example.com/links',
    'no {token} url',
    'https://{token}.example.com/',
    ...NOT_OF_THE_WEB.map((url) => `${url}{token}`),
  ],
  DATABASE_URL: [
    'postgres://user:hunter2@host/db',
    'mysql',
    'sqlite:',
    'mysql:///db',
    'mysql://user:hunter2@one,,two/db',
    'mysql://user:hunter2@one,two:hunter2/db',
    'mysql://user:hunter2@one,10.0.0.1/db?ssl-mode=VERIFY_IDENTITY',
    ...[
      'ssl-mode=PREFERRED',
      'ssl-mode=hunter2',
      'ssl-mode=',
      'sslmode=allow',
      'ssl=maybe',
      'ssl=true&ssl=false',
      'ssl=true&ssl-mode=DISABLED',
      'ssl-ca=/no/such/hunter2.pem',
      'ssl-mode=DISABLED&ssl-ca=package.json',
      'useSSL=true',
      'tls=true',
      'constructor=1',
      'SSL-MODE=REQUIRED',
      'charset=utf8',
      'socketPath=/tmp/hunter2',
    ].map((parameters) => `mysql://user:hunter2@host/db?${parameters}`),
    'mysql://user:hunter2@10.0.0.1/db?ssl-mode=VERIFY_IDENTITY',
  ],
  DATABASE_PASSWORD: 'any text',
  DATABASE_POOL: ['0', 'ten'],
  STATEMENT_TIMEOUT: ['10', '0s', 'never'],
  DATA_DIR: 'any text',
  ALLOW_EMBEDDED: ['yes', '1'],
  SMTP_URL: ['https://user:hunter2@mail', 'mail.example.com'],
  MAIL_USERNAME: ['someone', 'a@b@c'],
  MAIL_PASSWORD: 'any text',
  MAIL_FROM: [
    'Tenantry',
    'Ten\nantry <no-reply@localhost>',
    'a@x.example, b@x.example',
    'Acme, Inc. <hello@acme.example>',
    '"Acme <hello@acme.example>',
    '"Ac\rme" <hello@acme.example>',
    'hello@acme.example>',
  ],
  JWT_PRIVATE_KEY: ['hunter2', '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----', keyOf('P-384')],
  JWT_NEXT_KEY: ['/no/such/hunter2.pem', keyOf('P-384')],
  JWT_PREVIOUS_KEYS: ['/no/such/hunter2.pem'],
  SECRET_KEYS: [
    'hunter2',
    'k1:aHVudGVyMg==',
    ...MADE_UP.flatMap((key) => [`k1:${key.toString('base64')}`, `k1:${key.toString('base64url')}`]),
    `k1:${KEY},k2:${MADE_UP[0]!.toString('base64url')}`,
    `k1:${KEY},k1:${randomBytes(32).toString('base64')}`,
    `k1:${KEY}!`,
    `k1:${KEY}:x`,
    `k 1:${randomBytes(32).toString('base64')}`,
  ],
  ACCESS_TOKEN_TTL: ['15', '0m', '-1m', '15 minutes'],
  REFRESH_IDLE_TTL: ['30', 'month'],
  REFRESH_ABSOLUTE_TTL: ['90', '1e3d'],
  INVITE_TTL: ['600', '10M'],
  ACTIVITY_RETENTION: ['1h', 'never', '0d'],
  INVITE_RETENTION: ['30', '-30d', 'for ever'],
  MESSAGE_RETENTION: ['90', '23h'],
  NOTIFICATION_RETENTION: ['a year', '0d'],
  PAYMENT_EVENT_RETENTION: ['29d', '719h', 'Forever'],
  DEAD_LETTER_RETENTION: ['off', '1ms'],
  RESET_TTL: ['0s'],
  MAGIC_LINK_TTL: ['1.5h'],
  VERIFY_TTL: ['24hours'],
  SIGNUP_POLICY: ['Open', 'invite'],
  LOGIN_ALERTS: ['on', 'never'],
  PLATFORM_ADMINS: ['ada', 'ada@example.com;bob@example.com'],
  CORS_ORIGINS: ['*', 'null', 'https://app.example.com/', 'https://app.example.com,app.example.org', ...NOT_OF_THE_WEB],
  REDIRECT_ORIGINS: ['*', 'null', 'https://app.example.com/back', 'app.example.com', ...NOT_OF_THE_WEB],
  REFUND_WINDOW: ['14', '0d', '-1d', 'off'],
  TEST_PAYMENTS: ['yes', 'off'],
  GOOGLE_CLIENT_ID: 'any text',
  GOOGLE_CLIENT_SECRET: 'any text',
  GOOGLE_ISSUER: ['accounts.google.com', 'http://accounts.google.com', 'https://accounts.google.com/?x'],
  GITHUB_CLIENT_ID: 'any text',
  GITHUB_CLIENT_SECRET: 'any text',
  GITHUB_ISSUER: ['github.com', 'http://127.0.0.1.evil.example', 'https://user@github.com'],
  GITHUB_API_URL: ['http://api.github.com', 'ftp://127.0.0.1'],
  MICROSOFT_CLIENT_ID: 'any text',
  MICROSOFT_CLIENT_SECRET: 'any text',
  MICROSOFT_ISSUER: ['http://login.microsoftonline.com/common/v2.0', 'common'],
  MICROSOFT_API_URL: ['http://10.0.0.1', 'https://login.example/#x'],
  OIDC_PROVIDERS: [
    'hunter2',
    '{}',
    '["hunter2"]',
    '[null]',
    ...[
      { id: 'google' },
      { id: 'Ac me' },
      { issuer: 'http://id.acme.example' },
      { issuer: 7 },
      { clientId: '' },
      { clientSecret: 7 },
      { surprise: 'hunter2' },
    ].map((fault) => JSON.stringify([{ ...ACME, ...fault }])),
    JSON.stringify([ACME, ACME]),
  ],
  STRIPE_SECRET_KEY: 'any text',
  STRIPE_WEBHOOK_SECRET: 'any text',
  STRIPE_API_URL: ['api.stripe.com', ...NOT_OF_THE_WEB],
  FLUTTERWAVE_SECRET_KEY: 'any text',
  FLUTTERWAVE_WEBHOOK_HASH: 'any text',
  FLUTTERWAVE_API_URL: ['flutterwave'],
  LEMONSQUEEZY_API_KEY: 'any text',
  LEMONSQUEEZY_STORE_ID: 'any text',
  LEMONSQUEEZY_WEBHOOK_SECRET: 'any text',
  LEMONSQUEEZY_API_URL: ['//api.lemonsqueezy.com'],
  HEADER_TIMEOUT: ['10', '0s'],
  BODY_TIMEOUT: ['30 s', '-1s'],
  ANSWER_TIMEOUT: ['1min'],
  KEEP_ALIVE_TIMEOUT: ['off'],
  SHUTDOWN_DELAY: ['-1', '1.5', '5 s', 'soon'],
  MAX_CONNECTIONS: ['0', '1e4', 'many'],
  MAX_CONNECTIONS_PER_NETWORK: ['-1', '1.5'],
  TRUST_PROXY: ['true', '1', '10.0.0.0/33'],
  MAX_STREAMS: ['0', '1e4', 'many'],
  MAX_STREAMS_PER_NETWORK: ['-1', '1.5'],
  RATE_LIMIT: ['600', '0/1m', '1.5/1m', '600/0m', '600/1d', 'OFF'],
  MAIL_LIMIT: ['1000', '0/1h', '1000/1d', 'OFF'],
  REDIS_URL: ['redis', 'https://user:hunter2@redis', 'redis://:hunter2@[redis'],
  METRICS_TOKEN: 'any text',
  OTEL_EXPORTER_OTLP_ENDPOINT: ['collector:4318', 'https://otlp.example.com/?x', ...NOT_OF_THE_WEB],
  LOG_LEVEL: ['loud', 'INFO'],
};

/** Keys are made anew in every run; a title stays the same. */
const shown = (value: string) => (value.length > 40 ? `a key of ${value.length} characters` : JSON.stringify(value));
const cases = names.flatMap((name) =>
  Array.isArray(BAD[name]) ? BAD[name].map((value) => [name, shown(value), value] as const) : [],
);

test('there is a bad value to try for every setting', () => {
  expect(Object.keys(BAD).sort()).toEqual([...names].sort());
});

describe('a bad value stops the start, with one line that says what was found and what is wanted', () => {
  test.each(cases)('%s=%s', (name, _, value) => {
    const [head, ...lines] = refusal({ NODE_ENV: 'test', [name]: value })?.split('\n') ?? [];
    expect(head).toBe('Tenantry cannot start with these settings:');
    expect(lines.filter((line) => line.startsWith(`  ${name}: `))).toHaveLength(1);
    expect(lines.filter((line) => !/^ {2}[A-Z_, ]+: (found .+; )?wanted .+$/.test(line))).toEqual([]);
  });
});

test('every fault is named at once', () => {
  const said = refusal({
    NODE_ENV: 'test',
    PORT: 'http',
    LOG_LEVEL: 'loud',
    INVITE_TTL: '10',
    MAIL_USERNAME: 'ada@example.com',
    SECRET_KEYS: 'x',
  });
  expect(
    said
      ?.match(/^ {2}[A-Z_]+/gm)
      ?.map((name) => name.trim())
      .sort(),
  ).toEqual(['INVITE_TTL', 'LOG_LEVEL', 'MAIL_USERNAME', 'PORT', 'SECRET_KEYS']);
});

test('a payment provider is set up whole or not at all', () => {
  const said = (env: Env) => refusal({ NODE_ENV: 'test', ...env });
  expect(said({ STRIPE_SECRET_KEY: 'sk' })).toContain(
    'STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET: wanted both or neither',
  );
  expect(said({ LEMONSQUEEZY_STORE_ID: '1' })).toContain('LEMONSQUEEZY_WEBHOOK_SECRET: wanted all or none');
});

test('a provider wants its id and its secret, or neither', () => {
  for (const name of ['GOOGLE', 'GITHUB', 'MICROSOFT'])
    for (const half of ['ID', 'SECRET'])
      expect(refusal({ NODE_ENV: 'test', [`${name}_CLIENT_${half}`]: 'x' })).toContain(
        `  ${name}_CLIENT_ID, ${name}_CLIENT_SECRET: wanted both or neither`,
      );
});

test('other issuers are read from JSON, and on this machine need no TLS', () => {
  const local = { ...ACME, id: 'local', issuer: 'http://127.0.0.1:4000/realm/' };
  expect(loadConfig({ NODE_ENV: 'test', OIDC_PROVIDERS: JSON.stringify([ACME, local]) }).OIDC_PROVIDERS).toEqual([
    ACME,
    local,
  ]);
});

test.each([
  ['"Acme, Inc." <hello@acme.example>', 'Acme, Inc.', 'hello@acme.example'],
  ['"Ada \\"the first\\" of Acme" <a@acme.example>', 'Ada "the first" of Acme', 'a@acme.example'],
  ['"sales@acme.example" <hello@acme.example>', 'sales@acme.example', 'hello@acme.example'],
  ['Acme "Widgets, Ltd." Europe <hello@acme.example>', 'Acme Widgets, Ltd. Europe', 'hello@acme.example'],
  ['Acme Inc. <hello@acme.example>', 'Acme Inc.', 'hello@acme.example'],
  ["Bücher & Söhne's <hello@acme.example>", "Bücher & Söhne's", 'hello@acme.example'],
  ['Acme<hello@acme.example>', 'Acme', 'hello@acme.example'],
  ['<hello@acme.example>', '', 'hello@acme.example'],
  ['no-reply@localhost', '', 'no-reply@localhost'],
])('the sender may be %s', (text, name, address) => {
  expect(refusal({ NODE_ENV: 'test', MAIL_FROM: text })).toBeUndefined();
  expect(senderFrom(text)).toEqual({ name, address });
});

test('a secret is never shown, not even a wrong one', () => {
  const secret = names.filter((name) => /KEY|PASSWORD|TOKEN|SECRET|HASH|_URL$|^OIDC/.test(name));
  expect(secret.length).toBeGreaterThan(8);
  for (const name of secret)
    expect(refusal({ NODE_ENV: 'test', [name]: 'hunter2://hunter2:hunter2@hunter2' }) ?? '').not.toContain('hunter2');
  expect(refusal({ NODE_ENV: 'test', PORT: 'hunter2' })).toContain('found "hunter2"');
});

test('an empty variable counts as unset', () => {
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  const { NODE_ENV, PORT, SIGNUP_POLICY }: Config = loadConfig(empty);
  expect({ NODE_ENV, PORT, SIGNUP_POLICY }).toEqual({ NODE_ENV: 'development', PORT: 3000, SIGNUP_POLICY: 'open' });
});

describe('production', () => {
  test('starts with all that it needs, and wants mailboxes proved', () => {
    expect(refusal(PRODUCTION)).toBeUndefined();
    expect(loadConfig(PRODUCTION).SIGNUP_POLICY).toBe('verified');
  });

  test.each<[Name, string, string | undefined]>([
    ['JWT_PRIVATE_KEY', 'a key of its own', undefined],
    ['SECRET_KEYS', 'a key of its own', undefined],
    ['SECRET_KEYS', 'no published sample', 'k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='],
    ['SECRET_KEYS', 'no published sample', 'k1:Y2hhbmdlLW1lLWNoYW5nZS1tZS1jaGFuZ2UtbWUtMzI='],
    ['SECRET_KEYS', 'no short key', `k1:${randomBytes(16).toString('base64')}`],
    ['SMTP_URL', 'a mail server, not the development mailbox', undefined],
    ['DATABASE_URL', 'no embedded database by accident', undefined],
    ['DATABASE_URL', 'no embedded database by accident', 'sqlite:/data/tenantry.db'],
    ['METRICS_TOKEN', 'a token that nobody guesses', 'short'],
    ['FLUTTERWAVE_WEBHOOK_HASH', 'a hash that nobody guesses', 'short'],
    ['GITHUB_API_URL', 'no plain HTTP, not even to itself', 'http://127.0.0.1:4000'],
    ['OIDC_PROVIDERS', 'no plain HTTP, not even to itself', JSON.stringify([{ ...ACME, issuer: 'http://localhost' }])],
    ['RATE_LIMIT', 'a limit', 'off'],
    ['APP_URL', 'an address that people reach', undefined],
    ['APP_URL', 'no plain HTTP', 'http://app.example.com'],
    ['APP_URL', 'no plain HTTP, however it is spelt', 'HTTP:app.example.com'],
    ['LINK_URL_TEMPLATE', 'no plain HTTP', 'http://app.example.com/#{token}'],
    ['CORS_ORIGINS', 'no plain HTTP', 'https://app.example.com,http://app.example.com'],
    ['REDIRECT_ORIGINS', 'no plain HTTP', 'http://app.example.com'],
    ['STRIPE_API_URL', 'no plain HTTP', 'http://proxy.example.com'],
    ['FLUTTERWAVE_API_URL', 'no plain HTTP', 'http://10.0.0.1'],
    ['LEMONSQUEEZY_API_URL', 'no plain HTTP', 'http://127.0.0.1.evil.example'],
    ['MAIL_FROM', 'a sender', undefined],
    ['REDIS_URL', 'no password in the clear', 'redis://:hunter2@redis:6379'],
    ['REDIS_URL', 'no password in the clear', 'redis://tenantry:hunter2@10.0.0.7'],
    ['MAIL_LIMIT', 'a limit', 'off'],
  ])('wants of %s: %s', (name, _, value) => {
    expect(refusal({ ...PRODUCTION, [name]: value })).toMatch(
      new RegExp(`^Tenantry cannot start with these settings:\n  ${name}: .+$`),
    );
  });

  test.each(Object.entries(BAD).filter(([, values]) => Array.isArray(values)))(
    'names a bad %s, too',
    (name, values) => {
      expect(refusal({ ...PRODUCTION, [name]: values[0] })).toMatch(new RegExp(`^  ${name}: `, 'm'));
    },
  );

  test('lists all that is missing at once', () => {
    const said = refusal({ NODE_ENV: 'production' });
    for (const name of ['APP_URL', 'JWT_PRIVATE_KEY', 'SECRET_KEYS', 'SMTP_URL', 'MAIL_FROM', 'DATABASE_URL'])
      expect(said?.match(new RegExp(`^  ${name}: `, 'gm'))).toHaveLength(1);
    for (const how of ['openssl ecparam -genkey', 'openssl rand -base64 32']) expect(said).toContain(how);
  });

  test('runs on the embedded database, and sends through Gmail, when told to', () => {
    expect(refusal({ ...PRODUCTION, DATABASE_URL: undefined, ALLOW_EMBEDDED: 'true' })).toBeUndefined();
    expect(
      refusal({ ...PRODUCTION, SMTP_URL: undefined, MAIL_USERNAME: 'ada@example.com', MAIL_PASSWORD: 'pw' }),
    ).toBeUndefined();
  });

  test('has Gmail send as whom it signs in', () => {
    const gmail = { SMTP_URL: undefined, MAIL_FROM: undefined, MAIL_USERNAME: 'ada@example.com', MAIL_PASSWORD: 'pw' };
    expect(loadConfig({ ...PRODUCTION, ...gmail }).MAIL_FROM).toBe('Tenantry <ada@example.com>');
  });

  test('may be tried out on this machine, in the clear', () => {
    const here = {
      APP_URL: 'http://localhost:3000',
      CORS_ORIGINS: 'http://127.0.0.1:5173',
      REDIS_URL: 'redis://:pw@127.0.0.1',
      DATABASE_URL: 'mysql://ada:pw@[::1]/tenantry',
      SMTP_URL: 'smtp://localhost:1025',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318',
    };
    expect(refusal({ ...PRODUCTION, ...here })).toBeUndefined();
    expect(warningsOf(loadConfig({ ...PRODUCTION, ...here }))).toEqual([]);
  });

  test.each<[string, Env]>([
    ['DATABASE_URL', { DATABASE_URL: 'mysql://tenantry:hunter2@db/tenantry' }],
    ['DATABASE_URL', { DATABASE_URL: 'mariadb://tenantry:hunter2@db/tenantry?ssl-mode=DISABLED' }],
    ['SMTP_URL', { SMTP_URL: 'smtp://mail.example.com:25' }],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }],
  ])('is warned of %s: %j', (name, env) => {
    const warnings = warningsOf(loadConfig({ ...PRODUCTION, ...SAFE, ...env }));
    expect(warnings).toEqual([expect.stringMatching(`^${name}: `)]);
    expect(warnings.join()).not.toContain('hunter2');
    expect(warningsOf(loadConfig({ ...env, NODE_ENV: 'development' }))).toEqual([]);
  });
});

test('.env.example lists every setting under what it means', () => {
  const blocks = readFileSync(join(__dirname, '../../.env.example'), 'utf8')
    .split(/\n{2,}/)
    .slice(1);
  const listed = blocks.map((block) => /^# (?<desc>.+)\n(# )?(?<name>[A-Z_]+)=/.exec(block.trim())?.groups);
  expect(listed.map((found) => ({ ...found }))).toEqual(
    names.map((name) => ({ name, desc: (settings[name] as unknown as { desc: string }).desc })),
  );
});

test.each([
  ['::1', 'http://[::1]:3000'],
  ['2001:db8::7', 'http://[2001:db8::7]:3000'],
  ['127.0.0.1', 'http://127.0.0.1:3000'],
  ['::', 'http://localhost:3000'],
  ['app.internal', 'http://app.internal:3000'],
])('who listens on %s links to %s', (HOST, url) => {
  expect(loadConfig({ NODE_ENV: 'test', HOST }).APP_URL).toBe(url);
});
