import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { clock } from '../../../kit/clock';
import { Database } from '../../../database/database';
import { Rows } from '../../../database/rows';
import { Organization, THERE } from '../../organizations/records/organization.entity';
import { PlansService } from '../plans/plans.service';
import { inForce, type InForce } from './records/in-force';
import { Subscription } from './records/subscription.entity';

export type Change = { organization: Organization; to: InForce };
type Limits = Record<string, number> | null;
const AT_ONCE = 100;

/** Writes down which plan an organization is on: what everyone else reads. */
@Injectable()
export class SettleService {
  private readonly organizations: Rows<Organization>;
  private readonly subscriptions: Rows<Subscription>;

  constructor(
    private readonly db: Database,
    private readonly plans: PlansService,
  ) {
    this.organizations = new Rows(db, Organization);
    this.subscriptions = new Rows(db, Subscription);
  }

  /** Under the lock of the organization, in the transaction that changed what it has. */
  async settle(organizationId: string): Promise<void> {
    const { plan, limits } = await this.find(organizationId);
    const organization = await this.organizations.find({ id: organizationId });
    if (organization?.plan === plan && isDeepStrictEqual(organization.limits, limits)) return; // else its version would count news that change nothing
    await this.organizations.change({ id: organizationId }, { plan, limits });
  }

  /** Settles everyone, also those whose plan ended while nothing followed from that; tells of those whom it leaves less. */
  async *settleAll({ dryRun }: { dryRun: boolean }): AsyncGenerator<Change> {
    for await (const id of this.ids()) {
      const change = await this.db.transaction(async () => {
        await this.db.lock(Organization, { id });
        const organization = await this.organizations.find({ id });
        if (!organization) return null;
        const to = await this.find(id);
        if (!dryRun) await this.settle(id);
        return { organization, to };
      });
      if (change && isTighter(change.organization.limits as Limits, change.to.limits as Limits)) yield change;
    }
  }

  private async find(organizationId: string): Promise<InForce> {
    const begun = { organizationId, kind: 'plan' as const, startedAt: Not(IsNull()) };
    return inForce(await this.subscriptions.list(begun), await this.plans.default(), clock.now());
  }

  private async *ids(): AsyncGenerator<string> {
    let cursor: string | undefined;
    do {
      const page = await this.organizations.page({ limit: AT_ONCE, cursor }, THERE);
      for (const { id } of page.data) yield id;
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
  }
}

/** Whether something is limited that was not, or more than it was. */
const isTighter = (from: Limits, to: Limits): boolean =>
  Object.entries(to ?? {}).some(([name, limit]) => limit < (from?.[name] ?? Infinity));
