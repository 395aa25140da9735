import { Inject, Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { fromNow } from '../../kit/clock';
import { CONFIG, type Config } from '../../kit/config';
import { isDuplicate } from '../../kit/db/database';
import { Outbox } from '../../kit/outbox/outbox';
import { newToken } from '../../kit/token';
import type { Invite } from './invite.entity';
import { InviteClosed, InvitePending } from './invites.errors';
import { InvitesRepository } from './invites.repository';

type Offer = Pick<Invite, 'organizationId' | 'email' | 'roleId' | 'inviterId'>;

/** Makes the link of an invite and mails it. Part of a transaction. */
@Injectable()
export class InviteSender {
  constructor(
    private readonly invites: InvitesRepository,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Makes an invite and returns its id. @throws InvitePending: the unique key counts, not a look before */
  async create(offer: Offer): Promise<string> {
    const { token, hash } = newToken();
    await this.invites.buryOf(offer.organizationId, offer.email);
    const values = { ...offer, ...this.expiry(), openEmail: offer.email, tokenHash: hash };
    try {
      const { id } = await this.invites.add(offer.organizationId, values);
      await this.outbox.add('invite.sent', { inviteId: id, organizationId: offer.organizationId, token });
      return id;
    } catch (error) {
      throw isDuplicate(error) ? new InvitePending() : error;
    }
  }

  /** Gives an open invite a fresh link, from now on in the name of `inviterId`. @throws InviteClosed */
  async renew({ organizationId, id, tokenHash }: Invite, inviterId: string): Promise<void> {
    const { token, hash } = newToken();
    const fresh = { ...this.expiry(), tokenHash: hash, inviterId };
    const renewed = await this.invites.change(organizationId, { id, tokenHash, openEmail: Not(IsNull()) }, fresh);
    if (renewed !== 1) throw new InviteClosed();
    await this.outbox.add('invite.sent', { inviteId: id, organizationId, token });
  }

  private expiry() {
    const expiresAt = fromNow(this.config.INVITE_TTL);
    return { expiresAt, openUntil: expiresAt };
  }
}
