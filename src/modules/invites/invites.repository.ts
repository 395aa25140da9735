import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { clock } from '../../kit/clock';
import { Database } from '../../kit/db/database';
import { Rows, type Where } from '../../kit/db/rows';
import { TenantRepository } from '../../kit/db/tenant.repository';
import { hashToken } from '../../kit/token';
import { Invite } from './invite.entity';
import { InviteTombstone } from './invite-tombstone.entity';

export const SHOWN = { role: true, inviter: true };

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

  /** Turns up to `limit` expired invites, of one address or of all, into tombstones; tells how many. */
  async bury(limit: number, only: Where<Invite> = {}): Promise<number> {
    const expired = { openEmail: Not(IsNull()), expiresAt: LessThanOrEqual(clock.now()), ...only };
    const rows = await this.acrossOrganizations.repository.find({
      where: expired,
      order: { expiresAt: 'ASC' },
      take: limit,
    });
    for (const { id, organizationId, tokenHash, email, roleId, inviterId } of rows) {
      if ((await this.remove(organizationId, { id, tokenHash, expiresAt: LessThanOrEqual(clock.now()) })) === 0)
        continue; // renewed or buried by another
      await this.tombstones.add({ organizationId, tokenHash, email, roleId, inviterId });
    }
    return rows.length;
  }

  /** Takes a tombstone away, so that it is used once. */
  async exhume({ id }: InviteTombstone): Promise<boolean> {
    return (await this.tombstones.remove({ id })) === 1;
  }

  async forgetTombstonesBefore(time: Date): Promise<void> {
    await this.tombstones.remove({ createdAt: LessThan(time) });
  }

  sentBy(inviterId: string): Promise<Invite[]> {
    return this.acrossOrganizations.list({ inviterId }, SHOWN);
  }

  sentTo(email: string): Promise<Invite[]> {
    return this.acrossOrganizations.list({ email }, SHOWN);
  }

  /** Removes whatever was offered to a person; what they offered is left, by nobody. */
  async forgetPerson(userId: string, email: string): Promise<void> {
    await this.acrossOrganizations.remove({ email });
    await this.tombstones.remove({ email });
    await this.tombstones.change({ inviterId: userId }, { inviterId: null });
  }
}
