import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { clock, fromNow, MINUTE, SECOND } from '../../../kit/clock';
import type { ProviderName } from '../providers/port/payment.provider';

const A_SECOND = 5; // requests; each provider allows several times that
const BACKOFF = 5 * MINUTE;

/** How fast each provider is asked, and how long one that is away is left alone. */
@Injectable()
export class Pacer {
  private readonly made = new Map<ProviderName, number[]>();
  private readonly away = new Map<ProviderName, Date>();

  /** Waits until the next request may go. */
  async turn(provider: ProviderName): Promise<void> {
    const last = this.made.get(provider) ?? [];
    const wait = last.length < A_SECOND ? 0 : last[0]! + SECOND - clock.now().getTime();
    if (wait > 0) await this.wait(Math.min(wait, SECOND));
    this.made.set(provider, [...last.slice(1 - A_SECOND), clock.now().getTime()]);
  }

  isAway(provider: ProviderName): boolean {
    return (this.away.get(provider) ?? clock.now()) > clock.now();
  }

  /** It did not answer, or said that we ask too much. */
  leaveAlone(provider: ProviderName): void {
    this.away.set(provider, fromNow(BACKOFF));
  }

  protected wait(milliseconds: number): Promise<void> {
    return pause(milliseconds);
  }
}
