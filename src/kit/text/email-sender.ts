import { isAddress, normalizeAddress } from './email-address';

export type Sender = { name: string; address: string };

const WORD = /"(?:[^"\\\p{Cc}]|\\[^\p{Cc}])*"|[^\s<>()[\]:;@\\,"\p{Cc}]+/u.source;
const MAILBOX = new RegExp(
  `^ *(?:(?<name>(?:${WORD})(?: +(?:${WORD}))*)? *<(?<angled>[^\\s<>@,;"]+@[^\\s<>@,;"]+)>|(?<bare>[^\\s<>@,;"]+@[^\\s<>@,;"]+)) *$`,
  'u',
);

/** One mailbox with or without a name, which may be quoted (RFC 5322, 3.4; without comments, in any script); undefined for anything else. */
export function senderFrom(text: string): Sender | undefined {
  const { name = '', angled, bare } = MAILBOX.exec(text)?.groups ?? {};
  const address = normalizeAddress(angled ?? bare ?? '');
  if (!isAddress(address)) return undefined;
  const words = name.replace(/"((?:[^"\\]|\\.)*)"/g, (_, quoted: string) => quoted.replace(/\\(.)/g, '$1'));
  return { name: words, address };
}

/** The same as text: a name that is more than letters, digits and blanks goes between quotes. */
export const senderLine = ({ name, address }: Sender): string =>
  `${/^[\p{L}\p{N} ]*$/u.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`} <${address}>`.trim();
