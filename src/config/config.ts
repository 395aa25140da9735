import { isIPv6 } from 'node:net';
import { cleanEnv, host, port, str } from 'envalid';
import { DAY, HOUR, MINUTE } from '../kit/clock';
import { databaseSettings } from './settings/database.settings';
import { connectionSettings } from './settings/connections.settings';
import { paymentSettings } from './settings/payments.settings';
import {
  duration,
  addresses,
  baseUrl,
  origins,
  redisUrl,
  allowance,
  count,
  smtpUrl,
  linkTemplate,
  fromHeader,
  mailbox,
  productName,
  networks,
  signingKey,
  verifyingKeys,
  keyRing,
} from './settings/env-validators';
import { withPassword } from './settings/server-url';
import { senderFrom, senderLine } from '../kit/text/email-sender';
import { productionFaults } from './production';
import { retentionSettings } from './settings/retention.settings';
import { socialFaults, socialSettings } from './settings/social.settings';
import { watchingSettings } from './settings/watching.settings';

/** Every setting: its default and its meaning. `.env.example` repeats them, and a test holds the two equal. */
export const settings = {
  NODE_ENV: str({
    choices: ['development', 'test', 'production'],
    default: 'development',
    desc: 'production refuses missing secrets, the development mailbox and the embedded database',
  }),
  HOST: host({ default: '127.0.0.1', desc: 'address to listen on' }),
  PORT: port({ default: 3000, desc: 'port to listen on' }),
  APP_NAME: productName({ default: 'Tenantry', desc: 'the product, as pages and mails call it' }),
  APP_URL: baseUrl({
    default: undefined,
    desc: 'origin used in mailed links; http://HOST:PORT when unset, which production does not take',
  }),
  LINK_URL_TEMPLATE: linkTemplate({
    default: undefined,
    desc: 'points mailed links at a front end, e.g. https://app.example.com/{purpose}#token={token}',
  }),
  ...databaseSettings,
  DATA_DIR: str({ default: './data', desc: 'holds the embedded database and the generated development keys' }),
  ALLOW_EMBEDDED: str({
    choices: ['true', 'false'],
    default: 'false',
    desc: 'lets production run on the embedded database',
  }),
  SMTP_URL: smtpUrl({
    default: undefined,
    desc: 'smtps://user:password@host:465; unset outside production: the development mailbox',
  }),
  MAIL_USERNAME: mailbox({ default: undefined, desc: 'with MAIL_PASSWORD alone: send through Gmail' }),
  MAIL_PASSWORD: str({ default: undefined, desc: 'an app password for MAIL_USERNAME' }),
  MAIL_FROM: fromHeader({
    default: undefined,
    desc: 'sender of every mail; unset: MAIL_USERNAME, or outside production no-reply@localhost; its name, unless it has one: APP_NAME',
  }),
  JWT_PRIVATE_KEY: signingKey({
    default: undefined,
    desc: 'ES256 private key that signs access tokens: PEM or the path of a PEM file',
  }),
  JWT_NEXT_KEY: signingKey({ default: undefined, desc: 'published ahead of a rotation' }),
  JWT_PREVIOUS_KEYS: verifyingKeys({ default: [], desc: 'keys still accepted, as file paths separated by commas' }),
  SECRET_KEYS: keyRing({
    default: undefined,
    desc: 'id:base64(32 bytes)[,…] for encryption at rest and HMACs; the first is current',
  }),
  ACCESS_TOKEN_TTL: duration({ default: 15 * MINUTE, desc: 'life of an access token' }),
  REFRESH_IDLE_TTL: duration({ default: 30 * DAY, desc: 'a session unused for this long ends' }),
  REFRESH_ABSOLUTE_TTL: duration({ default: 90 * DAY, desc: 'every session ends after this long' }),
  INVITE_TTL: duration({ default: 10 * MINUTE, desc: 'life of an invite link' }),
  RESET_TTL: duration({ default: 30 * MINUTE, desc: 'life of a password reset link' }),
  MAGIC_LINK_TTL: duration({ default: 10 * MINUTE, desc: 'life of a sign-in link' }),
  VERIFY_TTL: duration({ default: 24 * HOUR, desc: 'life of an address verification link' }),
  SIGNUP_POLICY: str({
    choices: ['open', 'verified', 'closed'],
    default: 'verified',
    devDefault: 'open',
    desc: 'open, verified (no session before the mailbox is proved) or closed (by invite only); open outside production',
  }),
  LOGIN_ALERTS: str({
    choices: ['new-device', 'always', 'off'],
    default: 'new-device',
    desc: 'when a login mails an alert',
  }),
  PLATFORM_ADMINS: addresses({ default: [], desc: 'addresses that are platform staff once verified' }),
  CORS_ORIGINS: origins({ default: [], desc: 'exact origins that browsers may call from' }),
  REDIRECT_ORIGINS: origins({ default: [], desc: 'origins besides APP_URL that providers may send browsers back to' }),
  ...socialSettings,
  ...paymentSettings,
  TRUST_PROXY: networks({ default: [], desc: 'CIDRs of the proxies whose X-Forwarded-For is believed' }),
  ...connectionSettings,
  RATE_LIMIT: allowance({
    default: { max: 600, per: MINUTE },
    desc: 'requests that one network (/24, /64 for IPv6) may make; a twentieth for each route such as login; off: no limit',
  }),
  MAX_STREAMS: count({ default: 5000, desc: 'streams of notifications that one instance keeps open at once' }),
  MAX_STREAMS_PER_NETWORK: count({ default: 500, desc: 'those of one network (/24, /64 for IPv6), on one instance' }),
  MAIL_LIMIT: allowance({
    default: { max: 1000, per: HOUR },
    desc: 'mails to others that one person, and one organization, may have sent; a quarter in their first day; off: no limit',
  }),
  REDIS_URL: redisUrl({
    default: undefined,
    desc: 'redis://… or rediss://…, where all instances count requests together; unset: each counts its own',
  }),
  ...watchingSettings,
  ...retentionSettings,
  LOG_LEVEL: str({
    choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    desc: 'least severe line that is logged',
  }),
};

