import { createHash, randomBytes } from 'node:crypto';

/** The hash under which a mailed token is stored: SHA-256, hex. A 256-bit random token needs no salt and no slow hash. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A secret that is shown once and stored only as its hash: 256 random bits, base64url (43 characters). */
export function newToken(): { token: string; hash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, hash: hashToken(token) };
}
