import { performance } from 'node:perf_hooks';

/** Lets one in at a time, in the order they came. */
export class Mutex {
  private held = false;
  private readonly queue: (() => void)[] = [];

  /** Hears how long each waited until they were in, or gave up; in seconds. */
  onWaited?: (seconds: number) => void;

  /** @throws Error after `timeout` milliseconds in the queue. */
  async acquire(timeout: number): Promise<void> {
    const since = performance.now();
    await this.enter(timeout).finally(() => this.onWaited?.((performance.now() - since) / 1000));
  }

  private async enter(timeout: number): Promise<void> {
    if (!this.held) {
      this.held = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(enter), 1);
        reject(new Error(`Waited ${timeout} ms for the writer of the embedded database.`));
      }, timeout);
      this.queue.push(enter);
    });
  }

  /** Whether somebody is in, and how many are not yet. */
  get figures(): { used: number; idle: number; waiting: number } {
    return { used: this.held ? 1 : 0, idle: this.held ? 0 : 1, waiting: this.queue.length };
  }

  release(): void {
    const next = this.queue.shift();
    if (next) next();
    else this.held = false;
  }
}
