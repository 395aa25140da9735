import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { clock } from '../../kit/clock';
import { Database } from '../../database/database';
import { newIdAt } from '../../kit/id';
import { TenantRepository } from '../../database/tenant.repository';
import { hashToken } from '../../kit/token';
import { WaitlistEntry } from './waitlist-entry.entity';
import { NotWaiting } from './waitlist.errors';

const PLACES = `
  SELECT id, place FROM (
    SELECT id, ROW_NUMBER() OVER (ORDER BY queue_id) AS place FROM waitlist_entries
    WHERE organization_id = ? AND queue_id IS NOT NULL AND invited_at IS NULL) queue
  WHERE id IN `;

@Injectable()
export class WaitlistRepository extends TenantRepository<WaitlistEntry> {
  constructor(db: Database) {
    super(db, WaitlistEntry);
  }

  findByToken(token: string): Promise<WaitlistEntry | null> {
    return this.acrossOrganizations.find({ tokenHash: hashToken(token) });
  }

  /** Where an address waits, as it is told to its owner: without the hash of the mailed link. */
  async ofAddress(email: string) {
    const entries = await this.acrossOrganizations.list({ email });
    return entries.map(({ tokenHash: _secret, ...entry }) => entry);
  }

  /** Uses the link up: of several at once, one does; so does none whose time is over. */
  async confirm({ organizationId, id }: WaitlistEntry, token: string): Promise<boolean> {
    const live = { id, tokenHash: hashToken(token), confirmedAt: IsNull(), expiresAt: MoreThan(clock.now()) };
    const confirmedAt = clock.now();
    return (
      (await this.change(organizationId, live, { tokenHash: null, confirmedAt, queueId: newIdAt(confirmedAt) })) === 1
    );
  }

  /** Takes someone out of the queue, together with the work of inviting them: of several at once, one does. @throws NotWaiting */
  call<T>(organizationId: string, id: string, invite: () => Promise<T>): Promise<T> {
    const waiting = { id, confirmedAt: Not(IsNull()), invitedAt: IsNull() };
    return this.db.transaction(async () => {
      if ((await this.change(organizationId, waiting, { invitedAt: clock.now() })) !== 1) throw new NotWaiting();
      return invite();
    });
  }

  /** The places in the queue of those of these who are in it. */
  async placesOf(organizationId: string, ids: string[]): Promise<Map<string, number>> {
    if (ids.length === 0) return new Map();
    const sql = `${PLACES} (${ids.map(() => '?').join()})`;
    const rows = await this.db.select<{ id: string; place: number }>(sql, [organizationId, ...ids]);
    return new Map(rows.map(({ id, place }) => [id, place]));
  }

  /** Forgets who did not confirm in time; tells how many. */
  forgetUnconfirmed(): Promise<number> {
    return this.acrossOrganizations.sweep({ confirmedAt: IsNull(), expiresAt: LessThanOrEqual(clock.now()) });
  }

  async forgetAddress(email: string): Promise<void> {
    await this.acrossOrganizations.remove({ email });
  }
}
