const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * Whether a text is one mailbox of the form dot-atom@dns-name in lower case (RFC 5321 4.1.2, without quoted local parts, comments
 * and address literals): nothing that a mail library or a mail server could read as two addresses or as a header.
 */
export function isAddress(text: string): boolean {
  const [local = '', domain = '', ...rest] = text.split('@');
  if (rest.length > 0 || text.length > 254 || local.length > 64) return false;
  return LOCAL.test(local) && DOMAIN.test(domain) && !/(^|\.)(\d+$|xn--(\.|$))/.test(domain);
}

/** What to call someone of whom nothing but the address is known. No dots: a name is not to look like a domain. */
export const nameFrom = (address: string): string => address.split('@')[0]!.replaceAll('.', ' ');

/** A text without the addresses in it, for logs and for what is kept of an error: a mail server repeats whom it refuses. */
export const maskAddresses = (text: string): string => text.replace(/[^\s<>()"',;:=]+@[^\s<>()"',;]+/g, '(address)');

/**
 * The form in which addresses are stored and compared. Only ASCII is folded; an address with anything else is refused, since what
 * NFKC or a case mapping would make of it could be another person's mailbox.
 */
export const normalizeAddress = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : text);
