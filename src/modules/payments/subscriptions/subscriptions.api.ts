import { PickType } from '@nestjs/swagger';
import {
  AmountField,
  BooleanField,
  EnumField,
  IdField,
  CountField,
  TextField,
  TimeField,
} from '../../../http/fields/fields';
import { Plan } from '../plans/plans.api';
import { type ProviderName, PROVIDERS } from '../providers/port/payment.provider';
import {
  type Subscription as SubscriptionRow,
  SUBSCRIPTION_STATUSES,
  type SubscriptionStatus,
} from './records/subscription.entity';

export class Subscription extends PickType(Plan, ['interval', 'currency']) {
  @IdField()
  id: string;

  @TextField({ max: 40, example: 'team', description: 'The code of the plan.' })
  plan: string;

  @EnumField(SUBSCRIPTION_STATUSES, {
    example: 'active',
    description:
      'cancelled: it ends with the period. past-due: the provider tries to collect. paused: nothing is collected, and the plan is not in force, until that ends.',
  })
  status: SubscriptionStatus;

  @EnumField(PROVIDERS)
  provider: ProviderName;

  @CountField({ min: 1, max: 1000 })
  quantity: number;

  @AmountField({ description: 'For each period, all of the quantity together.' })
  amount: number;

  @TimeField({ nullable: true })
  startedAt: Date | null;

  @TimeField({ nullable: true, description: 'Null for a plan that is paid once.' })
  currentPeriodEnd: Date | null;

  @BooleanField({ example: false, description: 'It is not renewed.' })
  cancelAtPeriodEnd: boolean;

  @TimeField({ nullable: true, description: 'When it ends, where that was set to a day of its own.' })
  cancelAt: Date | null;
}

export const showSubscription = (row: SubscriptionRow): Subscription & { version: number } => ({
  id: row.id,
  plan: row.plan,
  status: row.status,
  provider: row.provider,
  interval: row.interval,
  quantity: row.quantity,
  amount: row.amount,
  currency: row.currency,
  startedAt: row.startedAt,
  currentPeriodEnd: row.currentPeriodEnd,
  cancelAtPeriodEnd: row.cancelledAt !== null,
  cancelAt: row.cancelAt,
  version: row.version,
});
