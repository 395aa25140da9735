import { Injectable } from '@nestjs/common';
import { KeyRing } from '../../../kit/key-ring';
import { isId } from '../../../kit/id';
import { AccessTokens } from '../tokens/access-tokens';
import type { Tokens } from './sessions.api';
import { RefreshInvalid } from './sessions.errors';

/** The tokens of a session. A refresh token is `session id . counter . HMAC`, so that nothing usable is stored (RFC 9700, 4.14.2). */
@Injectable()
export class SessionTokens {
  constructor(
    private readonly access: AccessTokens,
    private readonly ring: KeyRing,
  ) {}

  issue(userId: string, id: string, counter: number): Tokens {
    return {
      accessToken: this.access.sign(userId, id),
      refreshToken: `${id}.${counter}.${this.ring.sign(signed(id, counter))}`,
      tokenType: 'Bearer',
      expiresIn: this.access.lifetime,
    };
  }

  /** What a refresh token says. @throws RefreshInvalid for one that is not ours */
  read(token: string): { id: string; counter: number } {
    const [, id, count, signature] = /^([0-9a-f-]{36})\.(0|[1-9]\d{0,8})\.([\w.-]+)$/.exec(token) ?? [];
    if (!isId(id) || !this.ring.verifies(signed(id, Number(count)), signature!)) throw new RefreshInvalid();
    return { id, counter: Number(count) };
  }
}

const signed = (id: string, counter: number): string => `refresh:${id}:${counter}`;
