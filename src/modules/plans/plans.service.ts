import { Injectable } from '@nestjs/common';
import { isChargeable } from '../../kit/money';
import { Database, isDuplicate } from '../../kit/db/database';
import type { Versions } from '../../kit/db/row';
import { Rows } from '../../kit/db/rows';
import { NotFound, ValidationFailed } from '../../kit/errors/problem';
import type { Page, PageQuery } from '../../kit/http/page';
import { ActivityService } from '../activity/activity.service';
import { Plan } from './plan.entity';
import type { NewPlan, PlanChanges } from './plans.api';
import { PlanCodeTaken } from './plans.errors';

const NOTHING = { description: '', features: [], limits: {}, providerRefs: {} };

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

  /** @throws PlanCodeTaken */
  create(plan: NewPlan): Promise<Plan> {
    requireWholeNumbers(plan.limits);
    requireChargeable(plan);
    return this.db.transaction(async () => {
      const made = await this.plans.add({ ...NOTHING, ...plan }).catch((error: unknown) => {
        throw isDuplicate(error) ? new PlanCodeTaken() : error;
      });
      await this.activity.record('plan.created', { type: 'plan', id: made.id });
      return made;
    });
  }

  update(id: string, changes: PlanChanges, version?: Versions): Promise<Plan> {
    requireWholeNumbers(changes.limits);
    return this.db.transaction(async () => {
      await this.plans.update({ id }, changes, version);
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
