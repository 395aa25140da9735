import {
  AmountField,
  BooleanField,
  CountField,
  CurrencyField,
  EnumField,
  IdField,
  JsonField,
  NameField,
  TextField,
  TimeField,
} from '../../../http/fields/fields';
import { pageOf, PageQuery } from '../../../http/contract/page';
import { type ProviderName, PROVIDERS } from '../providers/port/payment.provider';
import {
  type Attention as AttentionRow,
  ATTENTION_KINDS,
  type AttentionKind,
  type Resolution as Action,
  RESOLUTIONS,
} from './attention.entity';

/** What accepting one of a kind does; those that are not named are only closed. */
const ACCEPTED: Partial<Record<AttentionKind, string>> = {
  'amount-differs': 'It counts as the payment that was asked for.',
  overpaid: 'The surplus stays here.',
  'paid-twice': 'It carries the subscription on for a period.',
  'paid-for-nothing': 'What was paid for is restored.',
  'likely-paid': 'It is that payment.',
  'refund-returned': 'They were paid another way.',
};

/** Something about money that only a person can decide. */
export class Attention {
  @IdField()
  id: string;

  @EnumField(ATTENTION_KINDS)
  kind: AttentionKind;

  @EnumField(PROVIDERS)
  provider: ProviderName;

  @IdField({ nullable: true })
  organizationId: string | null;

  @IdField({ nullable: true })
  paymentId: string | null;

  @AmountField({ nullable: true, description: 'In minor units of the currency.' })
  amount: number | null;

  @CurrencyField({ nullable: true })
  currency: string | null;

  @JsonField({ example: { reference: 'pi_3QPayment' }, description: 'What was found, as the provider calls it.' })
  details: object;

  @TextField({ max: 255, example: 'It is that payment.', description: 'What `accept` does.' })
  accepting: string;

  @BooleanField({ description: 'Whether `refund` can send the sum back.' })
  refundable: boolean;

  @CountField({ min: 1, max: 2 ** 31 - 1, description: 'How often it was found while it was open.' })
  times: number;

  @TimeField({ description: 'When it was found first.' })
  createdAt: Date;

  @TimeField({ description: 'And last.' })
  seenAt: Date;

  @TimeField({ nullable: true, description: 'Null while it is open.' })
  resolvedAt: Date | null;

  @IdField({ nullable: true })
  resolvedBy: string | null;

  @EnumField(RESOLUTIONS, { nullable: true })
  resolution: Action | null;

  @NameField({ max: 255, nullable: true, example: 'The buyer was called.' })
  reason: string | null;
}

export const AttentionPage = pageOf(Attention);

const STATES = ['open', 'resolved'] as const;

export class AttentionQuery extends PageQuery {
  @EnumField(STATES, { optional: true, description: '`open` unless said.' })
  state: (typeof STATES)[number] = 'open';

  @EnumField(ATTENTION_KINDS, { optional: true })
  kind?: AttentionKind;

  @EnumField(PROVIDERS, { optional: true })
  provider?: ProviderName;

  @IdField({ optional: true })
  organization?: string;
}

export class Resolution {
  @EnumField(RESOLUTIONS, {
    description:
      'accept: what the row says under `accepting`. refund: the sum goes back. ignore: nothing; it wants a reason.',
  })
  action: Action;

  @NameField({ max: 255, optional: true, example: 'The buyer was called.' })
  reason?: string;
}

export const showAttention = (row: AttentionRow): Attention & { version: number } =>
  Object.assign(row, { accepting: ACCEPTED[row.kind] ?? 'It is closed.', refundable: row.isRefundable });
