import { createHash } from 'node:crypto';
import { clock, SECOND } from '../../../kit/clock';
import type { Claims } from './access-tokens';

const ROOM = 10_000; // some 5 MiB

/**
 * Tokens whose signature was found good, so that it is not computed at each request: that takes longer than the rest of one. What
 * their bearers may do is not kept: the database is asked each time. In memory are hashes, from which no token can be made.
 */
export class VerifiedTokens {
  private readonly claims = new Map<string, Claims>();

  /** What the token of an Authorization header says that was verified before and has not expired. */
  claimsOf(authorization: string): Claims | undefined {
    const key = hash(authorization);
    const claims = this.claims.get(key);
    if (!claims || claims.exp * SECOND > clock.now().getTime()) return claims;
    this.claims.delete(key);
    return undefined;
  }

  remember(authorization: string, claims: Claims): void {
    if (this.claims.size >= ROOM) this.claims.delete(this.claims.keys().next().value!); // the one that came first
    this.claims.set(hash(authorization), claims);
  }
}

const hash = (authorization: string): string => createHash('sha256').update(authorization).digest('base64');
