import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** The way out: from its beginning this instance is not ready, and asks whoever it answers to connect anew, elsewhere. */
@Injectable()
export class Shutdown implements OnModuleDestroy {
  private readonly hurry = new AbortController();
  private began = false;

  get hasBegun(): boolean {
    return this.began;
  }

  /** Of an app that is closed without a word before. */
  onModuleDestroy(): void {
    this.began = true;
  }

  /**
   * Serves on for so many milliseconds, in which whoever sends requests here finds out; told again, it waits no longer. Tells whether
   * this was the first time.
   */
  async begin(delay: number): Promise<boolean> {
    if (this.began) {
      this.hurry.abort();
      return false;
    }
    this.began = true;
    await pause(delay, undefined, { signal: this.hurry.signal }).catch(() => undefined);
    return true;
  }
}
