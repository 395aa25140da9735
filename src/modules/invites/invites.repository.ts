import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan, Not } from 'typeorm';
import { clock } from '../../kit/clock';
import { Database, sqlTime } from '../../kit/db/database';
import { Rows, type Where } from '../../kit/db/rows';
import { TenantRepository } from '../../kit/db/tenant.repository';
import { hashToken } from '../../kit/token';
import { Invite } from './invite.entity';
import { InviteTombstone } from './invite-tombstone.entity';

export const SHOWN = { role: { name: true }, inviter: { name: true } };

const EXPIRED = 'SELECT id FROM invites WHERE open_email IS NOT NULL AND expires_at <= ?';
const ENTOMB = `
  INSERT INTO invite_tombstones (id, created_at, updated_at, version, organization_id, token_hash, email, role_id, inviter_id)
  SELECT id, ?, ?, 1, organization_id, token_hash, email, role_id, inviter_id FROM invites`;

@Injectable()
export class InvitesRepository extends TenantRepository<Invite> {
  private readonly tombstones: Rows<InviteTombstone>;

  constructor(db: Database) {
    super(db, Invite);
    this.tombstones = new Rows(db, InviteTombstone);
  }

  findByToken(token: string): Promise<Invite | null> {
    return this.acrossOrganizations.find({ tokenHash: hashToken(token) }, SHOWN);
  }

  findTombstone(token: string): Promise<InviteTombstone | null> {
    return this.tombstones.find({ tokenHash: hashToken(token) });
  }

  /** Closes an invite, if it is still open and its link is still this one: of several at once, one succeeds. */
  async close(
    { organizationId, id, tokenHash }: Invite,
    how: 'acceptedAt' | 'declinedAt' | 'revokedAt',
    from?: Where<Invite>,
  ): Promise<boolean> {
    const open = { id, tokenHash, openEmail: Not(IsNull()), ...from };
    return (await this.change(organizationId, open, { [how]: clock.now(), openEmail: null })) === 1;
  }

  /** An open invite whose link still works. */
  unexpired(): Where<Invite> {
    return { expiresAt: MoreThan(clock.now()) };
  }

  /** Turns up to `limit` expired invites into tombstones; tells how many. Part of a transaction, as the next two. */
  buryExpired(limit: number): Promise<number> {
    return this.bury(`ORDER BY expires_at LIMIT ${limit}`, []);
  }

  /** The same of the one that holds this address here. */
  buryOf(organizationId: string, email: string): Promise<number> {
    return this.bury('AND organization_id = ? AND open_email = ?', [organizationId, email]);
  }

  buryOne(id: string): Promise<number> {
    return this.bury('AND id = ?', [id]);
  }

  /** Takes a tombstone away, so that it is used once. */
  async exhume({ id }: InviteTombstone): Promise<boolean> {
    return (await this.tombstones.remove({ id })) === 1;
  }

  async forgetTombstonesBefore(time: Date): Promise<void> {
    await this.tombstones.sweep({ createdAt: LessThan(time) });
  }

  sentBy(inviterId: string): Promise<Invite[]> {
    return this.acrossOrganizations.list({ inviterId }, SHOWN);
  }

  sentTo(email: string): Promise<Invite[]> {
    return this.acrossOrganizations.list({ email }, SHOWN);
  }

  private async bury(which: string, parameters: string[]): Promise<number> {
    const now = sqlTime(clock.now());
    const lock = this.db.isEmbedded ? '' : 'FOR UPDATE'; // what is renewed or closed meanwhile stays
    const expired = await this.db.select<{ id: string }>(`${EXPIRED} ${which} ${lock}`, [now, ...parameters]);
    if (expired.length === 0) return 0;

    const ids = expired.map(({ id }) => id);
    const these = `WHERE id IN (${ids.map(() => '?').join()})`;
    await this.db.execute(`${ENTOMB} ${these}`, [now, now, ...ids]);
    return this.db.execute(`DELETE FROM invites ${these}`, ids);
  }

  /** Removes whatever was offered to a person; what they offered is left, by nobody. */
  async forgetPerson(userId: string, email: string): Promise<void> {
    await this.acrossOrganizations.remove({ email });
    await this.tombstones.remove({ email });
    await this.tombstones.change({ inviterId: userId }, { inviterId: null });
  }
}
