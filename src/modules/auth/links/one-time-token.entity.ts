import { Entity, Index } from 'typeorm';
import { BelongsTo, IdColumn, MomentColumn, StringColumn, TokenHashColumn } from '../../../database/columns';
import { Row } from '../../../database/row';
import type { LinkPurpose } from '../../../mail/templates/links';
import { User } from '../../users/user.entity';

/** A link, or a code, that was mailed to a person. One is live for each purpose: a newer one replaces it. */
@Entity('one_time_tokens')
@Index(['tokenHash'], { unique: true })
@Index(['userId', 'purpose'], { unique: true })
@Index(['expiresAt'])
export class OneTimeToken extends Row {
  @IdColumn()
  userId: string;

  @BelongsTo(() => User, 'user_id', 'CASCADE')
  user: User;

  @StringColumn(20)
  purpose: LinkPurpose | 'step-up';

  @TokenHashColumn()
  tokenHash: string;

  @MomentColumn()
  expiresAt: Date;
}
