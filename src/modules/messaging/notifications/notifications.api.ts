import { EnumField, IdField, IntegerField, JsonField, TextField, TimeField } from '../../../http/fields/fields';
import { PageQuery, pageOf } from '../../../http/contract/page';
import type { Notification as NotificationRow } from './notification.entity';
import { type NotificationType, TYPES, wordsOf } from './notification.types';

/** Something that a person is told. */
export class Notification {
  @IdField()
  id: string;

  @EnumField(TYPES)
  type: NotificationType;

  @TextField({ max: 500, example: 'Grace Hopper joined Acme' })
  title: string;

  @TextField({ max: 1000, example: 'Grace Hopper accepted the invite to Acme and is a member now, as Member.' })
  body: string;

  @JsonField({
    example: { organization: 'Acme', person: 'Grace Hopper', role: 'Member' },
    description: 'The names in it, for a text of your own.',
  })
  params: object;

  @IdField({ nullable: true })
  organizationId: string | null;

  @TimeField({ nullable: true, description: 'When it was marked as read.' })
  readAt: Date | null;

  @TimeField()
  createdAt: Date;
}

export class NotificationPage extends pageOf(Notification) {
  @IntegerField({ min: 0, max: 1_000_000, example: 1, description: 'How many in all are unread.' })
  unreadCount: number;
}

export class NotificationQuery extends PageQuery {
  @EnumField(['true', 'false'], { optional: true, example: 'true', description: 'Only those that are unread.' })
  unread?: 'true' | 'false';
}

export const showNotification = ({
  id,
  type,
  params,
  organizationId,
  readAt,
  createdAt,
  version,
}: NotificationRow): Notification & { version: number } => ({
  id,
  type,
  ...wordsOf(type, params),
  params,
  organizationId,
  readAt,
  createdAt,
  version,
});
