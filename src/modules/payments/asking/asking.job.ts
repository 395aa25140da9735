import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { CronExpression } from '@nestjs/schedule';
import { MINUTE } from '../../../kit/clock';
import { forEach, Job } from '../../../jobs/job';
import { Leases } from '../../../database/leases/leases';
import { PaymentsService } from '../ledger/payments.service';
import { type ProviderName, PROVIDERS } from '../providers/port/payment.provider';
import { ProvidersService } from '../providers/providers.service';
import { SilenceService } from '../subscriptions/silence.service';
import { AskingService } from './asking.service';
import { Pacer } from './pacer';

const LEASE = 2 * MINUTE; // longer than one question takes
const AT_ONCE = 50; // ten seconds' worth: what was just ordered does not wait for ten thousand subscriptions

/** Asks about every open payment and every live subscription when it is time. One instance asks a provider at a time. */
@Injectable()
export class AskingJob implements BeforeApplicationShutdown {
  private stopped = false;

  constructor(
    private readonly payments: PaymentsService,
    private readonly silence: SilenceService,
    private readonly providers: ProvidersService,
    private readonly asking: AskingService,
    private readonly leases: Leases,
    private readonly pacer: Pacer,
  ) {}

  @Job('payments.ask', CronExpression.EVERY_MINUTE)
  async ask(): Promise<void> {
    const on = PROVIDERS.filter((name) => this.providers.isOn(name));
    const ends = await Promise.allSettled(on.map((name) => this.askAll(name)));
    await forEach(ends, async (end) => {
      if (end.status === 'rejected') throw end.reason;
    });
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
  }

  private async askAll(name: ProviderName): Promise<void> {
    const lease = `asking ${name}`;
    if (this.pacer.isAway(name) || !(await this.leases.take(lease, LEASE))) return;
    const goesOn = async () => !this.stopped && !this.pacer.isAway(name) && (await this.leases.keep(lease, LEASE));
    try {
      for (let questions = await this.due(name); questions.length > 0;) {
        const [next, ...others] = questions;
        if (!(await goesOn())) return;
        await next!();
        questions = others.length > 0 ? others : await this.due(name);
      }
    } finally {
      await this.leases.keep(lease, 0);
    }
  }

  /** What was ordered comes first. */
  private async due(name: ProviderName): Promise<(() => Promise<unknown>)[]> {
    const payments = await this.payments.due(name, AT_ONCE);
    if (payments.length > 0) return payments.map((one) => () => this.asking.askAboutPayment(one));
    const subscriptions = await this.silence.due(name, AT_ONCE);
    return subscriptions.map((one) => () => this.asking.askAboutSubscription(one));
  }
}
