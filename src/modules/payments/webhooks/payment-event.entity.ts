import { Entity, Index } from 'typeorm';
import { JsonColumn, StringColumn } from '../../../database/columns';
import { LivingRow } from '../../../database/row';
import type { Outcome } from '../ledger/ledger.service';
import type { ProviderName } from '../providers/port/payment.provider';

/** The inbox: what a provider told us, once, in our own words and without anything personal. */
@Entity('payment_events')
@Index(['provider', 'eventId'], { unique: true })
@Index(['outcome', 'createdAt'])
@Index(['waitsFor'])
export class PaymentEvent extends LivingRow {
  @StringColumn(20)
  provider: ProviderName;

  /** The provider's; a hash of the body where it sends none. */
  @StringColumn(255)
  eventId: string;

  @StringColumn(80)
  type: string;

  @JsonColumn()
  facts: any;

  @StringColumn(20)
  outcome: Outcome;

  /** `provider:reference` of what it is about and what is not known yet. */
  @StringColumn(300, { nullable: true })
  waitsFor: string | null;
}
