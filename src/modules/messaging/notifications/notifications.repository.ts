import { Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { Database } from '../../../database/database';
import { firstIdAt, newId } from '../../../kit/id';
import { Rows } from '../../../database/rows';
import { User } from '../../users/user.entity';
import { Notification } from './notification.entity';

/** Up to where a person has seen what they are told. */
export type Seen = { userId: string; after: string };

/** Two hundred people in a millisecond; asked for what is beyond each one's last, a server takes thirty to think of a way. */
const NEWEST = 'SELECT user_id AS userId, MAX(id) AS newest FROM notifications WHERE user_id IN';
const AT_ONCE = 50; // rows of a person in one look; what is left is seen by the next

@Injectable()
export class NotificationsRepository extends Rows<Notification> {
  constructor(db: Database) {
    super(db, Notification);
  }

  /** Adds a notification, whose id is above all others of that person, whichever machine's clock made them. Part of a transaction. */
  async append(values: Omit<Partial<Notification>, 'id'> & { userId: string }): Promise<void> {
    await this.db.lock(User, { id: values.userId });
    await this.add({ ...values, id: above(await this.newestId(values.userId)) });
  }

  /** The id of a person's newest notification; of one that cannot be, before the first. */
  async newestId(userId: string): Promise<string> {
    const newest = await this.repository.findOne({ where: { userId }, order: { id: 'DESC' }, select: { id: true } });
    return newest?.id ?? firstIdAt(new Date(0));
  }

  /** Who of these has not seen everything; some hundreds at most. */
  async readersOfNews(seen: Seen[]): Promise<string[]> {
    const after = new Map(seen.map((one) => [one.userId, one.after]));
    const padded = [...after.keys(), ...Array<string>(missing(after.size)).fill(seen[0]!.userId)]; // each length is a statement of its own
    const sql = `${NEWEST} (${padded.map(() => '?').join()}) GROUP BY user_id`;
    const rows = await this.db.select<{ userId: string; newest: string }>(sql, padded);
    return rows.filter(({ userId, newest }) => newest > after.get(userId)!).map(({ userId }) => userId);
  }

  /** What a person has not seen yet, oldest first; not more than one look takes. */
  async unseen({ userId, after }: Seen): Promise<{ rows: Notification[]; more: boolean }> {
    const next = `WHERE t.user_id = ? AND t.id > ? ORDER BY t.id LIMIT ${AT_ONCE}`;
    const rows = await this.query(next, [userId, after]);
    return { rows, more: rows.length === AT_ONCE };
  }
}

/** How many there are to the next power of two. */
const missing = (count: number): number => 2 ** Math.ceil(Math.log2(count)) - count;

const millisecondsOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

function above(newest: string): string {
  const id = newId();
  return id > newest ? id : v7({ msecs: millisecondsOf(newest) + 1 });
}
