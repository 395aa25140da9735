import { oneByOne, readServerUrls } from './settings/server-url';
import { isLoopback, webUrl } from '../kit/net/web-url';
import { socialSettings } from './settings/social.settings';

/** What others prove with it that they are who they say. */
const SHARED_SECRETS = [
  'METRICS_TOKEN',
  'STRIPE_WEBHOOK_SECRET',
  'FLUTTERWAVE_WEBHOOK_HASH',
  'LEMONSQUEEZY_WEBHOOK_SECRET',
] as const;
const MIN_SECRET = 16;

type Text =
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  | 'NODE_ENV'
  | 'APP_URL'
  | 'DATABASE_URL'
  | 'SMTP_URL'
  | 'MAIL_FROM'
  | 'MAIL_USERNAME'
  | 'REDIS_URL'
  | 'ALLOW_EMBEDDED';
type Given = Partial<Record<Text | (typeof SHARED_SECRETS)[number], string>> & {
  JWT_PRIVATE_KEY?: unknown;
  SECRET_KEYS?: unknown;
  RATE_LIMIT?: { max: number };
  MAIL_LIMIT?: { max: number };
};

/** What production does not forgive, one line a fault, of the settings as they are given. */
export function productionFaults(given: Given): string[] {
  const rules: [boolean, string][] = [
    [!given.APP_URL, 'APP_URL: not set; wanted the address that people reach, such as https://app.example.com'],
    [
      !given.JWT_PRIVATE_KEY,
      'JWT_PRIVATE_KEY: not set; wanted an ES256 key; make it with: openssl ecparam -genkey -name prime256v1 -noout',
    ],
    [
      !given.SECRET_KEYS,
      'SECRET_KEYS: not set; wanted id:base64(32 bytes); make it with: echo "k1:$(openssl rand -base64 32)"',
    ],
    [!given.SMTP_URL && !given.MAIL_USERNAME, 'SMTP_URL: not set; the development mailbox is not for production'],
    [
      !given.MAIL_FROM && !given.MAIL_USERNAME,
      'MAIL_FROM: not set; wanted the sender of every mail, such as Acme <hello@acme.example>',
    ],
    [
      isEmbeddedIn(given) && given.ALLOW_EMBEDDED !== 'true',
      'DATABASE_URL: the embedded database in production wants ALLOW_EMBEDDED=true',
    ],
    [
      isRemote(given.REDIS_URL, /^redis:.*@/),
      'REDIS_URL: found redis:// with a password; wanted rediss:// in production: it would go in the clear',
    ],
    ...SHARED_SECRETS.map((name): [boolean, string] => [
      given[name] !== undefined && given[name]!.length < MIN_SECRET,
      `${name}: found ${given[name]?.length} characters; wanted at least ${MIN_SECRET}`,
    ]),
    [given.RATE_LIMIT?.max === Infinity, 'RATE_LIMIT: found "off"; wanted a limit such as 600/1m'],
    [given.MAIL_LIMIT?.max === Infinity, 'MAIL_LIMIT: found "off"; wanted a limit such as 1000/1h'],
  ];
  return [...rules.flatMap(([broken, fault]) => (broken ? [fault] : [])), ...insecureFaults(given)];
}

/** What production had better not do, one line each (OWASP ASVS 5.0, 12.3.1). */
export function warningsOf({ NODE_ENV, DATABASE_URL, SMTP_URL, OTEL_EXPORTER_OTLP_ENDPOINT: otlp }: Given): string[] {
  if (NODE_ENV !== 'production') return [];
  return [
    ...(DATABASE_URL && isInTheClear(DATABASE_URL)
      ? ['DATABASE_URL: rows go over the network in the clear; add ?ssl-mode=VERIFY_IDENTITY']
      : []),
    ...(isRemote(SMTP_URL, /^smtp:(?!.*@)/)
      ? ['SMTP_URL: mails go over the network in the clear where the server offers no STARTTLS; use smtps://']
      : []),
    ...(isRemote(otlp, /^http:/i)
      ? [
          'OTEL_EXPORTER_OTLP_ENDPOINT: traces go over the network in the clear, and with them OTEL_EXPORTER_OTLP_HEADERS; use https://',
        ]
      : []),
  ];
}

const isInTheClear = (database: string): boolean =>
  !isEmbeddedIn({ DATABASE_URL: database }) &&
  oneByOne(database).some((url) => !isLoopback(url)) &&
  readServerUrls(database).some(({ ssl }) => !ssl);
const isEmbeddedIn = ({ DATABASE_URL }: Given): boolean => !DATABASE_URL || DATABASE_URL.startsWith('sqlite:');
const isRemote = (url: string | undefined, form: RegExp): url is string =>
  url !== undefined && form.test(url) && !isLoopback(url);

/** Where production would speak, or send people, in the clear: to this machine alone it may, and to no provider of sign-ins. */
function insecureFaults(given: Given): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    if (name === 'OTEL_EXPORTER_OTLP_ENDPOINT') return []; // a collector next door is often without TLS: a warning says so
    const clear = urlsIn(value).filter((url) => webUrl(url)?.protocol === 'http:');
    const isFault = clear.some((url) => name in socialSettings || !isLoopback(url));
    return isFault ? [`${name}: found http://; wanted https:// in production`] : [];
  });
}

/** The URLs in a setting: itself, each of a list, the issuer of each of a list. */
const urlsIn = (value: unknown): string[] =>
  [value].flat().flatMap((one) => (typeof one === 'string' ? one : ((one as { issuer?: string })?.issuer ?? [])));
