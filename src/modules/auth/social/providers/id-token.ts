import type { IDToken } from 'openid-client';
import { clock, DAY, MINUTE, SECOND } from '../../../../kit/clock';
import { IdentityRefused } from './identity';

/** How far a provider's clock may be ahead of ours. */
const SKEW = (5 * MINUTE) / SECOND;
const LONGEST = (366 * DAY) / SECOND;

/**
 * What openid-client leaves open: a token of another type, whose claims are encoded otherwise, that is to be issued yet, or that is good
 * for ever. It has seen to signature, algorithm, `crit`, issuer, audience, `azp`, nonce, `nbf`, `exp`, and that the times are numbers
 * (OpenID Connect Core, 3.1.3.7; RFC 8725, 3.11). @throws IdentityRefused
 */
export function requireIdToken(token: string, { iat, exp }: Pick<IDToken, 'iat' | 'exp'>): void {
  const { typ = 'JWT', b64 } = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString());
  const isOfItsKind = /^jwt$/i.test(String(typ)) && b64 === undefined;
  const now = clock.now().getTime() / SECOND;
  if (!isOfItsKind || !(iat <= now + SKEW) || !(exp - iat <= LONGEST)) throw new IdentityRefused();
}
