import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { OrganizationsService } from '../../organizations/organizations.service';
import { ProvidersService } from '../providers/providers.service';
import type { Plan } from './plan.entity';
import { PlansService } from './plans.service';

type Limits = Record<string, number>;

/** The plan of whoever pays for none: organizations begin on it. */
@Injectable()
export class DefaultPlanService implements OnModuleInit, OnApplicationBootstrap {
  private readonly logger = new Logger('Plans');

  constructor(
    private readonly plans: PlansService,
    private readonly organizations: OrganizationsService,
    private readonly providers: ProvidersService,
  ) {}

  onModuleInit(): void {
    this.organizations.onFounding(() => this.plans.default());
  }

  /** Says so where those who pay for nothing have more than those who pay. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.providers.isAnyOn) return;
    const plans = await this.plans.all();
    const standard = plans.find(({ isDefault }) => isDefault);
    const smaller = standard && plans.find((plan) => plan.kind === 'plan' && allowsMore(standard, plan));
    if (!standard)
      this.logger.warn(
        'No plan is the default one: an organization that never bought one has no limits. Set isDefault.',
      );
    else if (smaller)
      this.logger.warn(`The default plan "${standard.code}" allows more than "${smaller.code}", which is sold.`);
  }
}

/** Of something that the other limits. */
const allowsMore = (one: Plan, other: Plan): boolean =>
  Object.entries(other.limits as Limits).some(([name, limit]) => ((one.limits as Limits)[name] ?? Infinity) > limit);
