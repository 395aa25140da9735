import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { domainToUnicode } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { MINUTE } from '../../../kit/clock';
import { ValidationFailed } from '../../../kit/problem';
import { normalizePassword } from '../../../kit/text/password';
import { AccountLimits } from '../../../rate-limit/account-limits';
import { Metrics } from '../../../telemetry/metrics';
import type { User } from '../../users/user.entity';
import { UsersService } from '../../users/users.service';
import { Busy, NoPassword, WrongPassword } from './passwords.errors';

const ARGON2ID = 2 as Algorithm; // a const enum, which isolated modules cannot read
/** OWASP's second recommendation for argon2id: 19 MiB, two passes. */
const PARAMETERS = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const CURRENT = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;
/** Of a random password that nobody knows: verifying against it costs what a real verification costs. */
const NOBODYS = '$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Kq2o1m0Hh2m6tS0nMZ5n9JkC8y8y5c2dQm0W9k1b2aE';

/** The 17,950 commonest passwords of eight characters and more (zxcvbn-ts, MIT). */
const COMMON = new Set(
  gunzipSync(readFileSync(join(__dirname, 'common-passwords.txt.gz')))
    .toString('utf8')
    .split('\n'),
);

const QUEUE = 64;
const GUESSES = { max: 10, per: 15 * MINUTE };

/** `outdated`: right, but hashed otherwise than today: with other parameters, or as it was typed. */
type Match = 'right' | 'outdated' | 'wrong';

/** Hashes, verifies and judges passwords (OWASP ASVS 5.0, 6.2; NIST SP 800-63B-4). */
@Injectable()
export class PasswordsService {
  /** One core stays free to answer requests. */
  private free = Math.max(1, availableParallelism() - 1);
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly limits: AccountLimits,
    private readonly users: UsersService,
    metrics: Metrics,
  ) {
    const waiting = 'Passwords that wait to be hashed; beyond 64 the answer is 503.';
    metrics.gauge('password_queue_waiting', waiting, () => this.waiting.length);
  }

  /** @throws ValidationFailed for a password that is common, or is the person's own name or address; `field` is named in it. */
  judge(password: string, field: string, person: { email: string; name?: string }): void {
    const fault = faultOf(password, person);
    if (fault) throw new ValidationFailed({ errors: [{ pointer: `#/${field}`, detail: fault }] });
  }

  /** @returns a PHC string. @throws Busy */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normalizePassword(password), PARAMETERS));
  }

  /** Whether the password is the one that was hashed. Without a hash it takes as long, and is not. @throws Busy */
  verify(stored: string | null | undefined, password: string): Promise<Match> {
    return this.inTurn(async () => {
      const match = await matchOf(stored ?? NOBODYS, password);
      return stored ? match : 'wrong';
    });
  }

  /** Makes an outdated hash anew while the password is at hand. @throws Busy */
  async renew({ id, passwordHash }: Pick<User, 'id' | 'passwordHash'>, password: string): Promise<void> {
    if (passwordHash !== null) await this.users.rehash(id, passwordHash, await this.hash(password));
  }

  /**
   * Has a person who is known already prove that they know their password. Guesses are counted together, wherever it is asked for.
   * @throws NoPassword, WrongPassword, TooManyRequests, Busy
   */
  async confirm(user: Pick<User, 'id' | 'passwordHash'>, password: string): Promise<void> {
    if (user.passwordHash === null) throw new NoPassword();
    if (!(await this.guess(user.id, () => this.isOf(user, password)))) throw new WrongPassword();
  }

  private async isOf(user: Pick<User, 'id' | 'passwordHash'>, password: string): Promise<boolean> {
    const match = await this.verify(user.passwordHash, password);
    if (match === 'outdated') await this.renew(user, password);
    return match !== 'wrong';
  }

  /** Counts a guess at what only the person can know, whatever that is, and forgives those before a right one. @throws TooManyRequests */
  async guess(userId: string, isRight: () => Promise<boolean>): Promise<boolean> {
    await this.limits.take(`password:${userId}`, GUESSES);
    if (!(await isRight())) return false;
    await this.limits.reset(`password:${userId}`);
    return true;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free--;
    else if (this.waiting.length >= QUEUE) throw new Busy({ retryAfter: 1 });
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free++;
    }
  }
}

/** As it was typed comes second: hashes from before passwords were normalized know no other form. What is in NFC is tried once. */
async function matchOf(stored: string, password: string): Promise<Match> {
  const opens = (text: string) => verify(stored, text).catch(() => false);
  const normal = normalizePassword(password);
  if (await opens(normal)) return CURRENT.test(stored) ? 'right' : 'outdated';
  return normal !== password && (await opens(password)) ? 'outdated' : 'wrong';
}

function faultOf(password: string, { email, name = '' }: { email: string; name?: string }): string | undefined {
  const plain = password.normalize('NFKC'); // a guesser tries full width, too
  if ([password, plain, plain.toLowerCase()].some((form) => COMMON.has(form)))
    return 'is one of the passwords that are tried first; choose another';
  const [local, domain] = email.split('@') as [string, string];
  const own = [email, local, `${local}${domainToUnicode(domain)}`, name].map(letters).filter(Boolean);
  return own.includes(letters(password)) ? 'is your own name or address; choose another' : undefined;
}

const letters = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
