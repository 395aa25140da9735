import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { clock, fromNow, MINUTE } from '../../../../kit/clock';
import { KeyRing } from '../../../../kit/key-ring';
import { problem } from '../../../../kit/problem';
import { AccountLimits } from '../../../../rate-limit/account-limits';
import { newToken } from '../../../../kit/token';

export const LoginStale = problem(
  401,
  'login-stale',
  'This sign-in was not begun here, or it is over: used, or older than ten minutes. Begin again.',
);

const LIFE = 10 * MINUTE;
const ONCE = { max: 1, per: LIFE };

/** What a browser takes along to a provider and must bring back. */
export type Ticket = { state: string; nonce: string; codeVerifier: string; codeChallenge: string; expiresAt: Date };

/**
 * Nothing is stored when a sign-in begins, so beginning a million of them fills no table. The nonce carries its own end and an HMAC;
 * the state seals the nonce and the PKCE challenge, bound to provider and redirect URI (RFC 9700, 2.1 and 4.7). What was used is
 * remembered while it could be used again.
 */
@Injectable()
export class LoginTickets {
  constructor(
    private readonly ring: KeyRing,
    private readonly limits: AccountLimits,
  ) {}

  issue(provider: string, redirectUri: string): Ticket {
    const expiresAt = fromNow(LIFE);
    const codeVerifier = newToken().token;
    const codeChallenge = challengeOf(codeVerifier);
    const text = `${expiresAt.getTime()}.${newToken().token}`;
    const nonce = `${text}.${this.ring.sign(signed(provider, text))}`;
    const state = this.ring.seal(JSON.stringify([nonce, codeChallenge]), context(provider, redirectUri));
    return { state, nonce, codeVerifier, codeChallenge, expiresAt };
  }

  /** The nonce inside a state that was issued for all of this. @throws LoginStale */
  nonceIn(state: string, provider: string, redirectUri: string, codeVerifier: string): string {
    const [nonce, codeChallenge] = this.open(state, context(provider, redirectUri));
    if (codeChallenge !== challengeOf(codeVerifier)) throw new LoginStale();
    return nonce;
  }

  /** Uses a nonce up; of parallel uses one wins. Must be called outside a transaction. @throws LoginStale */
  async use(nonce: string, provider: string): Promise<void> {
    const [end = '', random = '', ...signature] = nonce.split('.');
    const isOurs = this.ring.verifies(signed(provider, `${end}.${random}`), signature.join('.'));
    if (!isOurs || Number(end) <= clock.now().getTime()) throw new LoginStale();
    if (!(await this.limits.allows(`nonce:${nonce}`, ONCE))) throw new LoginStale();
  }

  private open(state: string, where: string): [nonce: string, codeChallenge: string] {
    try {
      return JSON.parse(this.ring.open(state, where));
    } catch {
      throw new LoginStale();
    }
  }
}

/** RFC 7636, S256. */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');
const signed = (provider: string, text: string): string => `login nonce for ${provider}: ${text}`;
const context = (provider: string, redirectUri: string): string => `login state for ${provider} at ${redirectUri}`;
