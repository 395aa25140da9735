import { Entity, Index } from 'typeorm';
import { BelongsTo, IdColumn, JsonColumn, MomentColumn, StringColumn } from '../../../database/columns';
import { LivingRow } from '../../../database/row';
import { User } from '../../users/user.entity';
import type { NotificationType } from './notification.types';

/** Something that a person is told. A person's ids grow in the order of the commits, so that one id says what was seen. */
@Entity('notifications')
@Index(['messageId', 'userId'], { unique: true })
@Index(['userId', 'id'])
@Index(['userId', 'readAt'])
@Index(['organizationId'])
@Index(['personId'])
export class Notification extends LivingRow {
  @IdColumn()
  userId: string;

  @BelongsTo(() => User, 'user_id', 'CASCADE')
  user?: unknown;

  @IdColumn({ nullable: true })
  organizationId: string | null;

  @BelongsTo('Organization', 'organization_id', 'CASCADE')
  organization?: unknown;

  /** Whom it is about, other than the reader. The name is in `params`: it goes when they do. */
  @IdColumn({ nullable: true })
  personId: string | null;

  @BelongsTo(() => User, 'person_id', 'CASCADE')
  person?: unknown;

  /** The outbox message that it was made from: delivered twice, it is told once. */
  @IdColumn()
  messageId: string;

  @StringColumn(60)
  type: NotificationType;

  /** Names as they were: who was removed does not learn what came after. */
  @JsonColumn()
  params: any;

  @MomentColumn({ nullable: true })
  readAt: Date | null;
}
