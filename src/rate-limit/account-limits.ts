import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LessThan, MoreThan, MoreThanOrEqual } from 'typeorm';
import { clock, fromNow } from '../kit/clock';
import { Database, isDuplicate, sqlTime } from '../database/database';
import { Rows } from '../database/rows';
import { TooManyRequests } from '../kit/problem';
import { Limit } from './limit.entity';

/** At most `max` tries in each window of `per` milliseconds, which opens with the first try; Infinity: any number. */
export type Allowance = { max: number; per: number };

const COUNT = `UPDATE rate_limits
  SET count = CASE WHEN ends_at <= ? THEN 1 ELSE count + 1 END, ends_at = CASE WHEN ends_at <= ? THEN ? ELSE ends_at END
  WHERE key_hash = ? AND (count < ? OR ends_at <= ?)`;

/** Counts tries in the database, so that all instances count together. A try is counted before it is made: parallel ones cannot slip by. */
@Injectable()
export class AccountLimits {
  private readonly limits: Rows<Limit>;

  constructor(private readonly db: Database) {
    this.limits = new Rows(db, Limit);
  }

  /** Counts one try. Must be called outside a transaction, whose rollback would forget it. @throws TooManyRequests with Retry-After */
  async take(key: string, allowance: Allowance): Promise<void> {
    if (await this.allows(key, allowance)) return;
    const window = await this.limits.find({ keyHash: hash(key) });
    const left = (window?.endsAt.getTime() ?? 0) - clock.now().getTime();
    throw new TooManyRequests({ retryAfter: Math.max(1, left / 1000) });
  }

  /** Counts one try and tells whether it was within the allowance. */
  async allows(key: string, { max, per }: Allowance): Promise<boolean> {
    if (max === Infinity) return true;
    const keyHash = hash(key);
    for (;;) {
      if (await this.countOne(keyHash, max, per)) return true;
      try {
        await this.limits.add({ keyHash, count: 1, endsAt: fromNow(per) });
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
      if (await this.limits.find({ keyHash, count: MoreThanOrEqual(max), endsAt: MoreThan(clock.now()) })) return false;
      // another opened the window: count in it
    }
  }

  /** Forgets the tries of a key, after a success. */
  async reset(key: string): Promise<void> {
    await this.limits.change({ keyHash: hash(key) }, { count: 0 });
  }

  /** Deletes windows that are over; tells how many. */
  forget(): Promise<number> {
    return this.limits.sweep({ endsAt: LessThan(clock.now()) });
  }

  /** In the window that is open, or in a new one in place of one that is over. */
  private async countOne(keyHash: string, max: number, per: number): Promise<boolean> {
    const [now, end] = [sqlTime(clock.now()), sqlTime(fromNow(per))];
    return (await this.db.execute(COUNT, [now, now, end, keyHash, max, now])) === 1;
  }
}

const hash = (key: string): string => createHash('sha256').update(key).digest('hex');
