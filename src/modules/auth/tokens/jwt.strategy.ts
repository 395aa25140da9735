import { type CanActivate, Inject, Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import { CONFIG, type Config } from '../../../config/config';
import { isId, newId } from '../../../kit/id';
import { concerning } from '../../../kit/request-context';
import { AccessTokens, type Claims } from './access-tokens';

/** One scheme, one token, and nothing else (RFC 6750, 2.1). */
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** Checks an access token: key, algorithm, type, issuer, audience and time (RFC 8725, 3.1–3.11). Whether the session lives is asked elsewhere. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    private readonly tokens: AccessTokens,
    @Inject(CONFIG) { APP_URL }: Config,
  ) {
    super({
      jwtFromRequest: ({ headers }: { headers: { authorization?: string } }) =>
        BEARER.exec(headers.authorization ?? '')?.[1] ?? null,
      // a key object: a PEM string would be parsed again at every request
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: unknown, key?: never) => void) => {
        const key = tokens.keyFor(token);
        done(key ? null : new Error('unknown key or type'), key as never);
      },
      algorithms: ['ES256'],
      issuer: APP_URL,
      audience: APP_URL,
      ignoreExpiration: true, // what the claims say is checked below, by our clock
    });
  }

  validate(claims: Claims): Claims | null {
    if (this.tokens.accepts(claims)) return claims;
    if (isId(claims.sub)) concerning(claims.sub); // we signed it: the log says whose token is over
    return null;
  }
}

/**
 * A guard that runs this very strategy, and leaves the claims, or null, in `request.user`. Passport's register of strategy names is
 * one for the whole process, and Nest keeps one guard for each name; two apps in it (tests, say) must not verify by each other's keys.
 * It goes by name, never by the instance itself: passport copies a named strategy for each request, but would share an instance among
 * requests that run at once, and mix up whose they are.
 */
export function guardOf(strategy: JwtStrategy): CanActivate {
  const name = `jwt ${newId()}`;
  passport.use(name, strategy);

  class JwtGuard extends AuthGuard(name) {
    override handleRequest<T>(error: unknown, claims: T | false): T {
      if (error) throw error;
      return (claims || null) as T;
    }
  }
  return new JwtGuard();
}
