import { Entity, Index } from 'typeorm';
import { BelongsTo, BooleanColumn, EmailColumn, IdColumn, StringColumn } from '../../../database/columns';
import { Row } from '../../../database/row';
import { User } from '../../users/user.entity';

/** An identity at a provider that signs a person in. Only people whose mailbox is proved have any. */
@Entity('social_accounts')
@Index(['issuer', 'subject'], { unique: true })
@Index(['userId'])
export class SocialAccount extends Row {
  @IdColumn()
  userId: string;

  @BelongsTo(() => User, 'user_id', 'CASCADE')
  user: User;

  /** As the settings call it. What counts is the issuer: a provider may speak for several. */
  @StringColumn(40)
  provider: string;

  @StringColumn(255)
  issuer: string;

  @StringColumn(255)
  subject: string;

  /** What the provider vouched for when it was linked; it decides nothing any more. */
  @EmailColumn({ nullable: true })
  email: string | null;

  /** Whether nothing but the password said that the person wanted it: then it ends with the password. */
  @BooleanColumn()
  byPassword: boolean;
}
