import { SECOND } from '../../kit/clock';
import { type Making, Pool } from './pool';

const PATIENCE = 2 * SECOND;

/** What requests share, and beside it one connection for whoever asks how the server is: it is free however many wait for the others. */
export class ServerPool extends Pool {
  readonly aside: Pool;

  constructor(making: Making) {
    super(making);
    this.aside = new Pool({ ...making, size: 1, bound: PATIENCE });
    this.unfit = this.aside.unfit = () => this.leave();
  }

  override leave(): void {
    super.leave();
    this.aside.leave();
  }

  override end(done: (error?: Error) => void): void {
    this.aside.end(() => super.end(done));
  }
}