/** Settings that make sense together only. */
const TOGETHER = [
  ['MAIL_USERNAME', 'MAIL_PASSWORD'],
  ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'],
  ['FLUTTERWAVE_SECRET_KEY', 'FLUTTERWAVE_WEBHOOK_HASH'],
  ['LEMONSQUEEZY_API_KEY', 'LEMONSQUEEZY_STORE_ID', 'LEMONSQUEEZY_WEBHOOK_SECRET'],
] as const;

const SECRET = /KEY|PASSWORD|TOKEN|SECRET|HASH|_URL$|^OIDC/;
/** What envalid's own checks want: their messages would repeat what was found, which may be a secret, or several lines. */
const WANTED: Partial<Record<string, string>> = {
  HOST: 'a domain name or an IP address',
  PORT: 'a whole number from 1 to 65535',
};

const wantedOf = (name: string, error?: Error): string | undefined => {
  const { choices } = settings[name as keyof typeof settings] as unknown as { choices?: readonly string[] };
  return WANTED[name] ?? (choices ? `one of ${choices.join(', ')}` : error?.message);
};

const shown = (name: string, value = '') =>
  SECRET.test(name) ? `${value.length} characters, not shown` : JSON.stringify(value);

function readSettings(env: Record<string, string | undefined>) {
  const given: Record<string, string | undefined> = { NODE_ENV: 'development' }; // envalid would take a missing one for production
  for (const [name, value] of Object.entries(env)) if (value !== '') given[name] = value;
  const faults: string[] = [];
  const cleaned = cleanEnv(given, settings, {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors))
        faults.push(`${name}: found ${shown(name, given[name])}; wanted ${wantedOf(name, error)}`);
    },
  });
  return { values: { ...cleaned }, faults };
}

type Values = ReturnType<typeof readSettings>['values'];
export type Config = Readonly<Values & { APP_URL: string; DATABASE_URL: string; MAIL_FROM: string }>;
export const CONFIG = Symbol('config');

/** Who listens everywhere is still visited by a name. */
function nameOf(listens: string): string {
  if (listens === '0.0.0.0' || listens === '::') return 'localhost';
  return isIPv6(listens) ? `[${listens}]` : listens;
}

/** A sender without a name is called what the product is. */
function namedSender(text: string, product: string): string {
  const { name, address } = senderFrom(text)!;
  return senderLine({ name: name || product, address });
}

function databaseOf({ DATA_DIR, DATABASE_URL = `sqlite:${DATA_DIR}/tenantry.db`, DATABASE_PASSWORD }: Values): string {
  return DATABASE_PASSWORD ? withPassword(DATABASE_URL, DATABASE_PASSWORD) : DATABASE_URL;
}

export const isEmbedded = ({ DATABASE_URL }: Pick<Config, 'DATABASE_URL'>): boolean =>
  DATABASE_URL.startsWith('sqlite:');

/**
 * Reads and checks every setting; the only reader of the environment.
 * @throws one Error that lists each fault on a line of its own: the variable, what was found (secrets masked), what is wanted.
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const { values, faults } = readSettings(env);
  const config: Config = Object.freeze({
    ...values,
    APP_URL: (values.APP_URL ?? `http://${nameOf(values.HOST)}:${values.PORT}`).replace(/\/+$/, ''),
    MAIL_FROM: namedSender(values.MAIL_FROM ?? values.MAIL_USERNAME ?? 'no-reply@localhost', values.APP_NAME),
    DATABASE_URL: databaseOf(values),
  });
  for (const names of TOGETHER)
    if (new Set(names.map((name) => Boolean(config[name]))).size > 1)
      faults.push(`${names.join(', ')}: wanted ${names.length === 2 ? 'both or neither' : 'all or none'}`);
  faults.push(...socialFaults(config));
  const isNamed = (fault: string) => faults.some((known) => known.split(':')[0] === fault.split(':')[0]);
  if (config.NODE_ENV === 'production') faults.push(...productionFaults(values).filter((fault) => !isNamed(fault)));
  if (faults.length > 0) throw new Error(`Tenantry cannot start with these settings:\n  ${faults.join('\n  ')}`);
  return config;
}
