import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { v4 } from 'uuid';
import { clock, SECOND } from '../../kit/clock';
import { CONFIG, type Config } from '../../kit/config';
import { JWT_KEYS, type JwtKeys } from '../../kit/secrets';
import type { Jwk } from './sessions.api';

/** What an access token says (RFC 9068). No roles: authority is the database's, at every request. */
export type Claims = { iss: string; aud: string; sub: string; sid: string; iat: number; exp: number; jti: string };

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

  /** The key that a token's header names; undefined for a token of another type or an unknown key. */
  keyFor(token: string): KeyObject | undefined {
    try {
      const { typ, kid } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
      return typ === 'at+jwt' ? this.keys.get(kid) : undefined;
    } catch {
      return undefined;
    }
  }
}

function jwkOf(key: KeyObject): Jwk {
  const { kty, crv, x, y } = key.export({ format: 'jwk' }) as Record<'kty' | 'crv' | 'x' | 'y', string>;
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url'); // RFC 7638: required members, sorted
  return { kty, crv, x, y, alg: 'ES256', use: 'sig', kid };
}
