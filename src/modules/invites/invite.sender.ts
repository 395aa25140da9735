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

  /** Makes an invite; one of the same address that has expired gives way to it. @throws InvitePending: the unique key counts */
  async create(offer: Offer): Promise<Invite> {
    const { organizationId, email } = offer;
    const { token, hash } = newToken();
    const values = { ...offer, openEmail: email, tokenHash: hash, expiresAt: fromNow(this.config.INVITE_TTL) };
    const add = () => this.invites.add(organizationId, values);
    const invite = await add().catch(async (error: unknown) => {
      if (!isDuplicate(error)) throw error;
      if ((await this.invites.buryOf(organizationId, email)) === 0) throw new InvitePending();
      return add();
    });
    await this.outbox.add('invite.sent', { inviteId: invite.id, organizationId, token });
    return invite;
  }

  /** Gives an open invite a fresh link, from now on in the name of `inviterId`. @throws InviteClosed */
  async renew({ organizationId, id, tokenHash }: Invite, inviterId: string): Promise<void> {
    const { token, hash } = newToken();
    const fresh = { tokenHash: hash, expiresAt: fromNow(this.config.INVITE_TTL), inviterId };
    const renewed = await this.invites.change(organizationId, { id, tokenHash, openEmail: Not(IsNull()) }, fresh);
    if (renewed !== 1) throw new InviteClosed();
    await this.outbox.add('invite.sent', { inviteId: id, organizationId, token });
  }
}
