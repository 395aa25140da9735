import { PickType } from '@nestjs/swagger';
import { changesOf } from '../../../http/fields/changes';
import {
  AmountField,
  BooleanField,
  CurrencyField,
  EnumField,
  IdField,
  JsonField,
  NameField,
  ShapeField,
  StringsField,
  TextField,
  TimeField,
} from '../../../http/fields/fields';
import { pageOf } from '../../../http/contract/page';
import { SLUG } from '../../../http/contract/params';
import { type Interval, INTERVALS, PLAN_KINDS, type PlanKind } from './plan.entity';

const DESCRIPTION = { max: 2000, example: 'For a team that works together.' };
const KIND = {
  example: 'plan',
  description: 'An organization is on one plan. A pack is paid once, and bought beside it: it changes no limits.',
} as const;
const IS_DEFAULT = {
  example: false,
  description:
    'The plan of every organization that pays for none. One at most: making another the default moves the mark.',
};
const FEATURES = { max: 50, example: ['Unlimited pages'] };
const LIMITS = {
  max: 2048,
  example: { seats: 10 },
  description:
    'Names and whole numbers, each for one of the plan. `seats`: how many members the organization may have.',
};

/** What each provider calls the plan: Lemon Squeezy the variant, Flutterwave the payment plan. Stripe needs none. */
export class ProviderRefs {
  @TextField({ optional: true, min: 1, max: 255, example: 'price_1QTeam' })
  stripe?: string;

  @TextField({ optional: true, min: 1, max: 255, example: '12345' })
  flutterwave?: string;

  @TextField({ optional: true, min: 1, max: 255, example: '67890' })
  lemonsqueezy?: string;
}

/** Something that is sold. */
export class Plan {
  @IdField()
  id: string;

  @TextField({
    min: 1,
    max: 40,
    pattern: SLUG,
    rule: 'must be lower-case letters, digits and single hyphens',
    example: 'team',
    description: 'Its name for programs. It stays.',
  })
  code: string;

  @EnumField(PLAN_KINDS, KIND)
  kind: PlanKind;

  @BooleanField(IS_DEFAULT)
  isDefault: boolean;

  @NameField({ example: 'Team' })
  name: string;

  @TextField(DESCRIPTION)
  description: string;

  @AmountField({ min: 1, max: 1e11, description: 'The price of one, in minor units.' })
  amount: number;

  @CurrencyField()
  currency: string;

  @EnumField(INTERVALS, { example: 'month', description: 'once: paid once, for good.' })
  interval: Interval;

  @StringsField(FEATURES)
  features: string[];

  @JsonField(LIMITS)
  limits: object;

  @ShapeField(() => ProviderRefs)
  providerRefs: ProviderRefs;

  @TimeField()
  createdAt: Date;
}

export const PlanPage = pageOf(Plan);

export class NewPlan extends PickType(Plan, ['code', 'name', 'amount', 'currency', 'interval']) {
  @EnumField(PLAN_KINDS, { ...KIND, optional: true })
  kind?: PlanKind;

  @BooleanField({ ...IS_DEFAULT, optional: true })
  isDefault?: boolean;

  @TextField({ ...DESCRIPTION, optional: true })
  description?: string;

  @StringsField({ ...FEATURES, optional: true })
  features?: string[];

  @JsonField({ ...LIMITS, optional: true })
  limits?: object;

  @ShapeField(() => ProviderRefs, { optional: true })
  providerRefs?: ProviderRefs;
}

const CHANGEABLE = [
  'name',
  'description',
  'amount',
  'currency',
  'interval',
  'features',
  'limits',
  'providerRefs',
  'isDefault',
] as const;

/** For those who buy from now on. */
export class PlanChanges extends changesOf(PickType(Plan, CHANGEABLE)) {}
