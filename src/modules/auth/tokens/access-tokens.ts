import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { v4 } from 'uuid';
import { clock, SECOND } from '../../../kit/clock';
import { CONFIG, type Config } from '../../../config/config';
import { isId } from '../../../kit/id';
import { JWT_KEYS, type JwtKeys } from '../../../config/secrets';
import type { Jwk } from './tokens.api';

/** What an access token says (RFC 9068). No roles: authority is the database's, at every request. */
export type Claims = { iss: string; aud: string; sub: string; sid: string; iat: number; exp: number; jti: string };

/** Seconds that the clock of another instance may be ahead. */
const SKEW = 30;

/** Signs access tokens and knows the keys that verify them. */
@Injectable()
export class AccessTokens {
  readonly jwks: Jwk[];
  private readonly keys: Map<string, KeyObject>;
  private readonly kid: string;

  constructor(
    private readonly jwt: JwtService,
    @Inject(JWT_KEYS) private readonly signing: JwtKeys,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.jwks = signing.published.map(jwkOf);
    this.keys = new Map(signing.published.map((key, i) => [this.jwks[i]!.kid, key]));
    this.kid = jwkOf(createPublicKey(signing.current)).kid;
  }

  /** Seconds that an access token lives. */
  get lifetime(): number {
    return this.config.ACCESS_TOKEN_TTL / SECOND;
  }

  sign(userId: string, sessionId: string): string {
    const { APP_URL } = this.config;
    const iat = Math.floor(clock.now().getTime() / SECOND);
    const claims: Claims = {
      iss: APP_URL,
      aud: APP_URL,
      sub: userId,
      sid: sessionId,
      iat,
      exp: iat + this.lifetime,
      jti: v4(),
    };
    return this.jwt.sign(claims, {
      privateKey: this.signing.current,
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: 'at+jwt', kid: this.kid },
    });
  }

  /** The key that a token's header names; undefined unless the token is written just as `sign` does it, whoever signed it (RFC 8725, 3). */
  keyFor(token: string): KeyObject | undefined {
    const [header, claims] = token.split('.').map(objectIn);
    const { alg, typ, kid, ...more } = header ?? {}; // `crit`, `b64`, `jwk`, `jku` and so on are none of ours
    const isOurs = claims && alg === 'ES256' && typ === 'at+jwt' && Object.keys(more).length === 0;
    return isOurs ? this.keys.get(kid as string) : undefined;
  }

  /** Whether these are claims such as `sign` makes, and this is their time. Claims that we do not know are let pass: a newer version's. */
  accepts({ iss, aud, sub, sid, jti, iat, exp, nbf }: Partial<Record<keyof Claims | 'nbf', unknown>>): boolean {
    const now = clock.now().getTime() / SECOND;
    return (
      iss === this.config.APP_URL &&
      aud === this.config.APP_URL &&
      isId(sub) &&
      isId(sid) &&
      isId(jti) &&
      isSeconds(iat) &&
      isSeconds(exp) &&
      nbf === undefined &&
      iat <= now + SKEW &&
      iat < exp &&
      now < exp &&
      exp <= iat + this.lifetime
    );
  }
}

const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value);

/**
 * What a part of a token says; undefined unless it is JSON, and that in the one form that JSON.stringify and base64url give it: no name
 * twice, no endless number, nothing around it. Others may read something else out of other forms.
 */
function objectIn(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return Buffer.from(JSON.stringify(value)).toString('base64url') === part ? { ...(value as object) } : undefined;
  } catch {
    return undefined;
  }
}

function jwkOf(key: KeyObject): Jwk {
  const { kty, crv, x, y } = key.export({ format: 'jwk' }) as Record<'kty' | 'crv' | 'x' | 'y', string>;
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url'); // RFC 7638: required members, sorted
  return { kty, crv, x, y, alg: 'ES256', use: 'sig', kid };
}
