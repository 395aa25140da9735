import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { clock } from '../../../kit/clock';
import { Outbox } from '../../../outbox/outbox';
import type { AttentionKind } from '../attention/attention.entity';
import { AttentionService } from '../attention/attention.service';
import { OrganizationsService } from '../../organizations/organizations.service';
import { isOverdue } from './records/in-force';
import { SettleService } from './settle.service';
import type { EndedFor, Subscription } from './records/subscription.entity';
import { SubscriptionsRepository } from './subscriptions.repository';

/** What its payments amount to by now. */
export type Paid = {
  isAny: boolean; // something was paid, whatever became of it
  until: Date | null; // as far as it reaches: null for what is paid once, or for nothing
  coversNow: boolean;
  chargedAt: Date | null; // the last of those that cover now
  isReturned: boolean; // what covers now has gone back, or any of it is disputed
};

/** Who hears of an end: people only of what they did not do themselves, a provider of what it does not know. */
const TOLD: Record<EndedFor, { people: boolean; provider: boolean }> = {
  time: { people: true, provider: true },
  returned: { people: true, provider: true },
  provider: { people: true, provider: false },
  replaced: { people: false, provider: true },
};

/** Money about which a person has yet to decide keeps what it may have paid for. */
const KEEPS: AttentionKind[] = ['likely-paid', 'amount-differs', 'overpaid', 'paid-twice', 'paid-for-nothing'];

/**
 * How a subscription begins, goes on, ends and comes back; the organization's plan follows. Each is part of a transaction under the
 * organization's lock, may be told twice and in any order.
 */
@Injectable()
export class LifecycleService {
  constructor(
    private readonly subscriptions: SubscriptionsRepository,
    private readonly settling: SettleService,
    private readonly organizations: OrganizationsService,
    private readonly attention: AttentionService,
    private readonly outbox: Outbox,
  ) {}

  /** Does what its payments amount to. @returns false when nothing is given, also not what was given before */
  async follow(subscription: Subscription, paid: Paid): Promise<boolean> {
    const { organizationId, id, startedAt, endedAt } = subscription;
    if (paid.until?.getTime() !== subscription.paidUntil?.getTime())
      await this.subscriptions.change(organizationId, { id }, { paidUntil: paid.until });
    const now = { ...subscription, paidUntil: paid.until } as Subscription;

    if (!paid.isAny) return true;
    if (!startedAt && !endedAt && !paid.isReturned) return this.begin(now, paid);
    if (!startedAt) await this.subscriptions.change(organizationId, { id }, { startedAt: clock.now() });
    if (endedAt) return comesBack(now, paid) && (await this.restore(now));
    if (paid.isReturned) await this.end(now, 'returned');
    return true;
  }

  /** Ends it, whatever was paid, and has nothing collected for it any more. Only what has not ended ends. */
  async end(subscription: Subscription, endedFor: EndedFor, endedAt = clock.now()): Promise<void> {
    const { organizationId, id, liveFor, planName, interval } = subscription;
    const ended = { endedAt, endedFor, liveFor: null };
    if ((await this.subscriptions.change(organizationId, { id, endedAt: IsNull() }, ended)) === 0) return;

    if (liveFor) await this.settling.settle(organizationId);
    const told = TOLD[endedFor];
    if (liveFor && told.people) await this.outbox.add('subscription.ended', { organizationId, plan: planName });
    if (interval !== 'once' && told.provider) await this.outbox.add('subscription.ends-now', namesOf(subscription));
  }

  /** Ends it if its time is over, and nothing about it waits for a person. */
  expire({ organizationId, id }: Subscription): Promise<void> {
    return this.organizations.inTurn(organizationId, async () => {
      const subscription = await this.subscriptions.find(organizationId, { id });
      if (!subscription || !isOverdue(subscription, clock.now()) || (await this.isKept(subscription))) return;
      await this.end(subscription, 'time');
    });
  }

  /** Gives back what is paid for, to its end: nothing renews it any more. @returns false when another is in force */
  async restore({ organizationId, id, startedAt, cancelledAt, interval, kind }: Subscription): Promise<boolean> {
    if (kind === 'plan' && (await this.subscriptions.live(organizationId))) return false;
    const now = clock.now();
    const runsOut = interval === 'once' ? {} : { cancelledAt: cancelledAt ?? now, cancelAt: null };
    const liveFor = kind === 'plan' ? organizationId : null;
    const back = { endedAt: null, startedAt: startedAt ?? now, liveFor, pastDue: false, ...runsOut };
    await this.subscriptions.change(organizationId, { id }, back);
    if (liveFor) await this.settling.settle(organizationId);
    return true;
  }

  /** By what came since it began: what came before that is not what keeps it. */
  private isKept({ paymentId, startedAt }: Subscription): Promise<boolean> {
    return this.attention.isOpen(KEEPS, paymentId, startedAt!);
  }

  /** @returns false when it gives nothing, though it was paid last: a newer order had begun already */
  private async begin(subscription: Subscription, { chargedAt }: Paid): Promise<boolean> {
    const { organizationId, id, paymentId, kind } = subscription;
    const startedAt = clock.now();
    if (kind === 'pack') return Boolean(await this.subscriptions.change(organizationId, { id }, { startedAt }));

    const begun = await this.subscriptions.list(organizationId, { kind: 'plan', startedAt: Not(IsNull()) });
    const newer = begun.find((other) => other.paymentId > paymentId);
    if (newer) {
      await this.subscriptions.change(organizationId, { id }, { startedAt });
      await this.end(subscription, 'replaced');
      return chargedAt === null || chargedAt <= newer.startedAt!; // else it is no news that came late
    }
    for (const former of begun) await this.end(former, 'replaced');
    await this.subscriptions.change(organizationId, { id }, { startedAt, liveFor: organizationId });
    await this.settling.settle(organizationId);
    return true;
  }
}

/** Money that came all the same: after its provider ended it only what was charged later. */
function comesBack({ endedFor, endedAt }: Subscription, { isReturned, coversNow, chargedAt }: Paid): boolean {
  if (!coversNow || isReturned || endedFor === null || endedFor === 'replaced') return false;
  return endedFor !== 'provider' || (chargedAt !== null && chargedAt > endedAt!);
}

/** By which a provider knows it, or may be asked for it. */
export const namesOf = ({ provider, paymentId, reference }: Subscription) => ({ provider, paymentId, reference });
