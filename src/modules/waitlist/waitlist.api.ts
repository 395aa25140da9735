import { PickType } from '@nestjs/swagger';
import { EmailField, EnumField, IdField, IntegerField, NameField, TimeField } from '../../http/fields/fields';
import { pageOf } from '../../http/contract/page';
import { WAITLIST_STATUSES, type WaitlistEntry as EntryRow, type WaitlistStatus } from './waitlist-entry.entity';

export class WaitlistEntry {
  @IdField()
  id: string;

  @EmailField({ example: 'grace@example.com' })
  email: string;

  @NameField({ nullable: true, example: 'Grace Hopper' })
  name: string | null;

  @NameField({ nullable: true, example: 'landing page', description: 'Where they heard of it.' })
  source: string | null;

  @EnumField(WAITLIST_STATUSES, { description: 'pending: the mailbox is not confirmed yet.' })
  status: WaitlistStatus;

  @IntegerField({ min: 1, max: 2 ** 31 - 1, nullable: true, description: 'Among those who are waiting.' })
  position: number | null;

  @TimeField({ nullable: true })
  confirmedAt: Date | null;

  @TimeField({ nullable: true })
  invitedAt: Date | null;

  @TimeField()
  createdAt: Date;
}

export const WaitlistEntryPage = pageOf(WaitlistEntry);

export class NewWaitlistEntry {
  @EmailField({ example: 'grace@example.com' })
  email: string;

  @NameField({ optional: true, example: 'Grace Hopper' })
  name?: string;

  @NameField({ optional: true, example: 'landing page' })
  source?: string;
}

export class WaitlistPlace extends PickType(WaitlistEntry, ['position']) {}

export class WaitlistInvite {
  @NameField({ optional: true, max: 60, example: 'Member', description: '`Member` unless said.' })
  role?: string;
}

export const showEntry = (row: EntryRow, position: number | null) => ({
  id: row.id,
  email: row.email,
  name: row.name,
  source: row.source,
  status: row.status,
  position,
  confirmedAt: row.confirmedAt,
  invitedAt: row.invitedAt,
  createdAt: row.createdAt,
});
