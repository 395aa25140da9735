import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LessThan, LessThanOrEqual, MoreThan } from 'typeorm';
import { clock, fromNow } from '../clock';
import { Database, isDuplicate } from '../db/database';
import { Rows } from '../db/rows';
import { TooManyRequests } from '../errors/problem';
import { Limit } from './limit.entity';

/** At most `max` tries in each window of `per` milliseconds, which opens with the first try. */
export type Allowance = { max: number; per: number };

/** Counts tries in the database, so that all instances count together. A try is counted before it is made: parallel ones cannot slip by. */
@Injectable()
export class Limits {
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
    const keyHash = hash(key);
    for (;;) {
      await this.limits.remove({ keyHash, endsAt: LessThanOrEqual(clock.now()) });
      if (await this.countOne(keyHash, max)) return true;
      const window = await this.limits.find({ keyHash, endsAt: MoreThan(clock.now()) });
      if (window && window.count >= max) return false;
      if (window) continue; // another opened it after our look: count in it
      try {
        await this.limits.add({ keyHash, count: 1, endsAt: fromNow(per) });
        return true;
      } catch (error) {
        if (!isDuplicate(error)) throw error; // another opened the window: count in it
      }
    }
  }

  /** Forgets the tries of a key, after a success. */
  async reset(key: string): Promise<void> {
    await this.limits.remove({ keyHash: hash(key) });
  }

  /** Deletes windows that are over; tells how many. */
  forget(): Promise<number> {
    return this.limits.remove({ endsAt: LessThan(clock.now()) });
  }

  private async countOne(keyHash: string, max: number): Promise<boolean> {
    const open = { keyHash, count: LessThan(max), endsAt: MoreThan(clock.now()) };
    const { affected } = await this.db.write(() => this.limits.repository.increment(open, 'count', 1));
    return affected === 1;
  }
}

const hash = (key: string): string => createHash('sha256').update(key).digest('hex');
