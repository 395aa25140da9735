import { Injectable } from '@nestjs/common';
import { IsNull, LessThan, MoreThan, Not } from 'typeorm';
import { clock } from '../../../kit/clock';
import { Database } from '../../../database/database';
import { type Changes, Rows, type Where } from '../../../database/rows';
import { TenantRepository } from '../../../database/tenant.repository';
import { hashToken } from '../../../kit/token';
import { Invite } from './invite.entity';
import { ReplacedLink } from './replaced-link.entity';

export const SHOWN = { role: { name: true }, inviter: { name: true } };

@Injectable()
export class InvitesRepository extends TenantRepository<Invite> {
  private readonly replaced: Rows<ReplacedLink>;

  constructor(db: Database) {
    super(db, Invite);
    this.replaced = new Rows(db, ReplacedLink);
  }

  findByToken(token: string): Promise<Invite | null> {
    return this.acrossOrganizations.find({ tokenHash: hashToken(token) }, SHOWN);
  }

  /** The invite that had this link before a newer one. */
  async findReplaced(token: string): Promise<Invite | null> {
    const link = await this.replaced.find({ tokenHash: hashToken(token) });
    return link && this.find(link.organizationId, { id: link.inviteId }, SHOWN);
  }

  isLinkOf({ tokenHash }: Invite, token: string): boolean {
    return tokenHash === hashToken(token);
  }

  /** The open one of an address: pending, expired or void. */
  openOf(organizationId: string, email: string): Promise<Invite | null> {
    return this.find(organizationId, { openEmail: email });
  }

  openIn(organizationId: string, roleId: string): Promise<Invite[]> {
    return this.list(organizationId, { roleId, openEmail: Not(IsNull()) });
  }

  /** Closes an invite, if it is still open and its link is still this one: of several at once, one succeeds. */
  async close(
    { organizationId, id, tokenHash }: Invite,
    how: 'acceptedAt' | 'declinedAt' | 'revokedAt',
    from?: Where<Invite>,
  ): Promise<boolean> {
    const open = { id, tokenHash, openEmail: Not(IsNull()), ...from };
    const closed = { [how]: clock.now(), openEmail: null, openUntil: null };
    return (await this.change(organizationId, open, closed)) === 1;
  }

  /** Gives an invite another link, likewise. Part of a transaction, as the next. */
  async relink({ organizationId, id, tokenHash }: Invite, changes: Changes<Invite>): Promise<boolean> {
    const open = { id, tokenHash, openEmail: Not(IsNull()) };
    if ((await this.change(organizationId, open, changes)) !== 1) return false;
    await this.replaced.add({ organizationId, inviteId: id, tokenHash });
    return true;
  }

  /** Puts an invite in the place of one that is closed: the links of that one are its own of before. */
  async replace({ organizationId, id, tokenHash }: Invite, { id: inviteId }: Invite): Promise<void> {
    await this.replaced.change({ inviteId: id }, { inviteId });
    await this.replaced.add({ organizationId, inviteId, tokenHash });
    await this.remove(organizationId, { id });
  }

  /** An open invite whose link still works. */
  unexpired(): Where<Invite> {
    return { expiresAt: MoreThan(clock.now()) };
  }

  /** Deletes the open ones whose link has worked no more since before a time. */
  async forgetExpiredBefore(time: Date): Promise<void> {
    await this.acrossOrganizations.sweep({ openUntil: LessThan(time) });
  }

  /** Deletes those that are closed and older, and links that were replaced longer ago. @param age milliseconds; Infinity keeps all */
  async forget(age: number): Promise<void> {
    await this.replaced.forget(age);
    await this.acrossOrganizations.forget(age, { openUntil: IsNull() });
  }

  sentBy(inviterId: string): Promise<Invite[]> {
    return this.acrossOrganizations.list({ inviterId }, SHOWN);
  }

  sentTo(email: string): Promise<Invite[]> {
    return this.acrossOrganizations.list({ email }, SHOWN);
  }

  /** Removes whatever was offered to a person; what they offered is left, by nobody. */
  async forgetAddress(email: string): Promise<void> {
    await this.acrossOrganizations.remove({ email });
  }
}
