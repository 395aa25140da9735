import { Injectable } from '@nestjs/common';
import { isChargeable } from '../../../kit/money';
import { Database, isDuplicate } from '../../../database/database';
import type { Versions } from '../../../database/row';
import { Rows } from '../../../database/rows';
import { NotFound, ValidationFailed } from '../../../kit/problem';
import type { PageQuery } from '../../../http/contract/page';
import type { Page } from '../../../database/page';
import { ActivityService } from '../../activity/activity.service';
import { Plan } from './plan.entity';
import type { NewPlan, PlanChanges } from './plans.api';
import { PlanCodeTaken } from './plans.errors';

const NOTHING = { description: '', features: [], limits: {}, providerRefs: {} };
const markOf = (isDefault: boolean | undefined) =>
  isDefault === undefined ? {} : { defaultFor: isDefault ? ('all' as const) : null };

/** What is sold. Platform staff say what it is; what was sold already stays as it was sold. */
@Injectable()
export class PlansService {
  private readonly plans: Rows<Plan>;

  constructor(
    private readonly db: Database,
    private readonly activity: ActivityService,
  ) {
    this.plans = new Rows(db, Plan);
  }

  list(query: PageQuery): Promise<Page<Plan>> {
    return this.plans.page(query, {});
  }

  /** @throws NotFound */
  get(id: string): Promise<Plan> {
    return this.plans.get({ id });
  }

  /** Null when it is not sold any more. */
  find(id: string): Promise<Plan | null> {
    return this.plans.find({ id });
  }

  /** The plan of every organization that pays for none, where there is one. */
  default(): Promise<Plan | null> {
    return this.plans.find({ defaultFor: 'all' });
  }

  /** All that are sold, with what the providers call them. */
  all(): Promise<Plan[]> {
    return this.plans.list({});
  }

  /** @throws PlanCodeTaken, ValidationFailed */
  create({ isDefault, ...plan }: NewPlan): Promise<Plan> {
    requireWholeNumbers(plan.limits);
    requireChargeable(plan);
    requireSound({ ...plan, isDefault });
    return this.db.transaction(async () => {
      if (isDefault) await this.unmark();
      const values = { ...NOTHING, ...plan, ...markOf(isDefault) };
      const made = await this.plans.add(values).catch((error: unknown) => {
        throw isDuplicate(error) ? new PlanCodeTaken() : error;
      });
      await this.activity.record('plan.created', { type: 'plan', id: made.id });
      return made;
    });
  }

  /** @throws NotFound, PreconditionFailed, ValidationFailed */
  update(id: string, { isDefault, ...changes }: PlanChanges, version?: Versions): Promise<Plan> {
    requireWholeNumbers(changes.limits);
    return this.db.transaction(async () => {
      requireSound({ ...(await this.get(id)), ...changes, ...(isDefault !== undefined && { isDefault }) });
      if (isDefault) await this.unmark(id);
      await this.plans.update({ id }, { ...changes, ...markOf(isDefault) }, version);
      requireChargeable(await this.get(id));
      await this.activity.record('plan.updated', { type: 'plan', id });
      return this.get(id);
    });
  }

  /** Sells it no more. */
  delete(id: string): Promise<void> {
    return this.db.transaction(async () => {
      if ((await this.plans.remove({ id })) === 0) throw new NotFound();
      await this.activity.record('plan.deleted', { type: 'plan', id });
    });
  }

  /** The mark moves: there is one default at most. */
  private async unmark(but?: string): Promise<void> {
    const marked = await this.default();
    if (marked && marked.id !== but) await this.plans.change({ id: marked.id }, { defaultFor: null });
  }
}

type Parts = Pick<Plan, 'interval'> & { kind?: Plan['kind']; isDefault?: boolean };

/** @throws ValidationFailed for a pack that is not one */
function requireSound({ kind, interval, isDefault }: Parts): void {
  if (kind !== 'pack') return;
  const errors = [
    ...(interval === 'once' ? [] : [{ pointer: '#/interval', detail: 'must be once: a pack is not renewed' }]),
    ...(isDefault ? [{ pointer: '#/isDefault', detail: 'must be false: a pack is no plan' }] : []),
  ];
  if (errors.length > 0) throw new ValidationFailed({ errors });
}

/** @throws ValidationFailed for a price that a provider would refuse, or round */
function requireChargeable({ amount, currency }: Pick<Plan, 'amount' | 'currency'>): void {
  if (isChargeable(amount, currency)) return;
  const detail = `must end in 0: of the three decimals of ${currency} two can be charged`;
  throw new ValidationFailed({ errors: [{ pointer: '#/amount', detail }] });
}

/** @throws ValidationFailed */
function requireWholeNumbers(limits: object = {}): void {
  const wrong = Object.entries(limits).filter(([, limit]: [string, unknown]) => !isWhole(limit));
  const errors = wrong.map(([name]) => ({
    pointer: `#/limits/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
    detail: 'must be a whole number, not below 0',
  }));
  if (errors.length > 0) throw new ValidationFailed({ errors });
}

const isWhole = (limit: unknown): boolean => Number.isSafeInteger(limit) && (limit as number) >= 0;
