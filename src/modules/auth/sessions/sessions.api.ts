import {
  BooleanField,
  IdField,
  IntegerField,
  ShapeField,
  TextField,
  TimeField,
  TokenField,
} from '../../../http/fields/fields';
import { pageOf } from '../../../http/contract/page';
import { showUser, User } from '../../users/users.api';
import type { User as UserRow } from '../../users/user.entity';
import type { Session as SessionRow } from './session.entity';

/** A session's tokens (after RFC 6749, 5.1, in camelCase). */
export class Tokens {
  @TokenField({
    max: 2048,
    example: 'eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCJ9…',
    description: 'Send it as `Authorization: Bearer …`.',
  })
  accessToken: string;

  @TokenField({
    example: '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55.0.dev.qm8…',
    description: 'Good once, for `POST /auth/refresh`.',
  })
  refreshToken: string;

  @TextField({ max: 10, example: 'Bearer' })
  tokenType: string;

  @IntegerField({ min: 1, max: 86_400, example: 900, description: 'Seconds until the access token expires.' })
  expiresIn: number;
}

export class SignedIn extends Tokens {
  @ShapeField(() => User)
  user: User;

  @BooleanField({
    optional: true,
    example: true,
    description:
      'Sent as true where this was the first proof of the mailbox: the password that was set up before is dead. POST /auth/reset-password sets a new one.',
  })
  passwordNeeded?: boolean;
}

export class RefreshToken {
  @TokenField({ example: '01980b1c-7a00-7c3e-8f00-3b6f2c9d1e55.0.dev.qm8…' })
  refreshToken: string;
}

export class Session {
  @IdField()
  id: string;

  @TextField({ max: 255, example: 'Mozilla/5.0 …', description: 'The user agent, as it named itself.' })
  device: string;

  @TextField({ max: 45, example: '203.0.113.7' })
  ip: string;

  @TimeField()
  createdAt: Date;

  @TimeField({ description: 'The last sign-in or refresh.' })
  lastSeenAt: Date;

  @BooleanField({ description: 'Whether it is the one that asks.' })
  current: boolean;
}

export const SessionPage = pageOf(Session);

export const showSession = ({ id, userAgent, ip, createdAt, refreshedAt }: SessionRow, currentId: string) => ({
  id,
  device: userAgent,
  ip,
  createdAt,
  lastSeenAt: refreshedAt,
  current: id === currentId,
});

type Admitted = { user: UserRow; tokens: Tokens; passwordNeeded?: boolean };

export const showSignedIn = ({ user, tokens, passwordNeeded }: Admitted): SignedIn => ({
  ...tokens,
  user: showUser(user),
  ...(passwordNeeded && { passwordNeeded }),
});
