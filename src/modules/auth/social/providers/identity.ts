import { problem } from '../../../../kit/problem';
import { isAddress, normalizeAddress } from '../../../../kit/text/email-address';
import { madeVisible } from '../../../../kit/text/visible';

/** Who a provider says someone is: issuer and subject together. `email` is an address that the provider vouches for, else null. */
export type Identity = { issuer: string; subject: string; email: string | null; name: string | null };

export const IdentityRefused = problem(
  401,
  'identity-refused',
  'What the provider says does not prove who you are. Begin again.',
);
export const ProviderUnavailable = problem(
  503,
  'provider-unavailable',
  'The provider cannot be asked right now. Try again soon.',
);

/** No space at an end: MySQL would take `a` and `a ` for one. */
const SUBJECT = /^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/;
const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029]+/gu;

/** An identity, of what a provider says. @throws IdentityRefused without a subject that can be told from every other (OpenID Connect Core, 2) */
export function identityOf({ issuer, subject, email, name }: Record<keyof Identity, unknown>): Identity {
  if (typeof subject !== 'string' || !SUBJECT.test(subject)) throw new IdentityRefused();
  return { issuer: String(issuer), subject, email: addressIn(email), name: nameIn(name) };
}

/** No domain is converted: IDNA 2003 and 2008 differ (ß), and whose mailbox the provider looked into is not known. */
function addressIn(email: unknown): string | null {
  const address = typeof email === 'string' && /^[\x20-\x7e]*$/.test(email) ? normalizeAddress(email) : '';
  return isAddress(address) ? address : null;
}

function nameIn(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  return [...madeVisible(name.replace(CONTROL, ' '))].slice(0, 120).join('').trim() || null;
}
