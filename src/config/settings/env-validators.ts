import { makeValidator } from 'envalid';
import ipaddr from 'ipaddr.js';
import { DAY, HOUR, MINUTE, SECOND } from '../../kit/clock';
import { KeyRing } from '../../kit/key-ring';
import { readServerUrls } from './server-url';
import { isAddress, normalizeAddress } from '../../kit/text/email-address';
import { webUrl } from '../../kit/net/web-url';
import { privateKey, publicKey } from './pem';
import { senderFrom } from '../../kit/text/email-sender';

/* The forms that settings take. What a form throws is what was wanted. */

const UNITS: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** `15m`, `30d`: a whole number and a unit (ms, s, m, h, d), read as milliseconds. */
export const duration = makeValidator((input: string) => durationIn(input, 'a duration such as 15m, 24h or 30d'));

function durationIn(input: string, wanted: string): number {
  const [, count, unit] = /^(\d{1,6})(ms|[smhd])$/.exec(input) ?? [];
  if (!count || !unit || Number(count) === 0) throw new Error(wanted);
  return Number(count) * UNITS[unit]!;
}

/** The same, or 0. */
export const durationOrNone = makeValidator((input: string) => {
  if (input === '0') return 0;
  return durationIn(input, '0 or a duration such as 24h or 30d');
});

/** The same, or a number of seconds. */
export const seconds = makeValidator((input: string) => {
  const text = /^\d+$/.test(input) ? `${input}s` : input;
  return /^0+s$/.test(text) ? 0 : durationIn(text, 'a number of seconds such as 5, or a duration such as 500ms');
});

/** `400d`, at least so many days; `forever`: Infinity. */
const retentionFrom = (days: number) =>
  makeValidator((input: string) => {
    const wanted = `a duration of ${days === 1 ? 'a day' : `${days} days`} at least, such as 400d, or forever`;
    const time = input === 'forever' ? Infinity : durationIn(input, wanted);
    if (time < days * DAY) throw new Error(wanted);
    return time;
  });
export const retention = retentionFrom(1);
/** Of what is remembered so that it is not done twice: others may tell it again for weeks. */
export const eventRetention = retentionFrom(30);

/** `600/1m`: so many in each stretch of time; `off`: no limit. */
export const allowance = makeValidator((input: string) => {
  if (input === 'off') return { max: Infinity, per: MINUTE };
  const [, max, count, unit] = /^([1-9]\d{0,8})\/(\d{1,4})([smh])$/.exec(input) ?? [];
  if (!max || !unit || Number(count) === 0) throw new Error('a number and a time such as 600/1m, or off');
  return { max: Number(max), per: Number(count) * UNITS[unit]! };
});

/** A whole number, at least 1. */
export const count = makeValidator((input: string) => {
  if (!/^[1-9]\d{0,8}$/.test(input)) throw new Error('a whole number such as 1000');
  return Number(input);
});

const itemsOf = (input: string) =>
  input
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

export const addresses = makeValidator((input: string) => {
  const items = itemsOf(input).map(normalizeAddress);
  if (!items.every(isAddress)) throw new Error('e-mail addresses, separated by commas');
  return items;
});

export const origins = makeValidator((input: string) => {
  const items = itemsOf(input);
  const wrong = items.find((item) => webUrl(item)?.origin !== item);
  if (wrong !== undefined) throw new Error('exact origins such as https://app.example.com, separated by commas');
  return items;
});

export const databaseUrl = makeValidator((input: string) => {
  if (!/^sqlite:.+/.test(input)) readServerUrls(input);
  return input;
});

export const redisUrl = makeValidator((input: string) => {
  if (!/^rediss?:\/\//.test(input) || !URL.canParse(input))
    throw new Error('redis://user:password@host:6379 or rediss://…');
  return input;
});

export const smtpUrl = makeValidator((input: string) => {
  if (!/^smtps?:\/\//.test(input) || !URL.canParse(input))
    throw new Error('smtp://host:587 or smtps://user:password@host:465');
  return input;
});

/** Without a slash at its end: paths are put behind it. */
export const baseUrl = makeValidator((input: string) => {
  const url = webUrl(input);
  if (!url || url.search || url.hash) throw new Error('an http(s) URL without query such as https://app.example.com');
  return input.replace(/\/+$/, '');
});

export const linkTemplate = makeValidator((input: string) => {
  const url = webUrl(input);
  if (!url || url.host.includes('{') || !input.includes('{token}'))
    throw new Error('an http(s) URL with {token}, and {purpose} if you like, behind its host');
  return input;
});

export const productName = makeValidator((input: string) => {
  if (!/^[\p{L}\p{N}\p{P}\p{S} ]{1,60}$/u.test(input)) throw new Error('one line of at most 60 characters');
  return input;
});

export const mailbox = makeValidator((input: string) => {
  if (!isAddress(normalizeAddress(input))) throw new Error('an e-mail address');
  return input.trim();
});

export const fromHeader = makeValidator((input: string) => {
  if (!senderFrom(input)) throw new Error('Name <address@example.com>, or "Name, Inc." <address@example.com>');
  return input;
});

export const networks = makeValidator((input: string) => {
  const items = itemsOf(input);
  const isNetwork = (item: string) =>
    item.includes('/')
      ? ipaddr.isValidCIDR(item)
      : ipaddr.IPv6.isValid(item) || ipaddr.IPv4.isValidFourPartDecimal(item);
  if (!items.every(isNetwork)) throw new Error('addresses or CIDRs such as 10.0.0.0/8, separated by commas');
  return items;
});

export const signingKey = makeValidator(privateKey);
export const verifyingKeys = makeValidator((input: string) => itemsOf(input).map(publicKey));
export const keyRing = makeValidator((input: string) => new KeyRing(input));
