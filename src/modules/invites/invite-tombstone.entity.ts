import { Entity, Index } from 'typeorm';
import { BelongsWithin, EmailColumn, IdColumn, TokenHashColumn } from '../../kit/db/columns';
import { TenantRow } from '../../kit/db/row';
import { Role } from '../roles/role.entity';

/** What is left of an expired invite for 30 days: enough to know its link by its hash, and to send a fresh one. */
@Entity('invite_tombstones')
@Index(['tokenHash'], { unique: true })
@Index(['createdAt'])
@Index(['email'])
@Index(['organizationId', 'roleId'])
export class InviteTombstone extends TenantRow {
  @TokenHashColumn()
  tokenHash: string;

  @EmailColumn()
  email: string;

  @IdColumn()
  roleId: string;

  @BelongsWithin(() => Role, 'role_id', 'CASCADE')
  role?: unknown;

  @IdColumn({ nullable: true })
  inviterId: string | null;
}
