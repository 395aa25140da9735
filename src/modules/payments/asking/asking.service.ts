import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { MINUTE, fromNow } from '../../../kit/clock';
import { AttentionService } from '../attention/attention.service';
import { LedgerService } from '../ledger/ledger.service';
import type { Payment } from '../ledger/records/payment.entity';
import { PaymentsService } from '../ledger/payments.service';
import type { Fact, Handle, ProviderName } from '../providers/port/payment.provider';
import { ProviderAway, ProviderRefused } from '../providers/port/providers.errors';
import { ProvidersService } from '../providers/providers.service';
import { SilenceService } from '../subscriptions/silence.service';
import type { Subscription } from '../subscriptions/records/subscription.entity';
import { Pacer } from './pacer';

const LATE = 5 * MINUTE; // a webhook that has not come by then will not, or only after trouble

/** Asks providers about what they may have told us in vain: a webhook is only the fast way. */
@Injectable()
export class AskingService implements OnModuleInit {
  private readonly logger = new Logger(AskingService.name);

  constructor(
    private readonly payments: PaymentsService,
    private readonly ledger: LedgerService,
    private readonly providers: ProvidersService,
    private readonly silence: SilenceService,
    private readonly attention: AttentionService,
    private readonly pacer: Pacer,
  ) {}

  onModuleInit(): void {
    this.silence.onAsk((subscription) => this.askAboutSubscription(subscription));
  }

  /** Asks about a payment that is open, and says when to ask again; one that stays unpaid is given up at last. */
  async askAboutPayment(payment: Payment): Promise<void> {
    if (payment.isOpen) {
      const facts = await this.ask(payment.provider, await this.payments.handleOf(payment));
      if (facts === 'away') return;
      await this.hear(payment, facts ?? []);
    }
    await this.payments.wasAsked(payment);
  }

  /** @returns whether there was an answer; also where there is nobody to ask any more. */
  async askAboutSubscription(subscription: Subscription): Promise<boolean> {
    const { provider, live, organizationId, reference, paymentId } = subscription;
    if (!this.providers.knows(provider, live)) {
      await this.silence.note(subscription, true);
      return true;
    }
    const first = await this.payments.get(organizationId, paymentId);
    const handle = reference ? { paymentId, subscription: reference } : await this.payments.handleOf(first);
    const facts = await this.ask(provider, handle);
    if (facts === 'away') return false;
    if (facts) await this.hear(first, facts);
    await this.silence.note(subscription, facts !== null);
    return facts !== null;
  }

  /** Null for what the provider refuses to say. */
  private async ask(name: ProviderName, handle: Handle): Promise<Fact[] | 'away' | null> {
    if (this.pacer.isAway(name)) return 'away';
    await this.pacer.turn(name);
    try {
      return await this.providers.get(name).lookUp(handle);
    } catch (error) {
      this.logger.warn({ err: error, provider: name }, 'A provider was asked in vain.');
      if (error instanceof ProviderAway) {
        this.pacer.leaveAlone(name);
        return 'away';
      }
      if (error instanceof ProviderRefused) return null;
      throw error;
    }
  }

  /** Applies what was learnt. Money that a webhook should have told of goes on the list: that webhook is silent. */
  private async hear({ provider, organizationId, subscriptionId }: Payment, facts: Fact[]): Promise<void> {
    const before = await this.payments.countPaid(organizationId, subscriptionId);
    await this.ledger.apply(provider, facts);
    const learnt = (await this.payments.countPaid(organizationId, subscriptionId)) - before;
    if (learnt === 0 || !facts.some(isLate)) return;
    await this.attention.raise({ kind: 'webhook-silent', provider, about: provider, details: { subscriptionId } });
  }
}

const isLate = (fact: Fact): boolean =>
  fact.kind === 'payment' && fact.status === 'succeeded' && (!fact.at || new Date(fact.at) < fromNow(-LATE));
