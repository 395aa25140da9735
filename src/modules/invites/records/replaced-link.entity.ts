import { Entity, Index } from 'typeorm';
import { BelongsTo, IdColumn, TokenHashColumn } from '../../../database/columns';
import { TenantRow } from '../../../database/row';
import { Invite } from './invite.entity';

/** A link of an invite in whose place a newer one was mailed: it leads nowhere, but to these words. */
@Entity('replaced_invite_links')
@Index(['tokenHash'], { unique: true })
@Index(['inviteId'])
@Index(['organizationId'])
export class ReplacedLink extends TenantRow {
  @TokenHashColumn()
  tokenHash: string;

  @IdColumn()
  inviteId: string;

  @BelongsTo(() => Invite, 'invite_id', 'CASCADE')
  invite?: unknown;
}
