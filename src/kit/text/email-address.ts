import { domainToASCII, domainToUnicode } from 'node:url';

const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

const ASCII = /^[\x20-\x7e]*$/;

export const NO_ADDRESS = 'must be one e-mail address such as ada@example.com';
const NO_LOCAL = 'must be in ASCII before the @: mail to other letters there (SMTPUTF8) is not sent';
const NO_DOMAIN = 'must have a domain behind the @ that there can be, such as example.com';

/**
 * What is wrong with a text as an address; undefined for one mailbox of the form dot-atom@dns-name in lower case (RFC 5321 4.1.2,
 * without quoted local parts, comments and address literals): nothing that a mail library or a mail server could read as two
 * addresses or as a header.
 */
export function faultInAddress(text: string): string | undefined {
  const [local = '', domain = '', ...rest] = text.split('@');
  if (rest.length > 0 || domain === '') return NO_ADDRESS;
  if (!ASCII.test(local)) return NO_LOCAL;
  if (!isDomain(domain)) return NO_DOMAIN;
  return text.length <= 254 && local.length <= 64 && LOCAL.test(local) ? undefined : NO_ADDRESS;
}

const isDomain = (text: string) =>
  text.length <= 253 &&
  DOMAIN.test(text) &&
  !/(^|\.)\d+$/.test(text) &&
  (!text.includes('xn--') || domainToASCII(text) === text);

export const isAddress = (text: string): boolean => faultInAddress(text) === undefined;

/** What to call someone of whom nothing but the address is known. No dots: a name is not to look like a domain. */
export const nameFrom = (address: string): string => address.split('@')[0]!.replaceAll('.', ' ');

/** A text without the addresses in it, for logs and for what is kept of an error: a mail server repeats whom it refuses. */
export const maskAddresses = (text: string): string => text.replace(/[^\s<>()"',;:=]+@[^\s<>()"',;]+/g, '(address)');

/**
 * The form in which addresses are stored and compared: without white space around, in lower case, the domain as its A-label (RFC 5890,
 * 2.3.2.1). What NFKC or a case mapping would make of other letters before the @ could be another person's mailbox: they are left, to
 * be refused, as is a domain that would become another word.
 */
export function normalizeAddress(text: string): string {
  const [local, domain, ...rest] = text.trim().split('@');
  if (domain === undefined || rest.length > 0) return text.trim();
  return `${folded(local!)}@${ASCII.test(domain) ? folded(domain) : aLabels(domain)}`;
}

const folded = (text: string) => (ASCII.test(text) ? text.toLowerCase() : text);

/** Node reads a host out of what may be more of a URL, so it is given nothing that a domain has not. */
function aLabels(domain: string): string {
  if (domain.length > 255 || !/^[a-z0-9.\u0080-\u{10ffff}-]+$/iu.test(domain)) return domain;
  const ascii = domainToASCII(domain);
  const labels = ascii.split('.');
  const isKept = domain.split('.').every((label, i) => ASCII.test(label) || labels[i]?.startsWith('xn--'));
  return isKept && inCapitals(domainToUnicode(ascii)) === inCapitals(domain) ? ascii : domain;
}

const inCapitals = (text: string) => text.normalize('NFC').toUpperCase();
